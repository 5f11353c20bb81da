/**
 * Verifies the laboratory's record: the audit's chain, outcomes against the audit, signatures by the key of their time,
 * and every collected ledger by its digest and its own facts.
 */
import { accessSync, constants } from 'node:fs'
import { readSha256 } from '../scan/order.ts'
import { ownFacts } from '../scan/own-facts.ts'
import { runSeized } from '../scan/own-program.ts'
import type { Asker } from './database.ts'
import { type Act, followAudit } from './verify-audit.ts'
import { handoverProblems, type OutcomeRow, readKeys, signatureProblem } from './verify-signatures.ts'

export interface LabVerification {
  readonly problems: readonly string[]
  /** Parts that could not be checked. */
  readonly notes: readonly string[]
  readonly audit: number
  readonly head: string
  readonly ledgers: number
}

/** @param whole also follow the chain of every ledger, by `seized verify` */
export async function verifyLab(asker: Asker, whole: boolean): Promise<LabVerification> {
  const { acts, head, problems: broken } = await followAudit(asker)
  const problems = [...broken]
  const notes: string[] = []
  const keys = await readKeys(asker)
  problems.push(...handoverProblems(keys))
  const outcomes = await asker.rows<OutcomeRow>(
    `SELECT e.case_id AS "case", e.name AS exhibit, e.id AS "exhibitId", e.order_digest AS "orderDigest", o.fence, a.id AS attempt,
       a.exhibit AS "attemptExhibit", a.host, a.started, o.utc, o.exit_code AS "exitCode", o.ledger_path AS "ledgerPath",
       o.ledger_sha256 AS ledger, o.evidence_digest AS evidence, o.analysis_digest AS analysis, o.chain_head AS "chainHead",
       o.superseded, o.taken_back IS NOT NULL AS "takenBack", o.signed, o.signature, o.key
     FROM lab.outcome o JOIN lab.attempt a ON a.fence = o.fence JOIN lab.exhibit e ON e.id = o.exhibit ORDER BY o.fence`,
  )
  for (const one of outcomes) {
    const about = `${one.case}/${one.exhibit}, attempt ${one.fence}`
    const wrong = [
      ...(await ledgerProblems(one, whole)),
      // After a break, the audit proves no later act.
      ...(broken.length > 0 ? [] : actProblems(one, acts)),
      ...[signatureProblem(one, keys)].filter((problem) => problem !== null),
    ]
    problems.push(...wrong.map((problem) => `${about}: ${problem}`))
    if (one.signature === null) notes.push(`${about}: its outcome is not signed`)
  }
  problems.push(...(await exhibitProblems(asker, broken.length > 0 ? null : acts)))
  if (broken.length === 0) problems.push(...actsWithoutOutcome(acts, outcomes))
  return { problems, notes, audit: acts.length, head, ledgers: outcomes.length }
}

async function ledgerProblems(one: OutcomeRow, whole: boolean): Promise<string[]> {
  const { ledgerPath } = one
  try {
    accessSync(ledgerPath, constants.R_OK)
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code !== 'ENOENT'
    return [`${ledgerPath} ${isThere ? 'cannot be read by this account' : 'is not there'}`]
  }
  if (readSha256(ledgerPath) !== one.ledger)
    return [`${ledgerPath} is not the ledger that was collected (SHA-256 differs)`]
  const problems: string[] = []
  if (whole) {
    const { code, stderr } = await runSeized(['verify', ledgerPath])
    if (code !== 0) problems.push(`the ledger does not verify (${stderr.trim().split('\n')[0] ?? code})`)
  }
  const own = ownFacts(ledgerPath)
  if (own.case !== one.case || own.exhibit !== one.exhibit)
    problems.push(`its ledger is of case ${own.case}, exhibit ${own.exhibit}`)
  if (own.evidence !== one.evidence || own.analysis !== one.analysis || own.head !== one.chainHead)
    problems.push('its ledger has other digests than its outcome')
  return problems
}

/** Compares an outcome with the audit's act of the same attempt. */
function actProblems(one: OutcomeRow, acts: readonly Act[]): string[] {
  const problems: string[] = []
  const said = one.superseded ? 'superseded' : 'finished'
  const act = acts.find(({ what, detail }) => what === said && String(detail.fence) === one.fence)
  if (act === undefined) problems.push(`the audit does not say that it is ${said}`)
  else if (
    act.detail.evidence !== one.evidence ||
    act.detail.ledger !== one.ledger ||
    act.detail.exitCode !== one.exitCode ||
    String(act.detail.id) !== one.exhibitId
  )
    problems.push(`the audit says otherwise (number ${act.n})`)
  if (one.attemptExhibit !== one.exhibitId) problems.push('its attempt is at another exhibit')
  const isTakenBack = acts.some(
    ({ what, detail }) => what === 'taken-back' && String(detail.fence) === one.fence,
  )
  if (isTakenBack !== one.takenBack)
    problems.push(
      isTakenBack ? 'the audit says that it was taken back' : 'the audit does not say that it was taken back',
    )
  return problems
}

/** Results that the audit knows and the table does not. */
function actsWithoutOutcome(acts: readonly Act[], outcomes: readonly OutcomeRow[]): string[] {
  const fences = new Set(outcomes.map(({ fence }) => fence))
  return acts
    .filter(
      ({ what, detail }) =>
        (what === 'finished' || what === 'superseded') && !fences.has(String(detail.fence)),
    )
    .map(
      ({ n, detail }) =>
        `the audit names a result of attempt ${detail.fence} (number ${n}), and there is none`,
    )
}

/** @param acts null: the audit does not verify */
async function exhibitProblems(asker: Asker, acts: readonly Act[] | null): Promise<string[]> {
  const rows = await asker.rows<{ id: string; case: string; name: string; state: string; has: boolean }>(
    `SELECT e.id, e.case_id AS "case", e.name, e.state,
       EXISTS (SELECT FROM lab.outcome o WHERE o.exhibit = e.id AND NOT o.superseded AND o.taken_back IS NULL) AS has
     FROM lab.exhibit e ORDER BY e.id`,
  )
  const submitted = new Map(
    (acts ?? []).filter(({ what }) => what === 'submitted').map(({ detail }) => [String(detail.id), detail]),
  )
  const problems = rows.flatMap(({ id, case: caseId, name, state, has }) => {
    const act = submitted.get(id)
    return [
      ...(state === 'finished' && !has ? [`${caseId}/${name} is finished, and has no outcome`] : []),
      ...(state !== 'finished' && has ? [`${caseId}/${name} has an outcome, and is ${state}`] : []),
      ...(acts !== null && (act?.case !== caseId || act.exhibit !== name)
        ? [`${caseId}/${name} is not what the audit says was submitted as number ${id}`]
        : []),
    ]
  })
  const ended = await asker.rows<{ fence: string; case: string; name: string }>(
    `SELECT a.fence, e.case_id AS "case", e.name FROM lab.attempt a JOIN lab.exhibit e ON e.id = a.exhibit
     WHERE a.state = 'finished' AND NOT EXISTS (SELECT FROM lab.outcome o WHERE o.fence = a.fence) ORDER BY a.fence`,
  )
  return [
    ...problems,
    ...ended.map(
      ({ fence, case: caseId, name }) =>
        `${caseId}/${name}, attempt ${fence} is finished, and has no outcome`,
    ),
  ]
}
