/**
 * The exhibits of one case that a report speaks of. A decision stands in the custody log of one exhibit; for equal contents of
 * another it counts only where a person asked for that, and is always named with its exhibit.
 */
import type { LedgerReader } from '../../contracts/ledger.ts'
import { decisionsOf, type RecordedDecision } from '../../ledger/custody/decisions.ts'

export interface CourtSource {
  readonly ledger: LedgerReader
  /** SHA-256 of the ledger's file; null where it was not computed. */
  readonly sha256: string | null
}

export interface CourtExhibit extends CourtSource {
  /** Its name before what is said of it alone; null in a report of one exhibit. */
  readonly label: string | null
  /** Decisions that count for its contents, oldest first. */
  readonly made: ReadonlyMap<string, readonly NamedDecision[]>
}

export interface NamedDecision extends RecordedDecision {
  /** Where it was made; null in a report of one exhibit. */
  readonly exhibit: string | null
}

/** @param carry decisions of each count for equal contents of all */
export function exhibitsOf(sources: readonly CourtSource[], carry: boolean): readonly CourtExhibit[] {
  const isAlone = sources.length === 1
  const named = sources.map((source, i): CourtExhibit => {
    const exhibit = isAlone ? null : source.ledger.case.exhibitId
    const made = new Map(
      [...decisionsOf(source.ledger.custody())].map(([sha256, all]) => [
        sha256,
        all.map((one) => ({ ...numberedApart(one, i), exhibit })),
      ]),
    )
    return { ...source, label: exhibit, made }
  })
  if (!carry || isAlone) return named
  const all = new Map<string, NamedDecision[]>()
  for (const { made } of named)
    for (const [sha256, own] of made) all.set(sha256, [...(all.get(sha256) ?? []), ...own])
  for (const own of all.values()) own.sort((a, b) => (a.utc < b.utc ? -1 : a.utc > b.utc ? 1 : 0))
  return named.map((one) => ({ ...one, made: all }))
}

/** `LTU-07: words`, where there are several. */
export function labelled(label: string | null, words: string): string {
  return label === null ? words : `${label}: ${words}`
}

/** More events than a custody log has. */
const APART = 2 ** 40

/** Numbers of events are those of one log: an adjudication must not settle what has the same number in another. */
function numberedApart(one: RecordedDecision, log: number): RecordedDecision {
  const offset = log * APART
  return { ...one, number: one.number + offset, of: one.of.map((number) => number + offset) }
}
