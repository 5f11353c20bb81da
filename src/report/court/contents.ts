/** Contents that the court's edition lists: on a list, or decided on by a person; each once, with every place on every exhibit. */
import picomatch from 'picomatch'
import { listedName, printPath } from '../../base/evidence-path.ts'
import type { Entry } from '../../contracts/entry.ts'
import type { Hit, NearMatch } from '../../contracts/finding.ts'
import { outcomeOf, standing } from '../../ledger/custody/decisions.ts'
import { sightOf } from '../../ledger/custody/sight.ts'
import { contentsOf, type FoundContent } from '../model/contents.ts'
import { type CourtExhibit, labelled, type NamedDecision } from './exhibits.ts'
import type { CourtTexts } from './texts.ts'

export interface CourtContent {
  readonly sha256: string
  readonly mediaType: string
  readonly size: string
  readonly places: readonly string[]
  readonly morePlaces: string | null
  readonly remark: string | null
  /** List, edition and category, and by which digests. */
  readonly lists: readonly string[]
  readonly isWeak: boolean
  readonly decisions: readonly string[]
  /** Whether persons agree, by scale. */
  readonly outcomes: readonly string[]
}

export interface Listed {
  readonly contents: readonly CourtContent[]
  readonly more: number
  readonly decided: number
  readonly differing: number
  /** Not listed because of what was chosen. */
  readonly leftOut: number
}

/** What persons choose to list; none: everything. */
export interface Choice {
  readonly categories: readonly string[]
  /** Globs of places: contents that lie at one of them, and those places alone. */
  readonly places: readonly string[]
  /** Globs of places whose names are not shown. */
  readonly redact: readonly string[]
}

/** Beyond these only a machine reads, and it has the exports. */
const MOST_CONTENTS = 20_000
const MOST_PLACES = 200
const REDACTED = '[…]'

export function listedContents(exhibits: readonly CourtExhibit[], texts: CourtTexts, choice: Choice): Listed {
  const chosen = globbed(choice.places, true)
  const isRedacted = globbed(choice.redact, false)
  const gathered = new Map<string, Gathered>()
  let more = 0
  for (const exhibit of exhibits)
    for (const found of contentsOf(
      exhibit.ledger,
      ({ content, hits }) => hits.some(isPointed) || exhibit.made.has(content?.digests.sha256 ?? ''),
    )) {
      const { sha256 } = found.content.digests
      const stands = standing(exhibit.made.get(sha256) ?? []) as readonly NamedDecision[]
      if (stands.length === 0 && !found.view.hits.some(isPointed)) continue
      const before = gathered.get(sha256)
      if (before) before.on.push({ exhibit, found, stands })
      else if (gathered.size < MOST_CONTENTS) gathered.set(sha256, { on: [{ exhibit, found, stands }] })
      else more++
    }
  const all = [...gathered.values()]
  const listed = all.filter((one) => isChosen(one, choice.categories, chosen))
  const printed = (exhibit: CourtExhibit, entry: Entry) =>
    labelled(exhibit.label, isRedacted(entry) ? REDACTED : printPath(entry.path))
  return {
    contents: listed
      .map((one) => ({ order: orderOf(one.on[0]!.found), one }))
      .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0))
      .map(({ one }) => recordOf(one, texts, printed, chosen)),
    more,
    decided: all.filter(({ on }) => on.some(({ stands }) => stands.length > 0)).length,
    differing: all.filter((one) => judged(one).some(({ kind }) => kind === 'differing')).length,
    leftOut: all.length - listed.length,
  }
}

/** A content on each exhibit where it lies. */
interface Gathered {
  readonly on: {
    readonly exhibit: CourtExhibit
    readonly found: FoundContent
    readonly stands: readonly NamedDecision[]
  }[]
}

function globbed(globs: readonly string[], ifNone: boolean): (entry: Entry) => boolean {
  if (globs.length === 0) return () => ifNone
  const matches = picomatch([...globs], { dot: true })
  return ({ path }) => matches(listedName(path).toString('utf8'))
}

function isChosen(
  { on }: Gathered,
  categories: readonly string[],
  chosen: (entry: Entry) => boolean,
): boolean {
  if (!on.some(({ found }) => found.places.some(chosen))) return false
  if (categories.length === 0) return true
  const own = on.flatMap(({ found, stands }) => [
    ...found.view.hits.filter(isPointed).map(({ category }) => category),
    ...stands.map(({ category }) => category),
  ])
  return own.some((category) => category !== null && categories.includes(category))
}

