/**
 * Records-read: what programs on the device recorded, each distinct content once, in a child. Digests that a record names are
 * compared with the lists here, after everything was read and opened: only then is it known whether the content was found.
 */

import { depthOf, parseEvidencePath } from '../base/evidence-path.ts'
import { type Attribute, attribute } from '../contracts/attribute.ts'
import type { Examination, Reference } from '../contracts/finding.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import type { DeviceRecord, Sign } from '../contracts/record.ts'
import { withWarnings } from '../contracts/stage.ts'
import { eachContent } from './each-content.ts'
import type { Parts, Stretch } from './parts.ts'
import { distinct, referencesOf } from './references.ts'
import { quarantined, type Run } from './run.ts'

export const recordsRead: Stretch = { phase: 'known', stages: ['records-read'], run: readAllRecords }

async function readAllRecords(run: Run, parts: Parts): Promise<void> {
  if (run.session.pendingCount('records-read') === 0) return
  const children = await parts.children()
  const { options } = run.session.plan
  const keeps = options.textBasis !== null && options.private !== 'leave-out'
  return eachContent(run, parts.readers, children, {
    stage: 'records-read',
    phase: 'known',
    without: (content) => quarantined(run, content),
    examine: async (content, bytes) => {
      const log = await logBeside(run, parts, content)
      const read = await children.readRecords(content, bytes, log === 'unread' ? null : log)
      const examination = log === 'unread' ? withoutLog(read.examination) : read.examination
      const found: Reference[] = []
      const signs: Sign[] = []
      for (const record of read.records) {
        const references = await referencesOf(record, run, parts)
        found.push(...references)
        if (references.length === 0 && keeps) signs.push(signOf(record))
      }
      const references = distinct(found)
      const findings = [...examination.findings, ...unlooked(references, run), ...references]
      return { ...examination, findings, signs }
    },
  })
}

/** A database's write-ahead log, where it lies beside it on the exhibit; `unread`: it is there, and could not be read or was not to be. */
async function logBeside(
  run: Run,
  { readers }: Parts,
  { path, content }: PendingContent,
): Promise<Buffer | 'unread' | null> {
  if (content.mediaType !== 'application/x-sqlite3') return null
  const at = parseEvidencePath(Buffer.concat([path.bytes, LOG]))
  if (!run.session.hasEntry(at)) return null
  const beside = run.session.named.at(at)
  if (beside === null || depthOf(path) > 1 || quarantined(run, beside)) return 'unread'
  const read = await readers.bytes(beside, run.session.plan.limits.lookBytes)
  return 'result' in read ? 'unread' : read.bytes
}

/** What the log would have changed is missing: the child was not told of it. */
function withoutLog(examination: Examination): Examination {
  const { result, findings } = examination
  const others = findings.filter((one) => one.kind !== 'attribute' || one.code !== 'log-not-found')
  return {
    ...examination,
    result:
      result.result === 'done'
        ? withWarnings('partly-examined', { code: 'log-not-read', params: {} })
        : result,
    findings: others,
  }
}

const LOG = Buffer.from('-wal')

/** What is no finding is personal, and kept on the basis that was stated for reading text. */
function signOf({ what, when, person, direction, status, digests }: DeviceRecord): Sign {
  return { what, when, person, direction, status, isPrivate: true, ofSha256: digests.sha256 ?? null }
}

/** Without eD2k digests of the contents here, a record that names one was not looked for by it. */
function unlooked(found: readonly Reference[], { session }: Run): Attribute[] {
  const records = found.filter((one) => one.algorithm === 'ed2k' && !one.found).length
  return session.plan.options.ed2k || records === 0 ? [] : [attribute('ed2k-not-made', { records })]
}
