/**
 * Contents that the court's edition lists: those on a list, and those that a person decided on. Each content is listed
 * once, with every place on every exhibit.
 */
import picomatch from 'picomatch'
import { listedName } from '../../base/evidence-path.ts'
import type { Entry } from '../../contracts/entry.ts'
import { standing } from '../../ledger/custody/decisions.ts'
import { countSights, type SightCounts, sightOf } from '../../ledger/custody/sight.ts'
import { contentsOf } from '../model/contents.ts'
import { recoveryOf } from '../model/recovery.ts'
import { type Category, categoryRows, isNotPertinent, labelOf, type NamedScale } from './categories.ts'
import {
  type ContentGroup,
  type CourtContent,
  type CourtFound,
  contentRow,
  type Gathered,
  isPointed,
  judged,
} from './content-row.ts'
import { gravest } from './counts.ts'
import type { CourtExhibit, NamedDecision } from './exhibits.ts'
import type { Row } from './row.ts'
import type { CourtTexts } from './texts.ts'

export interface Listed {
  readonly contents: readonly CourtContent[]
  readonly more: number
  readonly decided: number
  /** Number of decided contents on each exhibit, in the order of the exhibits. */
  readonly decidedOn: readonly number[]
  readonly differing: number
  /**
   * Number of contents without a row: on no list of illegal material or of interest, and graded not pertinent by every
   * person who graded them.
   */
  readonly notPertinent: number
  /** Number of the not pertinent contents whose deciders had been shown nothing of them. */
  readonly notPertinentUnseen: number
  /** Standing decisions, and those without sight. */
  readonly sights: SightCounts
  /** Number of contents that a person's choice left out. */
  readonly leftOut: number
  /** Every category of the listed contents. */
  readonly categories: readonly Row[]
}

/** A person's choice of contents to list; empty: everything. */
export interface Choice {
  readonly categories: readonly string[]
  /** Globs of places: the report lists the contents at these places, and only these places. */
  readonly places: readonly string[]
  /** Globs of places whose names are not shown. */
  readonly redact: readonly string[]
  /** Loaded scale tables, which name categories that persons gave. */
  readonly scales: readonly NamedScale[]
}

/** Limit of listed contents, and of undecided ones that are gathered; a longer list is for programs, which read the exports. */
const MOST_CONTENTS = 20_000

export function listedContents(exhibits: readonly CourtExhibit[], texts: CourtTexts, choice: Choice): Listed {
  const isAt = globbed(choice.places, true)
  const gathered = new Map<string, Gathered>()
  const left = new Set<string>()
  let undecided = 0
  for (const exhibit of exhibits)
    for (const { content, places, leftOut, view } of contentsOf(
      exhibit.ledger,
      ({ content, hits }) => hits.some(isPointed) || exhibit.made.has(content?.digests.sha256 ?? ''),
    )) {
      const { sha256 } = content.digests
      const stands = standing(exhibit.made.get(sha256) ?? []) as readonly NamedDecision[]
      if (stands.length === 0 && !view.hits.some(isPointed)) continue
      const found = { content, places, leftOut, view: { hits: view.hits, near: view.near } }
      const before = gathered.get(sha256)
      if (before) before.on.push({ exhibit, found, stands })
      // Decided contents are counted, also those without a row: all of them are gathered.
      else if (isDecided(exhibits, sha256) || undecided++ < MOST_CONTENTS)
        gathered.set(sha256, { on: [{ exhibit, found, stands }] })
      else left.add(sha256)
    }
  const all = [...gathered.values()]
  const pertinent = all.filter((one) => !isSetAside(one, choice.scales))
  const listed = pertinent.filter((one) => isChosen(one, choice.categories, isAt))
  const recoveries = new Map(exhibits.map((exhibit) => [exhibit, recoveryOf(exhibit.ledger)]))
  const wishes = {
    texts,
    scales: choice.scales,
    isRedacted: globbed(choice.redact, false),
    isChosen: isAt,
    recovery: (exhibit: CourtExhibit) => recoveries.get(exhibit)!,
  }
  return {
    contents: listed
      .map((one) => ({ group: groupOf(one), order: orderOf(one.on[0]!.found), one }))
      .sort((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) || compared(a.order, b.order))
      .slice(0, MOST_CONTENTS)
      .map(({ one, group }) => contentRow(one, group, wishes)),
    more: left.size + Math.max(0, listed.length - MOST_CONTENTS),
    decided: all.filter(({ on }) => on.some(({ stands }) => stands.length > 0)).length,
    decidedOn: exhibits.map(
      (exhibit) =>
        all.filter(({ on }) => on.some((one) => one.exhibit === exhibit && one.stands.length > 0)).length,
    ),
    differing: all.filter((one) => judged(one).some(({ kind }) => kind === 'differing')).length,
    notPertinent: all.length - pertinent.length,
    notPertinentUnseen: all.filter((one) => isSetAside(one, choice.scales) && isUnseen(one)).length,
    sights: countSights(all.flatMap(decisionsOnce)),
    leftOut: pertinent.length - listed.length,
    categories: categoryRows(
      listed.flatMap((one) => categoriesOf(one, choice.scales)),
      texts,
    ),
  }
}

