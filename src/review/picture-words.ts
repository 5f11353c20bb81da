/**
 * Words that the scan read in a picture and where they stand, without a pixel of it. They are text of a person: the act
 * is logged before they are sent.
 */
import type { TextPlace } from '../contracts/text-place.ts'
import type { EntryView } from '../contracts/view.ts'
import { openTextIndex } from '../search/text-index.ts'
import { PageRefusal } from './page-refusal.ts'
import type { PicturePart, PictureWords } from './said-words.ts'
import type { ReviewSession } from './session.ts'

/** A page of a handbook has about a hundred lines; the scan reads at most 400. */
const MOST_LINES = 1000
const MOST_CHARACTERS = 500

/** Whether the scan read words in this picture. */
export function wasRead({ content, stages }: EntryView): boolean {
  const { result } = stages['text-read']
  return (
    content?.mediaType.startsWith('image/') === true && (result === 'done' || result === 'done-with-warnings')
  )
}

/** @throws UsageError where the scan made no text index, or the index is no longer there */
export function pictureWordsOf(session: ReviewSession, sha256: string): PictureWords {
  session.catchUp()
  const number = session.numberOf(sha256)
  const [entry] = session.lookup.placesOf(session.catalogue.ids[number]!)
  const [view] = entry === undefined ? [] : session.facts.placesOf(entry)
  const index = openTextIndex(session.ledger)
  if (view === undefined || index === null) throw new PageRefusal('refused-no-text')
  try {
    session.log.log('words-shown', { sha256 })
    const text = index.firstText(sha256) ?? ''
    const places = index.placesOf(sha256).filter(({ start, end }) => end > start && end <= text.length)
    return {
      parts: partsOf(view, text, places.slice(0, MOST_LINES)),
      more: Math.max(0, places.length - MOST_LINES),
    }
  } finally {
    index.close()
  }
}

function partsOf(view: EntryView, text: string, places: readonly TextPlace[]): readonly PicturePart[] {
  const pages = [...new Set(places.map(({ page }) => page ?? null))].sort((a, b) => (a ?? 0) - (b ?? 0))
  return pages
    .map((page) => [page, places.filter((place) => (place.page ?? null) === page)] as const)
    .map(([page, own]) => ({
      page,
      ...frameOf(view, page, own),
      lines: own.map(({ start, end, left, top, width, height }) => ({
        text: text.slice(start, Math.min(end, start + MOST_CHARACTERS)),
        left,
        top,
        width,
        height,
      })),
    }))
}

/** Orientations of EXIF from this one on turn the picture by a quarter. */
const FIRST_QUARTER_TURN = 5

/** Sides of the upright picture; of a later page, and of a picture whose sides are not recorded, what its words take up. */
function frameOf(
  { attributes }: EntryView,
  page: number | null,
  places: readonly TextPlace[],
): { readonly width: number; readonly height: number } {
  const numbers = (code: string): Readonly<Record<string, unknown>> =>
    attributes.find((one) => one.code === code)?.params ?? {}
  const { width, height } = (page ?? 1) === 1 ? numbers('dimensions') : {}
  const turned = Number(numbers('exif-orientation').orientation ?? 1) >= FIRST_QUARTER_TURN
  const [across, down] = turned ? [height, width] : [width, height]
  return {
    width: Math.max(1, Number(across ?? 0), ...places.map((one) => one.left + one.width)),
    height: Math.max(1, Number(down ?? 0), ...places.map((one) => one.top + one.height)),
  }
}
