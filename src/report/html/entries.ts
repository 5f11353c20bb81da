/**
 * One pass over all entries: stages that were not done with the reasons, and how much of the exhibit is known. Lists
 * of names are limited, counts never.
 */
import type { Detail } from '../../contracts/detail.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { EntryStatus } from '../../contracts/image.ts'
import type {
  EntryTotals,
  EntryViews,
  ExaminationFacts,
  LedgerIdentity,
} from '../../contracts/ledger-reader.ts'
import type { StageName, StageOutcome } from '../../contracts/stage.ts'
import { STAGES } from '../../contracts/stage.ts'
import type { EntryView } from '../../contracts/view.ts'
import { add, type Count, newCount } from './count.ts'
import { compare } from './gather.ts'

export const NOT_DONE_ROWS = 1_000

export interface Entries {
  /** Number of entries that this report may show: privileged entries are withheld until they are released. */
  readonly shown: number
  /** Hits on lists of known contents. */
  readonly known: Count
  /** Entries of an image that are not live, by status. */
  readonly recovered: ReadonlyMap<EntryStatus, number>
  /** Results not done, out of scope or done with warnings, by stage and reason. */
  readonly notDone: readonly NotDone[]
}

export interface NotDoneRow {
  readonly path: EvidencePath
  readonly detail: Detail | null
}

/** Entries of one stage, result and reason, and the first of them. */
export interface NotDone {
  readonly stage: StageName
  readonly result: StageOutcome
  readonly reason: string
  entries: number
  readonly rows: NotDoneRow[]
  /** Number of entries by media type; empty where the content was not read. */
  readonly mediaTypes: Map<string, number>
}

/**
 * Reasons that hold for whole classes of entries. They are counted and explained; a list of names would be of no use.
 */
const COUNTED_ONLY: ReadonlySet<string> = new Set([
  'no-hash-sets',
  'not-opened',
  'lines-sought-small',
  'speech-not-transcribed',
  'not-reached',
  'stage-not-asked',
  'unread',
])
const MEDIA_TYPES_A_REASON = 200

export function isWithholding({ plan }: ExaminationFacts): boolean {
  return plan.options.privilegedSha256 !== undefined
}

/** Groups are in the order of stages. */
export function gatherEntries(ledger: EntryViews & EntryTotals & ExaminationFacts & LedgerIdentity): Entries {
  return gatherQuickly(ledger) ?? gatherSlowly(ledger)
}

/**
 * From the totals, and the views of entries with a remark. @returns null where only the views of all entries can tell: privileged
 * entries, a damaged ledger, totals of an earlier version, very many remarks
 */
function gatherQuickly(ledger: EntryViews & EntryTotals & ExaminationFacts & LedgerIdentity): Entries | null {
  const { stages } = ledger.summary()
  if (isWithholding(ledger) || ledger.damage.length > 0) return null
  if (!STAGES.every((stage) => Object.hasOwn(stages, stage))) return null
  const remarks = ledger.remarks?.(COUNTED_ONLY) ?? null
  if (remarks === null) return null
  const groups = new Map<string, NotDone>()
  for (const { stage, result, reason, entries } of ledger.reasons())
    if (result !== 'done' && result !== 'not-applicable')
      groups.set(keyOf(stage, result, reason), { ...newNotDone(stage, result, reason), entries })
  for (const view of remarks.remarked) for (const stage of STAGES) addRow(groups, stage, view)
  const { entries: shown, known, recovered } = remarks
  return { shown, known, recovered, notDone: [...groups.values()].sort(inOrder) }
}

/** The obvious way, for every ledger. */
export function gatherSlowly(ledger: EntryViews): Entries {
  const groups = new Map<string, NotDone>()
  const known = newCount()
  const recovered = new Map<EntryStatus, number>()
  let shown = 0
  for (const view of ledger.places()) {
    add(known, view, view.copyOf === null, view.hits.filter((hit) => hit.meaning === 'known').length)
    // The result is counted once, at the recorded place.
    if (view.followsFrom) continue
    shown++
    const status = view.entry.onImage?.status ?? 'live'
    if (status !== 'live') recovered.set(status, (recovered.get(status) ?? 0) + 1)
    for (const stage of STAGES) {
      const group = addRow(groups, stage, view)
      if (group) group.entries++
    }
  }
  return { shown, known, recovered, notDone: [...groups.values()].sort(inOrder) }
}

type Remarked = Pick<EntryView, 'entry' | 'content' | 'stages'>

/** @returns the group of the result, not counted yet; null where the stage was done or does not apply */
function addRow(groups: Map<string, NotDone>, stage: StageName, view: Remarked): NotDone | null {
  const result = view.stages[stage]
  if (result.result === 'done' || result.result === 'not-applicable') return null
  const key = keyOf(stage, result.result, result.reason)
  const group = groups.get(key) ?? newNotDone(stage, result.result, result.reason)
  groups.set(key, group)
  countMediaType(group, view)
  if (!COUNTED_ONLY.has(result.reason) && group.rows.length < NOT_DONE_ROWS)
    group.rows.push({ path: view.entry.path, detail: result.detail })
  return group
}

function keyOf(stage: StageName, result: StageOutcome, reason: string): string {
  return `${stage} ${result} ${reason}`
}

function inOrder(a: NotDone, b: NotDone): number {
  return (
    STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage) ||
    compare(a.result, b.result) ||
    b.entries - a.entries ||
    compare(a.reason, b.reason)
  )
}

export function isListed(group: NotDone): boolean {
  return !COUNTED_ONLY.has(group.reason)
}

function newNotDone(stage: StageName, result: StageOutcome, reason: string): NotDone {
  return { stage, result, reason, entries: 0, rows: [], mediaTypes: new Map() }
}

function countMediaType(group: NotDone, view: Remarked): void {
  const type = view.content?.mediaType
  if (type === undefined || COUNTED_ONLY.has(group.reason)) return
  if (!group.mediaTypes.has(type) && group.mediaTypes.size >= MEDIA_TYPES_A_REASON) return
  group.mediaTypes.set(type, (group.mediaTypes.get(type) ?? 0) + 1)
}
