/** Whether the record holds: the audit's chain, the signatures of outcomes, every collected ledger by its digest. */
import { createHash, createPublicKey, verify } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readSha256 } from '../scan/order.ts'
import { runSeized } from '../scan/own-program.ts'
import type { Asker } from './database.ts'

export interface LabVerification {
  readonly problems: readonly string[]
  /** What could not be checked. */
  readonly notes: readonly string[]
  readonly audit: number
  readonly head: string
  readonly ledgers: number
}

/** @param whole also follow the chain of every ledger, by `seized verify` */
export async function verifyLab(asker: Asker, whole: boolean): Promise<LabVerification> {
  const problems: string[] = []
  const notes: string[] = []
  const { count, head } = await followAudit(asker, problems)
  const outcomes = await asker.rows<{
    case: string
    exhibit: string
    fence: string
    host: string
    ledger_path: string
    ledger_sha256: string
    evidence_digest: string
    signed: string | null
    signature: string | null
    public_key: string | null
  }>(
    `SELECT e.case_id AS "case", e.name AS exhibit, o.fence, a.host, o.ledger_path, o.ledger_sha256, o.evidence_digest,
       o.signed, o.signature, h.public_key
     FROM lab.outcome o JOIN lab.attempt a ON a.fence = o.fence JOIN lab.exhibit e ON e.id = a.exhibit
     LEFT JOIN lab.host h ON h.name = a.host ORDER BY o.fence`,
  )
  for (const one of outcomes) {
    const about = `${one.case}/${one.exhibit}, attempt ${one.fence}`
    if (!existsSync(one.ledger_path)) problems.push(`${about}: ${one.ledger_path} is not there`)
    else if (readSha256(one.ledger_path) !== one.ledger_sha256)
      problems.push(`${about}: ${one.ledger_path} is not the ledger that was collected (SHA-256 differs)`)
    else if (whole) {
      const { code, stderr } = await runSeized(['verify', one.ledger_path])
      if (code !== 0)
        problems.push(`${about}: the ledger does not verify (${stderr.trim().split('\n')[0] ?? code})`)
    }
    const wrong = signatureProblem(one)
    if (wrong !== null) problems.push(`${about}: ${wrong}`)
    if (one.signature === null) notes.push(`${about}: its outcome is not signed`)
  }
  return { problems, notes, audit: count, head, ledgers: outcomes.length }
}

function signatureProblem(one: {
  readonly signed: string | null
  readonly signature: string | null
  readonly public_key: string | null
  readonly ledger_sha256: string
  readonly evidence_digest: string
  readonly fence: string
}): string | null {
  if (one.signature === null || one.signed === null) return null
  if (one.public_key === null) return 'its outcome is signed, and the host has no public key'
  const holds = verify(
    null,
    Buffer.from(one.signed),
    createPublicKey(one.public_key),
    Buffer.from(one.signature, 'base64'),
  )
  if (!holds) return 'the signature of its outcome does not hold'
  const { ledger, evidence, fence } = JSON.parse(one.signed) as Record<string, unknown>
  return ledger === one.ledger_sha256 && evidence === one.evidence_digest && fence === one.fence
    ? null
    : 'the outcome is not the one that was signed'
}

const PAGE = 10_000

/** Each head is made again from what stands before it. */
async function followAudit(asker: Asker, problems: string[]): Promise<{ count: number; head: string }> {
  let head = ''
  let count = 0
  for (;;) {
    const rows = await asker.rows<{
      n: string
      prev: string
      head: string
      utc: string
      who: string
      what: string
      detail: string
    }>('SELECT * FROM lab.audit WHERE n > $1 ORDER BY n LIMIT $2', [count, PAGE])
    for (const { n, prev, utc, who, what, detail, ...row } of rows) {
      const expected = createHash('sha256').update([head, n, utc, who, what, detail].join('\n')).digest('hex')
      if (Number(n) !== count + 1) problems.push(`the audit lacks number ${count + 1}`)
      if (prev !== head || row.head !== expected) {
        problems.push(`the audit is broken at number ${n}: it does not follow from what stands before it`)
        return { count, head }
      }
      head = row.head
      count = Number(n)
    }
    if (rows.length < PAGE) return { count, head }
  }
}
