/**
 * Quarantine of privileged entries: they must not be shown, quoted or searched until a person releases them. In a case, a
 * content that one exhibit holds in quarantine is closed on all exhibits. That a list names it is counted and reported all
 * the same (listed-fact.ts).
 */

import { printPath } from '../base/evidence-path.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { CustodyRecord, EntryViews, LedgerReader, RunHistory } from '../contracts/ledger-reader.ts'
import { STAGES } from '../contracts/stage.ts'
import type { EntryView } from '../contracts/view.ts'
import { isListed, listedFact } from './listed-fact.ts'
import { type PrivilegeList, parsePrivilegeList } from './privilege-list.ts'

export const RELEASED = 'released'

/** The list of the run; null when there was none. */
export function privilegeListOf(ledger: RunHistory): PrivilegeList | null {
  const source = ledger.starts()[0]?.inputs.find(({ role }) => role === 'privilege-list')?.text
  return source == null ? null : parsePrivilegeList(source, 'of the ledger')
}

export interface Quarantine {
  /** True for entries that must not be shown: on the list and not released. */
  readonly holds: (view: EntryView) => boolean
  readonly listed: (view: EntryView) => boolean
}

export function quarantineOf(ledger: RunHistory & CustodyRecord): Quarantine {
  const list = privilegeListOf(ledger)
  if (!list) return { holds: () => false, listed: () => false }
  const released = new Set(
    ledger
      .custody()
      .filter(({ event }) => event === RELEASED)
      .map(({ detail }) => detail.path),
  )
  const listed = (view: EntryView) =>
    list.covers(view.entry.path, view.content?.digests ?? null) ||
    STAGES.some((stage) => {
      const result = view.stages[stage]
      return result.result === 'not-done' && result.reason === 'privileged'
    })
  const isReleased = (path: EvidencePath) => released.has(printPath(path))
  return {
    listed,
    // A path that follows from a released path is released too, unless the list names the other path.
    holds: (view) =>
      listed(view) &&
      !isReleased(view.entry.path) &&
      !(view.followsFrom && isReleased(view.followsFrom) && !list.covers(view.entry.path, null)),
  }
}

type ClosingLedger = RunHistory & CustodyRecord & EntryViews

/** Contents with any place in quarantine on any of the exhibits of a case: they stay closed on all of them. */
export interface ClosedContents {
  /** SHA-256, lower-case hex. */
  readonly sha256: ReadonlySet<string>
  /** Of these, contents that a list on any of the exhibits names: facts of them are reported. */
  readonly listed: ReadonlySet<string>
  /** Number of the others that also lie at a place that is in no quarantine. */
  readonly openElsewhere: number
}

export const NONE_CLOSED: ClosedContents = { sha256: new Set(), listed: new Set(), openElsewhere: 0 }

/** @param ledgers of one case */
export function closedContents(ledgers: readonly ClosingLedger[]): ClosedContents {
  const sha256 = new Set<string>()
  const quarantines = ledgers.map((ledger) => ({ ledger, holds: quarantineOf(ledger).holds }))
  for (const { ledger, holds } of quarantines)
    if (privilegeListOf(ledger) !== null)
      for (const view of ledger.places())
        if (view.content !== null && holds(view)) sha256.add(view.content.digests.sha256)
  if (sha256.size === 0) return NONE_CLOSED
  const [open, listed] = [new Set<string>(), new Set<string>()]
  for (const { ledger, holds } of quarantines)
    for (const view of ledger.places()) {
      if (!isAmong(sha256, view)) continue
      if (isListed(view)) listed.add(digestOf(view))
      if (!holds(view)) open.add(digestOf(view))
    }
  return { sha256, listed, openElsewhere: [...open].filter((one) => !listed.has(one)).length }
}

/** For a ledger by itself: a content that is open at another place stays open there. */
export function closedByItself(ledger: ClosingLedger): ClosedContents {
  return { ...NONE_CLOSED, listed: closedContents([ledger]).listed }
}

/**
 * The same ledger without quarantined entries, and of those that a list names with the bare fact. Counts stay: the existence
 * of entries is no secret.
 * @param closed contents that stay closed wherever they lie
 */
export function withoutPrivileged(
  ledger: LedgerReader,
  { sha256: closed, listed }: ClosedContents = NONE_CLOSED,
): LedgerReader {
  const { holds } = quarantineOf(ledger)
  const shown = function* (views: IterableIterator<EntryView>): IterableIterator<EntryView> {
    for (const view of views) {
      const isHeld = holds(view)
      if (!isHeld && !isAmong(closed, view)) yield view
      else if (isListed(view) || isAmong(listed, view)) yield listedFact(view, isHeld)
    }
  }
  return {
    path: ledger.path,
    case: ledger.case,
    exhibit: ledger.exhibit,
    plan: ledger.plan,
    planDigest: ledger.planDigest,
    tool: ledger.tool,
    seal: ledger.seal,
    damage: ledger.damage,
    chainHead: ledger.chainHead,
    events: () =>
      ledger.events().map((event) => {
        const { privileged: _, ...detail } = event.detail
        return { ...event, detail }
      }),
    clock: () => ledger.clock(),
    // The list itself would reveal the privileged items.
    starts: () =>
      ledger.starts().map((start) => ({
        ...start,
        inputs: start.inputs.map((input) => ({ ...input, text: null })),
      })),
    confinement: () => ledger.confinement(),
    ranges: () => ledger.ranges(),
    byteClasses: () => ledger.byteClasses(),
    imageHashes: () => ledger.imageHashes(),
    deletedFiles: () => ledger.deletedFiles(),
    recovered: () => ledger.recovered(),
    samples: () => ledger.samples(),
    custody: () => ledger.custody(),
    newestHead: () => ledger.newestHead(),
    summary: () => ledger.summary(),
    inventoryDigest: () => ledger.inventoryDigest(),
    entries: () => shown(ledger.entries()),
    places: () => shown(ledger.places()),
    placeCount: () => ledger.placeCount(),
    findings: () => shown(ledger.findings()),
    // Counts of a list of names could tell what is withheld.
    remarks: (counted) =>
      closed.size === 0 && privilegeListOf(ledger) === null ? (ledger.remarks?.(counted) ?? null) : null,
    reasons: () => ledger.reasons(),
    suppressed: () => ledger.suppressed(),
    sharedLooks: () => ledger.sharedLooks(),
    fileLocks: () => ledger.fileLocks(),
    cameras: () => ledger.cameras(),
    positions: () => ledger.positions(),
    generatorSigns: () => ledger.generatorSigns(),
    close: () => ledger.close(),
  }
}

/** Null when nothing is closed: no view is then built for this check. @param closed of all exhibits of the case */
export function hidesOf(
  ledger: RunHistory & CustodyRecord,
  { sha256 }: ClosedContents,
): ((view: EntryView) => boolean) | null {
  if (sha256.size === 0 && privilegeListOf(ledger) === null) return null
  const { holds } = quarantineOf(ledger)
  return (view) => isAmong(sha256, view) || holds(view)
}

function isAmong(closed: ReadonlySet<string>, view: EntryView): boolean {
  return view.content !== null && closed.has(digestOf(view))
}

function digestOf({ content }: EntryView): string {
  return content?.digests.sha256 ?? ''
}
