/** Distinct contents by kind of finding, counted in one pass over the findings. */
import { storedJson } from '../../base/stored-json.ts'
import type { Plan } from '../../contracts/case.ts'
import type { Hit, Priority } from '../../contracts/finding.ts'
import { MEANINGS, type Meaning } from '../../contracts/hash-set.ts'
import type { LedgerReader } from '../../contracts/ledger-reader.ts'
import type { EntryView } from '../../contracts/view.ts'
import { OWN_DECISIONS } from '../../match/formats/own-decisions.ts'

export interface Counts {
  /** Contents on a list of illegal material or of interest, and the places where they lie. */
  readonly listed: number
  readonly places: number
  /** Number of listed contents that lie on more than one exhibit. */
  readonly listedOnSeveral: number
  /** Listed contents of each exhibit, in the order of the ledgers; empty for one ledger. */
  readonly listedOn: readonly ReadonlySet<string>[]
  readonly conflicts: number
  /** Records on the exhibit that name a listed digest. */
  readonly references: number
  readonly leads: number
  readonly byPriority: ReadonlyMap<Priority, number>
  /** Each content once, by the gravest meaning of its lists. */
  readonly byMeaning: Readonly<Record<Pointed, Found>>
  /** By meaning, list and category; a content on several lists is counted with each. Gravest first, then most first. */
  readonly byCategory: readonly FoundBy[]
  /** Contents on a list of illegal material or of interest by MD5 alone, or SHA-1 alone, in any list. */
  readonly weak: number
  /** Listed contents that a list of a laboratory's own earlier decisions names, whatever other lists name them too. */
  readonly ownDecisions: number
  /** Number of contents with near matches but without a hit or a decision. */
  nearUnconfirmed(decided: ReadonlyMap<string, unknown>): number
}

/** Meanings that are counted here. Known contents are set aside, and the ledger counts them. */
type Pointed = Exclude<Meaning, 'known'>

export interface Found {
  readonly contents: number
  readonly places: number
}

export interface FoundBy extends Found {
  readonly hit: Hit
  /** Number of the contents that this list names by MD5 alone or SHA-1 alone. */
  readonly weak: number
}

/**
 * The gravest meaning of the hits: a content on a list of illegal material counts as illegal, even if other lists name
 * it too.
 */
export function gravest(hits: readonly Hit[]): Meaning | null {
  return MEANINGS.find((meaning) => hits.some((hit) => hit.meaning === meaning)) ?? null
}

/** @param ledgers of the exhibits of one case: equal contents count once */
export function countFindings(ledgers: readonly LedgerReader[]): Counts {
  const [listed, conflicts, leads, near] = [
    new Set<string>(),
    new Set<string>(),
    new Map<string, Priority | null>(),
    new Set<string>(),
  ]
  const tally = new FoundTally()
  const exhibits = new Map<string, Set<number>>()
  const listedOn = ledgers.map(() => new Set<string>())
  const ownLists = new Set(ledgers.flatMap(({ plan }) => ownListsOf(plan)))
  const own = new Set<string>()
  const references = new Set<string>()
  let places = 0
  for (const [exhibit, view] of findingsOf(ledgers)) {
    const { hits, ranked } = view
    const key = view.content?.digests.sha256 ?? `${exhibit} ${view.entry.path.bytes.toString('latin1')}`
    const pointed = hits.filter(({ meaning }) => meaning !== 'known')
    if (pointed.length > 0) {
      listed.add(key)
      if (pointed.some(({ hashSetSha256 }) => ownLists.has(hashSetSha256))) own.add(key)
      if (ledgers.length > 1) {
        exhibits.set(key, (exhibits.get(key) ?? new Set()).add(exhibit))
        listedOn[exhibit]!.add(key)
      }
      places += placesOf(view)
    }
    tally.add(key, pointed, placesOf(view))
    if (view.conflicts.length > 0) conflicts.add(key)
    if (view.near.length > 0 && pointed.length === 0) near.add(key)
    // Some references belong to a name: a copy may have other references.
    for (const one of view.references) references.add(`${exhibit} ${key} ${storedJson(one)}`)
    if (view.leads.length > 0) leads.set(key, higher(leads.get(key) ?? null, ranked.priority))
  }
  return {
    listed: listed.size,
    places,
    listedOnSeveral: [...exhibits.values()].filter(({ size }) => size > 1).length,
    listedOn,
    conflicts: conflicts.size,
    references: references.size,
    leads: leads.size,
    byPriority: tallied(leads.values()),
    ...tally.counted(),
    ownDecisions: own.size,
    nearUnconfirmed: (decided) => [...near].filter((key) => !decided.has(key)).length,
  }
}

