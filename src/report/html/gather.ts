/**
 * One pass over the findings before the first byte is written: page one needs the counts.
 *
 * Findings belong to content: a row is a content with every place. The number of rows is limited, counts never; the
 * report states at each limit how much was left out.
 */

import type { EvidencePath, Recovered } from '../../contracts/entry.ts'
import type { Finding, Hit, Priority } from '../../contracts/finding.ts'
import { PRIORITIES } from '../../contracts/finding.ts'
import type { Meaning } from '../../contracts/hash-set.ts'
import { MEANINGS } from '../../contracts/hash-set.ts'
import type { EntryViews, RecoveredEntries } from '../../contracts/ledger-reader.ts'
import type { EntryView } from '../../contracts/view.ts'
import { FINDINGS, listOf } from '../../findings/index.ts'
import { recoveryOf } from '../model/recovery.ts'
import { add, type Count, newCount } from './count.ts'

/** Row limit of one table. A court reads the findings here; a longer list is for programs, which read the JSONL. */
export const ROWS_A_TABLE = 5_000
const COPIES_A_ROW = 20

/** Hits on lists of known contents are not findings: they are counted with the entries. */
export type FindingMeaning = Exclude<Meaning, 'known'>
const FINDING_MEANINGS: readonly FindingMeaning[] = ['illegal', 'interest']

/** A content with a finding, at its representative place. */
export interface Found {
  readonly view: EntryView
  /** Of the representative place, or of the listed entry that it lies in. */
  readonly recovery: Recovered | undefined
  readonly copies: { readonly path: EvidencePath; readonly priority: Priority | null }[]
  copyCount: number
  /** Number of these copies that no output lists. */
  leftOut: number
  /**
   * Number of thumbnails in the content without a row of their own: their review priority is no higher than the
   * content's.
   */
  thumbnails: number
}

export interface Table {
  readonly count: Count
  rows: Found[]
  /** Contents that are shown in the row of another content. */
  folded: number
}

export interface HitGroup extends Table {
  readonly of: Hit
  /** Contents for which only MD5 or only SHA-1 was compared. */
  weakContents: number
}

export interface Findings {
  readonly byMeaning: Readonly<Record<FindingMeaning, Count>>
  readonly weakByMeaning: Readonly<Record<FindingMeaning, Count>>
  /** One for each list, category and meaning; illegal first. */
  readonly groups: readonly HitGroup[]
  readonly conflicts: Table
  readonly near: Table
  /**
   * Contents by kind of finding, for kinds without a table of their own above; each with all its findings of that
   * kind.
   */
  readonly others: ReadonlyMap<Finding['kind'], Table>
  readonly signals: Table
  readonly leads: Table
  /** Contents with a lead or text sign by the priority of their representative place; null: no rule applied. */
  readonly review: ReadonlyMap<Priority | null, Table>
}

const WITH_OWN_TABLE: readonly Finding['kind'][] = ['hit', 'conflict', 'near', 'score', 'signal', 'attribute']

/** Kinds that the report shows without words of its own: a new kind is never left out. */
export const OTHERS = FINDINGS.filter(({ kind, shown }) => shown !== null && !WITH_OWN_TABLE.includes(kind))

