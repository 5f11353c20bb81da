/** One content in the court's edition: places, lists with the strength of each match, decisions of persons. */
import { printPath } from '../../base/evidence-path.ts'
import type { Entry, Recovered } from '../../contracts/entry.ts'
import type { Hit, NearMatch } from '../../contracts/finding.ts'
import type { Meaning } from '../../contracts/hash-set.ts'
import { outcomeOf } from '../../ledger/custody/decisions.ts'
import { secondsInSight, sightOf } from '../../ledger/custody/sight.ts'
import { closedDigest, isClosedPath } from '../../privilege/listed-fact.ts'
import type { FoundContent } from '../model/contents.ts'
import type { RecoveryOf } from '../model/recovery.ts'
import { categoryWords, labelOf, type NamedScale } from './categories.ts'
import { type CourtExhibit, labelled, type NamedDecision } from './exhibits.ts'
import type { CourtTexts } from './texts.ts'
import { coded } from './words.ts'

/**
 * The heading under which a content is listed: the gravest meaning of its lists, or `decided` when only persons
 * decided on it.
 */
export type ContentGroup = Exclude<Meaning, 'known'> | 'decided'

export interface CourtPlace {
  readonly path: string
  /** The status of a file that is not live; null for a live file. */
  readonly remark: string | null
}

export interface CourtContent {
  readonly group: ContentGroup
  readonly sha256: string
  readonly mediaType: string
  readonly size: string
  readonly places: readonly CourtPlace[]
  readonly morePlaces: string | null
  /** For each list: category by name, list, edition, and the matching digests. */
  readonly lists: readonly string[]
  readonly decisions: readonly string[]
  /** Whether persons agree, by scale. */
  readonly outcomes: readonly string[]
}

/** A content of one exhibit, with no more of its view than a report says: there can be as many as persons decided on. */
export interface CourtFound extends Pick<FoundContent, 'content' | 'places' | 'leftOut'> {
  readonly view: Pick<FoundContent['view'], 'hits' | 'near'>
}

/** A content on each exhibit where it lies. */
export interface Gathered {
  readonly on: {
    readonly exhibit: CourtExhibit
    readonly found: CourtFound
    readonly stands: readonly NamedDecision[]
  }[]
}

export interface RowWishes {
  readonly texts: CourtTexts
  readonly scales: readonly NamedScale[]
  readonly isRedacted: (entry: Entry) => boolean
  readonly isChosen: (entry: Entry) => boolean
  readonly recovery: (exhibit: CourtExhibit) => RecoveryOf
}

const MOST_PLACES = 200
const REDACTED = '[…]'

export function isPointed({ meaning }: Hit): boolean {
  return meaning !== 'known'
}

export function contentRow(one: Gathered, group: ContentGroup, wishes: RowWishes): CourtContent {
  const { texts, scales, isRedacted, isChosen, recovery } = wishes
  const { content } = one.on[0]!.found
  const { sha256 } = content.digests
  const places = one.on.flatMap(({ exhibit, found }) =>
    found.places.filter(isChosen).map((entry) => ({ exhibit, entry })),
  )
  const all = one.on.reduce((sum, { found }) => sum + found.places.length + found.leftOut, 0)
  const shown = places.slice(0, MOST_PLACES)
  const hits = one.on.flatMap(({ found }) => found.view.hits.filter(isPointed))
  const decisions = one.on.flatMap(({ stands }) => stands)
  return {
    group,
    sha256,
    mediaType: content.mediaType,
    size: texts.custom.bytes(Number(content.sizeBytes)),
    places: shown.map(({ exhibit, entry }) => ({
      path: labelled(exhibit.label, isRedacted(entry) ? REDACTED : placeWords(entry, sha256, texts)),
      remark: remarkOn(recovery(exhibit)(entry), texts),
    })),
    morePlaces: all > shown.length ? texts.say('more-places', { places: all - shown.length }) : null,
    lists: [
      ...new Set([
        ...hits.map((hit) => texts.custom.clauses([listWords(hit, texts), strengthWords(hit, texts)])),
        ...(decisions.length > 0
          ? one.on.flatMap(({ found }) => found.view.near.map((near) => nearLine(near, texts)))
          : []),
      ]),
    ],
    decisions: [
      ...new Set(
        one.on.flatMap(({ found, stands }) =>
          stands.map((made) => decisionWords(made, found.view.hits, scales, texts)),
        ),
      ),
    ],
    outcomes: judged(one).map(({ scale, label, kind }) =>
      labelled(label, `${scale}: ${texts.say(kind === 'none' ? 'withdrawn' : kind)}`),
    ),
  }
}

