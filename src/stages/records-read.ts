/**
 * Records-read: what programs on the device recorded, each distinct content once, in a child. Digests that a record names are
 * compared with the lists here, after everything was read and opened: only then is it known whether the content was found.
 */

import { type Attribute, attribute } from '../contracts/attribute.ts'
import type { Hit, Reference } from '../contracts/finding.ts'
import type { MatchResult } from '../contracts/ledger.ts'
import type { DeviceRecord, RecordDigests } from '../contracts/record.ts'
import { eachContent } from './each-content.ts'
import type { Parts, Stretch } from './parts.ts'
import { quarantined, type Run } from './run.ts'

export const recordsRead: Stretch = { phase: 'known', stages: ['records-read'], run: readAllRecords }

async function readAllRecords(run: Run, parts: Parts): Promise<void> {
  if (run.session.pendingCount('records-read') === 0) return
  const children = await parts.children()
  return eachContent(run, parts.readers, children, {
    stage: 'records-read',
    phase: 'known',
    without: (content) => quarantined(run, content),
    examine: async (content, bytes) => {
      const { examination, records } = await children.readRecords(content, bytes)
      const found = distinct(records.flatMap((record) => referencesOf(record, run, parts)))
      return { ...examination, findings: [...examination.findings, ...unlooked(found, run), ...found] }
    },
  })
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
function referencesOf(record: DeviceRecord, { session }: Run, { named }: Parts): Reference[] {
  const digests = Object.entries(record.digests) as [keyof RecordDigests, string][]
  if (digests.length === 0) return []
  const match = named(record.digests, record.sizeBytes === null ? null : BigInt(record.sizeBytes))
  const here = digests.flatMap(([algorithm, digest]) => {
    const hits = session.contentNamed(algorithm, digest)
    return hits === null ? [] : [{ algorithm, digest, hits }]
  })
  const byList = listed(match).map(({ of, algorithm }) =>
    reference(record, of, algorithm, record.digests[algorithm]!, here.length > 0),
  )
  const byContent = here.flatMap(({ algorithm, digest, hits }) =>
    hits
      .filter((hit) => !byList.some((one) => isSameEntry(one, hit)))
      .map((hit) => reference(record, hit, algorithm, digest, true)),
  )
  return [...byList, ...byContent]
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
