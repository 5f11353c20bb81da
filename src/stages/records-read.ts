/**
 * Records-read: what programs on the device recorded, each distinct content once, in a child. Digests that a record names are
 * compared with the lists here, after everything was read and opened: only then is it known whether the content was found.
 */

import { hash } from 'node:crypto'
import { depthOf, parseEvidencePath } from '../base/evidence-path.ts'
import { type Attribute, attribute } from '../contracts/attribute.ts'
import type { Hit, Reference } from '../contracts/finding.ts'
import type { MatchResult, PendingContent } from '../contracts/ledger.ts'
import type { DeviceRecord, RecordDigests, Sign } from '../contracts/record.ts'
import { eachContent } from './each-content.ts'
import type { Parts, Stretch } from './parts.ts'
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
      const { examination, records } = await children.readRecords(content, bytes, log)
      const found: Reference[] = []
      const signs: Sign[] = []
      for (const record of records) {
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

/** A database's write-ahead log, where it lies beside it on the exhibit. */
async function logBeside(
  run: Run,
  { readers }: Parts,
  { path, content }: PendingContent,
): Promise<Buffer | null> {
  if (content.mediaType !== 'application/x-sqlite3' || depthOf(path) > 1) return null
  const beside = run.session.named.at(parseEvidencePath(Buffer.concat([path.bytes, LOG])))
  if (beside === null || quarantined(run, beside)) return null
  const read = await readers.bytes(beside, run.session.plan.limits.lookBytes)
  return 'result' in read ? null : read.bytes
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

/**
 * One for each list, category and digest. A digest that no list holds may still be that of a content on the exhibit which a
 * list holds by another digest: then the record names that content as well.
 */
async function referencesOf(record: DeviceRecord, run: Run, parts: Parts): Promise<Reference[]> {
  const digests = Object.entries(record.digests) as [keyof RecordDigests, string][]
  if (digests.length === 0 && record.pieces.length === 0) return []
  const here = digests.flatMap(([algorithm, digest]): Here[] => {
    const hits = run.session.named.hitsOf(algorithm, digest)
    return hits === null ? [] : [{ algorithm, digest, hits }]
  })
  if (here.length === 0) here.push(...(await byPieces(record, run, parts)))
  const match =
    digests.length === 0
      ? null
      : parts.named(record.digests, record.sizeBytes === null ? null : BigInt(record.sizeBytes))
  const byList = (match ? listed(match) : []).map(({ of, algorithm }) =>
    reference(record, of, algorithm, record.digests[algorithm]!, here.length > 0),
  )
  const byContent = here.flatMap(({ algorithm, digest, hits }) =>
    hits
      .filter((hit) => !byList.some((one) => isSameEntry(one, hit)))
      .map((hit) => reference(record, hit, algorithm, digest, true)),
  )
  return [...byList, ...byContent]
}

interface Here {
  readonly algorithm: string
  readonly digest: string
  readonly hits: readonly Hit[]
}

const MOST_OF_SIZE = 8

/** Files of exactly that size whose stretches have the digests that the record names: only those that a list holds are read. */
async function byPieces(
  { pieces, sizeBytes }: DeviceRecord,
  { session }: Run,
  { readers }: Parts,
): Promise<Here[]> {
  if (pieces.length === 0 || sizeBytes === null || sizeBytes === 0) return []
  const found: Here[] = []
  for (const content of session.named.ofSize(sizeBytes, MOST_OF_SIZE)) {
    const { sha256 } = content.content.digests
    const hits = session.named.hitsOf('sha256', sha256)
    if (hits === null || hits.length === 0) continue
    const read = await readers.bytes(content, session.plan.limits.lookBytes)
    if ('result' in read) continue
    const fits = pieces.every(
      ({ offset, length, sha1 }) => hash('sha1', read.bytes.subarray(offset, offset + length)) === sha1,
    )
    if (fits) found.push({ algorithm: 'sha1-of-pieces', digest: pieces[0]!.sha1, hits })
  }
  return found
}

type OfList = Pick<
  Hit,
  'hashSet' | 'hashSetSha256' | 'edition' | 'category' | 'scale' | 'categoryLabel' | 'meaning'
>

/** A record of a list of which one digest agrees names the content too, whatever the other says. */
function listed({
  hits,
  conflicts,
}: MatchResult): { readonly of: OfList; readonly algorithm: keyof RecordDigests }[] {
  return [
    ...hits.map((of) => ({ of, algorithm: named(of.algorithms) })),
    ...conflicts.map((of) => ({ of, algorithm: named(of.agreeing) })),
  ]
}

/** The strongest of those that agree. */
function named(algorithms: readonly string[]): keyof RecordDigests {
  return (['sha256', 'sha1', 'md5', 'ed2k'] as const).find((one) => algorithms.includes(one))!
}

function isSameEntry(one: OfList, other: OfList): boolean {
  return one.hashSetSha256 === other.hashSetSha256 && one.category === other.category
}

function reference(
  { what, direction, times, when }: DeviceRecord,
  { hashSet, hashSetSha256, edition, category, scale, categoryLabel, meaning }: OfList,
  algorithm: string,
  digest: string,
  found: boolean,
): Reference {
  const list = { hashSet, hashSetSha256, edition, category, scale, categoryLabel, meaning }
  return { kind: 'reference', ...list, record: what, direction, times, when, algorithm, digest, found }
}

/** A catalogue and its backup inside one file say the same twice. */
function distinct(findings: readonly Reference[]): readonly Reference[] {
  const byText = new Map(findings.map((one) => [JSON.stringify(one, asText), one]))
  return [...byText.values()]
}

function asText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