/** The path, or that the place is closed, in the words of the edition. */
function placeWords({ path }: Entry, sha256: string, texts: CourtTexts): string {
  return isClosedPath(path, sha256)
    ? texts.say('closed-place', { digest: closedDigest(sha256) })
    : printPath(path)
}

/** The outcome of the decisions on each scale: for each exhibit, or once where decisions were carried over. */
export function judged({ on }: Gathered) {
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

/** A list, its edition and the category by name. */
export function listWords(hit: Hit, texts: CourtTexts): string {
  const { hashSet, edition, category, categoryLabel, scale } = hit
  return texts.say('list-line', {
    list: hashSet,
    ...(edition === null ? {} : { edition }),
    category: categoryWords({ category, scale, label: categoryLabel }, texts),
  })
}

export function editionWords(list: string, edition: string | null, texts: CourtTexts): string {
  return texts.say('list-edition', { list, ...(edition === null ? {} : { edition }) })
}

/** The matching digests, with a remark that MD5 alone or SHA-1 alone is weak. */
function strengthWords({ algorithms, weak }: Hit, texts: CourtTexts): string {
  const named = texts.custom.list(algorithms.map(algorithmName))
  return texts.say(weak ? 'equal-weak' : 'equal-by', { algorithms: named })
}

function remarkOn(how: Recovered | undefined, texts: CourtTexts): string | null {
  if (!how || how.status === 'live') return null
  if (how.notes.includes('structure-breaks-off')) return coded(texts, 'status', 'fragment')
  return coded(texts, 'status', how.basis === 'reconstructed' ? 'reconstructed' : how.status)
}

/** Person, time and category of a decision, and the view of the content that the person had. */
function decisionWords(
  made: NamedDecision,
  hits: readonly Hit[],
  scales: readonly NamedScale[],
  texts: CourtTexts,
): string {
  const { operator, category, scale, utc, act, note, exhibit } = made
  const decided = texts.say(act === 'adjudicated' ? 'settled' : 'decided', {
    operator,
    category: categoryWords({ category, scale, label: labelOf(scales, scale, category) }, texts),
    when: texts.custom.when(utc),
  })
  const seconds = secondsInSight(made)
  const said = texts.custom.clauses([
    decided,
    texts.say(`sight-${sightOf(made, hits)}`),
    ...(seconds === null ? [] : [texts.say('sight-seconds', { seconds })]),
  ])
  return labelled(exhibit, note === '' ? said : texts.say('with-note', { said, note }))
}

function algorithmName(name: string): string {
  return { md5: 'MD5', sha1: 'SHA-1', sha256: 'SHA-256', blake3: 'BLAKE3' }[name] ?? name
}

function nearLine({ hashSet, distanceBits, video, hasher, algorithm }: NearMatch, texts: CourtTexts): string {
  if (hasher !== undefined) {
    const { id, distance, limit, cardSha256 } = hasher
    return texts.say('near-hasher-line', { list: hashSet, hasher: id, distance, limit, card: cardSha256 })
  }
  if (video === null || algorithm === 'pdq')
    return texts.say('near-line', { list: hashSet, bits: distanceBits })
  const { ours, listed } = video
  return texts.say('near-video-line', {
    list: hashSet,
    found: ours.found,
    seconds: ours.of,
    listedFound: listed.found,
    listedSeconds: listed.of,
  })
}
