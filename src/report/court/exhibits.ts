/**
 * The exhibits of one case that a report covers. A decision belongs to the custody log of one exhibit. For equal
 * contents of another exhibit it counts only where a person asked for that, and the report then always names its
 * exhibit.
 */
import type { LedgerReader } from '../../contracts/ledger-reader.ts'
import { decisionsOf, type RecordedDecision } from '../../ledger/custody/decisions.ts'

export interface CourtSource {
  readonly ledger: LedgerReader
  /** SHA-256 of the ledger's file; null where it was not computed. */
  readonly sha256: string | null
}

export interface CourtExhibit extends CourtSource {
  /** The exhibit's name, printed before statements about this exhibit alone; null in a report of one exhibit. */
  readonly label: string | null
  /** Decisions that count for its contents, oldest first. */
  readonly made: ReadonlyMap<string, readonly NamedDecision[]>
}

export interface NamedDecision extends RecordedDecision {
  /** Exhibit on which the decision was made; null in a report of one exhibit, and for a decision of a whole case. */
  readonly exhibit: string | null
}

/** @param carry true: decisions on each exhibit count for equal contents of all exhibits */
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
  const all = new Map<string, readonly NamedDecision[]>()
  for (const { made } of named)
    for (const [sha256, own] of made) all.set(sha256, [...(all.get(sha256) ?? []), ...own])
  for (const [sha256, own] of all) all.set(sha256, withoutCopies(own).sort(byTime))
  return named.map((one) => ({ ...one, made: all }))
}

/**
 * A decision of a case is in the log of every exhibit that holds the content: it counts once, and belongs to no exhibit
 * alone. What an adjudication settles is named by the number of the copy that counts.
 */
function withoutCopies(made: readonly NamedDecision[]): NamedDecision[] {
  const first = new Map<string, NamedDecision>()
  const copied = new Set<string>()
  const numbers = new Map<number, number>()
  for (const one of made) {
    const before = first.get(one.id)
    if (before === undefined) first.set(one.id, one)
    else copied.add(one.id)
    numbers.set(one.number, (before ?? one).number)
  }
  return [...first.values()].map((one) => ({
    ...one,
    exhibit: copied.has(one.id) ? null : one.exhibit,
    of: one.of.map((number) => numbers.get(number) ?? number),
  }))
}

function byTime(a: NamedDecision, b: NamedDecision): number {
  return a.utc < b.utc ? -1 : a.utc > b.utc ? 1 : 0
}

/**
 * Sentences of each exhibit. A sentence that several exhibits have comes once, after all their names: `LTU-03, LTU-07: words`.
 */
export function saidOnce(
  exhibits: readonly CourtExhibit[],
  wordsOf: (exhibit: CourtExhibit) => readonly string[],
): readonly string[] {
  const labels = new Map<string, string[]>()
  for (const exhibit of exhibits)
    for (const words of new Set(wordsOf(exhibit))) {
      const of = labels.get(words) ?? []
      labels.set(words, of)
      if (exhibit.label !== null) of.push(exhibit.label)
    }
  return [...labels].map(([words, of]) => labelled(of.length === 0 ? null : of.join(', '), words))
}

/** `LTU-07: words` in a report of several exhibits; without the label otherwise. */
export function labelled(label: string | null, words: string): string {
  return label === null ? words : `${label}: ${words}`
}

/** Larger than the number of events in any custody log. */
const APART = 2 ** 40

/** Event numbers belong to one log: an adjudication must not settle an event with the same number in another log. */
function numberedApart(one: RecordedDecision, log: number): RecordedDecision {
  const offset = log * APART
  return { ...one, number: one.number + offset, of: one.of.map((number) => number + offset) }
}