function isDecided(exhibits: readonly CourtExhibit[], sha256: string): boolean {
  return exhibits.some(({ made }) => standing(made.get(sha256) ?? []).length > 0)
}

/** Standing decisions with the hits of the content: one that counts for several exhibits comes once. */
function decisionsOnce({ on }: Gathered) {
  const seen = new Set<NamedDecision>()
  return on.map(({ found, stands }) => {
    const own = stands.filter((made) => !seen.has(made))
    for (const made of own) seen.add(made)
    return [own, found.view.hits] as const
  })
}

/** Groups in the order of the report. */
export const GROUPS: readonly ContentGroup[] = ['illegal', 'interest', 'decided']

function globbed(globs: readonly string[], ifNone: boolean): (entry: Entry) => boolean {
  if (globs.length === 0) return () => ifNone
  const matches = picomatch([...globs], { dot: true })
  return ({ path }) => matches(listedName(path).toString('utf8'))
}

function isChosen({ on }: Gathered, categories: readonly string[], isAt: (entry: Entry) => boolean): boolean {
  if (!on.some(({ found }) => found.places.some(isAt))) return false
  if (categories.length === 0) return true
  const own = on.flatMap(({ found, stands }) => [
    ...found.view.hits.filter(isPointed).map(({ category }) => category),
    ...stands.map(({ category }) => category),
  ])
  return own.some((category) => category !== null && categories.includes(category))
}

function categoriesOf({ on }: Gathered, scales: readonly NamedScale[]): Category[] {
  return on.flatMap(({ found, stands }) => [
    ...found.view.hits
      .filter(isPointed)
      .map(({ category, scale, categoryLabel: label }) => ({ category, scale, label })),
    ...stands.map(({ category, scale }) => ({ category, scale, label: labelOf(scales, scale, category) })),
  ])
}

function isSetAside({ on }: Gathered, scales: readonly NamedScale[]): boolean {
  return on.every(
    ({ found, stands }) =>
      !found.view.hits.some(isPointed) &&
      stands.every(({ scale, category }) => isNotPertinent(scales, scale, category)),
  )
}

function isUnseen({ on }: Gathered): boolean {
  return on.every(({ found, stands }) =>
    stands.every((made) => ['list', 'unseen'].includes(sightOf(made, found.view.hits))),
  )
}

function groupOf({ on }: Gathered): ContentGroup {
  const meaning = gravest(on.flatMap(({ found }) => found.view.hits.filter(isPointed)))
  return meaning === null || meaning === 'known' ? 'decided' : meaning
}

/** Sort key: strong matches before those that are weak alone, then list and category. */
function orderOf({ view }: CourtFound): string {
  const pointed = view.hits.filter(isPointed)
  const [first] = pointed.sort((a, b) => compared(a.meaning, b.meaning))
  const strength = pointed.every(({ weak }) => weak) ? '2' : '1'
  return first ? [strength, first.hashSet, first.category ?? ''].join('\0') : ''
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