/** The place itself, and those that follow from it and are not listed. */
function placesOf({ placesLeftOut }: EntryView): number {
  return 1 + Number(placesLeftOut)
}

/** The priority of a content is the highest of its places: of two equal pictures one may be an icon of a program. */
function higher(one: Priority | null, other: Priority | null): Priority | null {
  if (one === null || other === null) return one ?? other
  return one < other ? one : other
}

function tallied(priorities: Iterable<Priority | null>): Map<Priority, number> {
  const counts = new Map<Priority, number>()
  for (const one of priorities) if (one !== null) counts.set(one, (counts.get(one) ?? 0) + 1)
  return counts
}

/** SHA-256 of the lists of own decisions that a run used. */
function ownListsOf({ hashSets }: Plan): readonly string[] {
  return hashSets.flatMap(({ format, sha256 }) => (format === OWN_DECISIONS ? [sha256] : []))
}

function* findingsOf(ledgers: readonly LedgerReader[]): Iterable<readonly [number, EntryView]> {
  for (const [exhibit, ledger] of ledgers.entries())
    for (const view of ledger.findings()) yield [exhibit, view]
}

interface Tally {
  readonly hit: Hit
  readonly contents: Set<string>
  readonly weak: Set<string>
  places: number
}

/** Counts contents whose places come one by one: a content is identified by its key. */
class FoundTally {
  readonly #meanings = new Map<Pointed, { readonly contents: Set<string>; places: number }>()
  readonly #categories = new Map<string, Tally>()
  readonly #weak = new Set<string>()

  /** @param places at which the content lies */
  add(key: string, hits: readonly Hit[], places: number): void {
    const meaning = gravest(hits)
    if (meaning === null || meaning === 'known') return
    const of = this.#meanings.get(meaning) ?? { contents: new Set(), places: 0 }
    this.#meanings.set(meaning, of)
    of.contents.add(key)
    of.places += places
    if (hits.every(({ weak }) => weak)) this.#weak.add(key)
    for (const hit of hits) {
      const name = storedJson([hit.meaning, hit.hashSet, hit.edition, hit.scale, hit.category])
      const by = this.#categories.get(name) ?? { hit, contents: new Set(), weak: new Set(), places: 0 }
      this.#categories.set(name, by)
      by.contents.add(key)
      by.places += places
      if (hit.weak) by.weak.add(key)
    }
  }

  counted(): Pick<Counts, 'byMeaning' | 'byCategory' | 'weak'> {
    const found = (meaning: Pointed): Found => {
      const { contents, places } = this.#meanings.get(meaning) ?? { contents: new Set(), places: 0 }
      return { contents: contents.size, places }
    }
    return {
      byMeaning: { illegal: found('illegal'), interest: found('interest') },
      byCategory: [...this.#categories]
        .map(([name, { hit, contents, weak, places }]) => ({
          name,
          by: { hit, contents: contents.size, weak: weak.size, places },
        }))
        .sort(
          (a, b) =>
            MEANINGS.indexOf(a.by.hit.meaning) - MEANINGS.indexOf(b.by.hit.meaning) ||
            b.by.contents - a.by.contents ||
            (a.name < b.name ? -1 : 1),
        )
        .map(({ by }) => by),
      weak: this.#weak.size,
    }
  }
}