function isPointed({ meaning }: Hit): boolean {
  return meaning !== 'known'
}

/** Illegal first, then by list and category, then what only persons decided on. */
function orderOf({ view }: FoundContent): string {
  const [first] = view.hits.filter(isPointed).sort((a, b) => (a.meaning < b.meaning ? -1 : 1))
  return first ? [first.meaning, first.hashSet, first.category ?? ''].join('\0') : '\u{ffff}'
}

/** What persons come to on each scale: of each exhibit, or once where decisions were carried over. */
function judged({ on }: Gathered) {
  const all = on.map(({ exhibit, found }) => exhibit.made.get(found.content.digests.sha256) ?? [])
  const isCarried = all.length > 1 && all.every((made) => made === all[0])
  return on.slice(0, isCarried ? 1 : undefined).flatMap(({ exhibit, stands }, i) =>
    [...new Set(stands.map(({ scale }) => scale))].map((scale) => ({
      scale,
      label: isCarried ? null : exhibit.label,
      kind: outcomeOf(all[i]!, scale).kind,
    })),
  )
}

function recordOf(
  one: Gathered,
  texts: CourtTexts,
  printed: (exhibit: CourtExhibit, entry: Entry) => string,
  chosen: (entry: Entry) => boolean,
): CourtContent {
  const { content } = one.on[0]!.found
  const places = one.on.flatMap(({ exhibit, found }) =>
    found.places.filter(chosen).map((entry) => ({ exhibit, entry })),
  )
  const all = one.on.reduce((sum, { found }) => sum + found.places.length, 0)
  const shown = places.slice(0, MOST_PLACES)
  const hits = one.on.flatMap(({ found }) => found.view.hits.filter(isPointed))
  const decisions = one.on.flatMap(({ stands }) => stands)
  const isRecovered = shown.some(({ entry: { onImage } }) => onImage && onImage.status !== 'live')
  return {
    sha256: content.digests.sha256,
    mediaType: content.mediaType,
    size: texts.say('size', { size: Number(content.sizeBytes) }),
    places: shown.map(({ exhibit, entry }) => printed(exhibit, entry)),
    morePlaces: all > shown.length ? texts.say('more-places', { places: all - shown.length }) : null,
    remark: isRecovered ? texts.say('deleted') : null,
    lists: [
      ...new Set([
        ...hits.map(
          (hit) =>
            `${listLine(hit, texts)}; ${texts.say('equal-by', { algorithms: hit.algorithms.map(algorithmName) })}`,
        ),
        ...(decisions.length > 0
          ? one.on.flatMap(({ found }) =>
              found.view.near.map((near) =>
                texts.say('near-line', { list: near.hashSet, bits: near.distanceBits }),
              ),
            )
          : []),
      ]),
    ],
    isWeak: hits.length > 0 && hits.every(({ weak }) => weak),
    decisions: [
      ...new Set(
        one.on.flatMap(({ found, stands }) =>
          stands.map((decision) => decisionLine(decision, found.view.hits, texts)),
        ),
      ),
    ],
    outcomes: judged(one).map(({ scale, label, kind }) =>
      labelled(label, `${scale}: ${texts.say(kind === 'none' ? 'withdrawn' : kind)}`),
    ),
  }
}

function decisionLine(made: NamedDecision, hits: readonly Hit[], texts: CourtTexts): string {
  const { operator, category, scale, utc, act, note, exhibit } = made
  const decided = texts.say(act === 'adjudicated' ? 'settled' : 'decided', {
    operator,
    category: category ?? '',
    scale,
    utc: utc.slice(0, 16).replace('T', ' '),
  })
  const said = `${decided} (${texts.say(`sight-${sightOf(made, hits)}`)})`
  return labelled(exhibit, note === '' ? said : `${said}: “${note}”`)
}

function listLine({ hashSet, edition, category, categoryLabel }: Hit | NearMatch, texts: CourtTexts): string {
  return texts.say('list-line', {
    list: hashSet,
    edition: edition ?? texts.say('no-edition'),
    category:
      category === null
        ? texts.say('no-category')
        : categoryLabel === null
          ? category
          : `${category} (${categoryLabel})`,
  })
}

function algorithmName(name: string): string {
  return { md5: 'MD5', sha1: 'SHA-1', sha256: 'SHA-256', blake3: 'BLAKE3' }[name] ?? name
}
