/** Contents that the court's edition lists: on a list, or decided on by a person; each once, with every place. */
import picomatch from 'picomatch'
import { listedName, printPath } from '../../base/evidence-path.ts'
import type { Entry } from '../../contracts/entry.ts'
import type { Hit, NearMatch } from '../../contracts/finding.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import { outcomeOf, type RecordedDecision, standing } from '../../ledger/custody/decisions.ts'
import { contentsOf, type FoundContent } from '../exchange/contents.ts'
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
}

/** Beyond these only a machine reads, and it has the exports. */
const MOST_CONTENTS = 20_000
const MOST_PLACES = 200
const REDACTED = '[…]'

export function listedContents(
  ledger: LedgerReader,
  made: ReadonlyMap<string, readonly RecordedDecision[]>,
  texts: CourtTexts,
  redact: readonly string[],
): Listed {
  const isRedacted = redact.length === 0 ? () => false : picomatch([...redact], { dot: true })
  const printed = (entry: Entry) =>
    isRedacted(listedName(entry.path).toString('utf8')) ? REDACTED : printPath(entry.path)
  const contents: (CourtContent & { readonly order: string })[] = []
  let [more, decided, differing] = [0, 0, 0]
  for (const found of contentsOf(
    ledger,
    ({ content, hits }) => hits.some(isPointed) || made.has(content?.digests.sha256 ?? ''),
  )) {
    const own = made.get(found.content.digests.sha256) ?? []
    const stands = standing(own)
    const scales = [...new Set(stands.map(({ scale }) => scale))]
    const outcomes = scales.map((scale) => outcomeOf(own, scale).kind)
    if (stands.length > 0) decided++
    if (outcomes.includes('differing')) differing++
    if (stands.length === 0 && !found.view.hits.some(isPointed)) continue
    if (contents.length >= MOST_CONTENTS) {
      more++
      continue
    }
    contents.push({
      ...recordOf(found, stands, texts, printed),
      outcomes: scales.map(
        (scale, i) => `${scale}: ${texts.say(outcomes[i] === 'none' ? 'withdrawn' : outcomes[i]!)}`,
      ),
      order: orderOf(found),
    })
  }
  contents.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0))
  return { contents: contents.map(({ order: _, ...one }) => one), more, decided, differing }
}

function isPointed({ meaning }: Hit): boolean {
  return meaning !== 'known'
}

/** Illegal first, then by list and category, then what only persons decided on. */
function orderOf({ view }: FoundContent): string {
  const [first] = view.hits.filter(isPointed).sort((a, b) => (a.meaning < b.meaning ? -1 : 1))
  return first ? [first.meaning, first.hashSet, first.category ?? ''].join('\0') : '\u{ffff}'
}

function recordOf(
  { view, content, places }: FoundContent,
  stands: readonly RecordedDecision[],
  texts: CourtTexts,
  printed: (entry: Entry) => string,
): Omit<CourtContent, 'outcomes'> {
  const hits = view.hits.filter(isPointed)
  const shown = places.slice(0, MOST_PLACES)
  const isRecovered = shown.some(({ onImage }) => onImage && onImage.status !== 'live')
  return {
    sha256: content.digests.sha256,
    mediaType: content.mediaType,
    size: texts.say('size', { size: Number(content.sizeBytes) }),
    places: shown.map(printed),
    morePlaces:
      places.length > shown.length
        ? texts.say('more-places', { places: places.length - shown.length })
        : null,
    remark: isRecovered ? texts.say('deleted') : null,
    lists: [
      ...hits.map(
        (hit) =>
          `${listLine(hit, texts)}; ${texts.say('equal-by', { algorithms: hit.algorithms.map(algorithmName) })}`,
      ),
      ...(stands.length > 0
        ? view.near.map((near) => texts.say('near-line', { list: near.hashSet, bits: near.distanceBits }))
        : []),
    ],
    isWeak: hits.length > 0 && hits.every(({ weak }) => weak),
    decisions: stands.map(({ operator, category, scale, utc, act, note }) => {
      const said = texts.say(act === 'adjudicated' ? 'settled' : 'decided', {
        operator,
        category: category ?? '',
        scale,
        utc: utc.slice(0, 16).replace('T', ' '),
      })
      return note === '' ? said : `${said}: “${note}”`
    }),
  }
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