export function gatherFindings(ledger: EntryViews & RecoveredEntries): Findings {
  const recovery = recoveryOf(ledger)
  const groups = new Map<string, HitGroup>()
  const found: Findings = {
    byMeaning: { illegal: newCount(), interest: newCount() },
    weakByMeaning: { illegal: newCount(), interest: newCount() },
    groups: [],
    conflicts: newTable(),
    near: newTable(),
    others: new Map(OTHERS.map(({ kind }) => [kind, newTable()])),
    signals: newTable(),
    leads: newTable(),
    review: new Map([...PRIORITIES, null].map((priority) => [priority, newTable()])),
  }
  const kept = new Map<string, Found>()
  const seen = new Set<string>()
  const pictures = new Map<string, Found>()
  for (const view of ledger.findings()) {
    // The representative comes first, if it is shown at all: it can be withheld as privileged while a copy is shown.
    const key = keyOf(view)
    const first = !seen.has(key)
    seen.add(key)
    const leftOut = Number(view.placesLeftOut)
    if (first)
      addRows({
        view,
        recovery: recovery(view.entry),
        copies: [],
        copyCount: leftOut,
        leftOut,
        thumbnails: 0,
      })
    else addCopy(kept.get(key), view)
    count(view, first)
  }
  for (const table of found.review.values()) table.rows.sort(strongestFirst)
  return { ...found, groups: [...groups.values()].sort(byMeaningListCategory) }

  function addRows(row: Found): void {
    const { view } = row
    const tables = new Set<Table>()
    for (const hit of view.hits) if (hit.meaning !== 'known') tables.add(groupOf(groups, hit))
    if (view.conflicts.length > 0) tables.add(found.conflicts)
    if (view.near.length > 0) tables.add(found.near)
    for (const kind of OTHERS) if (listOf(view, kind).length > 0) tables.add(found.others.get(kind.kind)!)
    if (isForReview(view)) {
      const picture = pictureOf(pictures, view)
      const table = found.review.get(view.ranked.priority)!
      if (picture) {
        picture.thumbnails++
        table.folded++
      } else tables.add(table)
    }
    for (const table of tables) {
      if (table.rows.length >= ROWS_A_TABLE) continue
      table.rows.push(row)
      kept.set(keyOf(view), row)
      pictures.set(pathKey(view.entry.path.bytes), row)
    }
  }

  function count(view: EntryView, first: boolean): void {
    for (const meaning of FINDING_MEANINGS) {
      const hits = view.hits.filter((hit) => hit.meaning === meaning)
      add(found.byMeaning[meaning], view, first, hits.length)
      const allWeak = hits.length > 0 && hits.every((hit) => hit.weak)
      add(found.weakByMeaning[meaning], view, first, allWeak ? hits.length : 0)
    }
    const inGroups = new Map<HitGroup, Hit[]>()
    for (const hit of view.hits) {
      if (hit.meaning === 'known') continue
      const group = groupOf(groups, hit)
      inGroups.set(group, [...(inGroups.get(group) ?? []), hit])
    }
    for (const [group, hits] of inGroups) {
      add(group.count, view, first, hits.length)
      if (first && hits.every((hit) => hit.weak)) group.weakContents++
    }
    add(found.conflicts.count, view, first, view.conflicts.length)
    add(found.near.count, view, first, view.near.length)
    for (const kind of OTHERS) add(found.others.get(kind.kind)!.count, view, first, listOf(view, kind).length)
    add(found.signals.count, view, first, view.signals.length)
    add(found.leads.count, view, first, view.leads.length)
    if (isForReview(view)) add(found.review.get(view.ranked.priority)!.count, view, first, 1)
  }
}

/** Hits with the same key are listed under one heading. */
export function groupKey(hit: Hit): string {
  return JSON.stringify([hit.meaning, hit.hashSetSha256, hit.hashSet, hit.edition, hit.scale, hit.category])
}

function isForReview(view: EntryView): boolean {
  const isOfSeries = view.attributes.some(({ code }) => code === 'of-listed-series')
  return view.leads.length > 0 || view.signals.length > 0 || isOfSeries
}

/** The row of the picture that contains this thumbnail, when the picture has at least the thumbnail's priority. */
function pictureOf(pictures: ReadonlyMap<string, Found>, { entry, ranked }: EntryView): Found | null {
  const { bytes, steps } = entry.path
  if (steps.at(-1)!.kind !== 'thumbnail') return null
  // A picture precedes the entries inside it.
  const picture = pictures.get(pathKey(bytes.subarray(0, bytes.lastIndexOf(0))))
  const turn = (priority: Priority | null) => priority ?? PRIORITIES.length + 1
  return picture && turn(picture.view.ranked.priority) <= turn(ranked.priority) ? picture : null
}

function pathKey(bytes: Buffer): string {
  return bytes.toString('latin1')
}

function keyOf(view: EntryView): string {
  const { content, entry } = view
  // Half the length of the hex text; there may be many keys.
  return (content ? Buffer.from(content.digests.sha256, 'hex') : entry.path.bytes).toString('latin1')
}

function addCopy(row: Found | undefined, view: EntryView): void {
  if (!row) return
  const leftOut = Number(view.placesLeftOut)
  row.copyCount += 1 + leftOut
  row.leftOut += leftOut
  if (row.copies.length < COPIES_A_ROW)
    row.copies.push({ path: view.entry.path, priority: view.ranked.priority })
}

function groupOf(groups: Map<string, HitGroup>, hit: Hit): HitGroup {
  const key = groupKey(hit)
  const known = groups.get(key)
  if (known) return known
  const group: HitGroup = { of: hit, weakContents: 0, ...newTable() }
  groups.set(key, group)
  return group
}

function byMeaningListCategory(a: HitGroup, b: HitGroup): number {
  return (
    MEANINGS.indexOf(a.of.meaning) - MEANINGS.indexOf(b.of.meaning) ||
    compare(a.of.hashSet, b.of.hashSet) ||
    compare(a.of.hashSetSha256, b.of.hashSetSha256) ||
    compare(a.of.category ?? '', b.of.category ?? '')
  )
}

function strongestFirst(a: Found, b: Found): number {
  const strongest = ({ view }: Found) => view.leads.reduce((most, l) => Math.max(most, l.scorePer10k), 0)
  return strongest(b) - strongest(a) || Buffer.compare(a.view.entry.path.bytes, b.view.entry.path.bytes)
}

function newTable(): Table {
  return { count: newCount(), rows: [], folded: 0 }
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
