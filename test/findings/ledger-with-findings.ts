/** A sealed ledger, with its custody log, of a few files that have exactly the findings and records that a test names. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { contentOf } from '../../fixtures/ledgers/synthetic.ts'
import { bareEntry } from '../../src/base/bare-entry.ts'
import { filePath } from '../../src/base/evidence-path.ts'
import type { DigestConflict, Finding, Hit } from '../../src/contracts/finding.ts'
import type { Sign } from '../../src/contracts/record.ts'
import { appendCustody } from '../../src/ledger/custody/custody.ts'
import { newLedger, temporaryFolder } from '../ledger/temporary.ts'

export interface FileWith {
  /** Raw bytes, in the order of paths. */
  readonly name: Buffer
  readonly findings: readonly Finding[]
  readonly signs?: readonly Sign[]
  readonly mediaType?: string
  /** What its content is made of; its name, where it is absent. */
  readonly seed?: string
}

const DONE = { result: 'done' } as const

export function sealedWithFindings(files: readonly FileWith[]): string {
  const session = newLedger(undefined, temporaryFolder())
  session.recordEntries(
    files.map(({ name }) => ({
      entry: bareEntry({ path: filePath(name), kind: 'file', sizeBytes: 1n, band: 1 }),
      read: null,
    })),
  )
  session.recordInventoryDone(null)
  const of = (path: Buffer) => files.find(({ name }) => name.equals(path))!
  session.recordReads(
    session.pendingReads(null, files.length).map(({ entryId, path }) => {
      const { findings, mediaType = 'image/jpeg', seed = path.bytes.toString('latin1') } = of(path.bytes)
      const hits = findings.filter((one): one is Hit => one.kind === 'hit')
      const conflicts = findings.filter((one): one is DigestConflict => one.kind === 'conflict')
      return {
        entryId,
        outcome: {
          result: DONE,
          content: contentOf(seed, mediaType),
          bytesRead: 1n,
        },
        match: { result: DONE, hits, conflicts, suppressedBy: null, warnings: [] },
      }
    }),
  )
  session.recordExaminations(
    session.pendingContents('looked-at', null, files.length).map(({ contentId, path }) => {
      const { findings, signs = [] } = of(path.bytes)
      const others = findings.filter(({ kind }) => kind !== 'hit' && kind !== 'conflict')
      return {
        contentId,
        examination: { stage: 'looked-at', result: DONE, findings: others, preview: null, signs },
      }
    }),
  )
  session.seal()
  const ledgerSha256 = createHash('sha256').update(readFileSync(session.path)).digest('hex')
  appendCustody(session.path, {
    event: 'sealed',
    operator: null,
    account: 'tester',
    detail: { ledgerSha256 },
  })
  return session.path
}
