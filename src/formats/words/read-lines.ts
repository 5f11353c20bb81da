/**
 * Words of a picture: lines by the detector, in the order of reading, each read by the network of the picture's language.
 * Work is bounded by counts, never by a clock: the same picture gives the same words on a slow machine.
 */
import type { Box } from '../../classify/pixels.ts'
import type { Pixels } from '../../contracts/content.ts'
import { chosenLanguages, confidenceOf, type LanguageOf, SURE_OF_SCRIPT } from './choose-language.ts'
import type { CodeReader } from './codes.ts'
import type { LineDetector } from './line-detector.ts'
import { LINE_ROWS, type LinePicture, linePicture } from './line-picture.ts'
import type { Recogniser } from './recogniser.ts'
import { confirmedLines, LARGER, withForeignWords } from './second-look.ts'
import { type LineBox, placeOf, type ReadWord, type TextLine } from './text-line.ts'

export interface WordParts {
  readonly detector: LineDetector
  readonly recogniser: Recogniser
  readonly codes: CodeReader
  readonly languageOf: LanguageOf
}

export interface ReadPicture {
  readonly lines: readonly TextLine[]
  /** ISO 639-2 of the network that read it; null: no line. */
  readonly language: string | null
  /** Lines that were found and not read: over a limit. */
  readonly unread: number
}

/** Input pixels of the detector for the shorter side of a part. */
const SIDE = 544
/** A picture longer than this many times its shorter side is searched in parts, which overlap. */
const PART_TIMES = 2.25
/** Of a narrow strip a part is at least this long. */
const LEAST_PART = 640
const OVERLAP = 0.1
const MOST_PARTS = 64
/** Most lines of a picture that are read, and their columns of 44 rows together: about 20 s of one processor. */
const LINES_OF_ONE: LineBudget = { lines: 400, columns: 400_000 }
/** The same of all pages of a scan, or of all frames of a video, together. */
export const LINES_OF_SEVERAL: LineBudget = { lines: 1600, columns: 1_600_000 }
const SAMPLE_LINES = 2
/** A line of which the network is less sure is read by that of English and of the second language too. */
const UNSURE = 70

/** What may still be read; readLines takes from it. */
export interface LineBudget {
  lines: number
  columns: number
}

export interface FoundLines {
  readonly lines: readonly LineBox[]
  /** Parts of the picture that were not searched: over the limit. */
  readonly unsearched: number
}

/** Lines of the whole picture, part by part. */
export async function findLines(detector: LineDetector, pixels: Pixels): Promise<FoundLines> {
  const lines: LineBox[] = []
  const parts = partsOf(pixels)
  for (const part of parts.slice(0, MOST_PARTS)) {
    const scale = Math.min(1, SIDE / Math.min(part.width, part.height))
    for (const line of await detector.lines(pixels, part, scale))
      if (!lines.some((one) => isSame(one, line))) lines.push(line)
  }
  return { lines, unsearched: Math.max(0, parts.length - MOST_PARTS) }
}

/** A first look at a small size, for photographs: most have no words. */
export function linesAtSmallSize(detector: LineDetector, pixels: Pixels, side: number): Promise<LineBox[]> {
  const { width, height } = pixels
  return detector.lines(pixels, { x: 0, y: 0, width, height }, Math.min(1, side / Math.max(width, height)))
}

export async function readLines(
  pixels: Pixels,
  found: readonly LineBox[],
  { recogniser, languageOf }: WordParts,
  budget: LineBudget = { ...LINES_OF_ONE },
): Promise<ReadPicture> {
  const ordered = inReadingOrder(found)
  const lines = withinLimits(ordered, budget)
  const pictures = new Map<LineBox, LinePicture>()
  const pictureOf = (box: LineBox) => {
    const made = pictures.get(box) ?? linePicture(pixels, box)
    pictures.set(box, made)
    return made
  }
  const known = new Map<string, readonly ReadWord[]>()
  const read = async (language: string, box: LineBox) => {
    const key = `${language} ${lines.indexOf(box)}`
    const words = known.get(key) ?? (await recogniser.read(language, pictureOf(box), box))
    known.set(key, words)
    return words
  }
  if (lines.length === 0) return { lines: [], language: null, unread: ordered.length }
  const longest = [...lines]
    .sort((a, b) => b.width / b.height - a.width / a.height || a.y - b.y || a.x - b.x)
    .slice(0, SAMPLE_LINES)
  const [language, second] = await chosenLanguages(
    recogniser.networks,
    (one) => Promise.all(longest.map((box) => read(one, box))),
    languageOf,
  )
  const isLatin = recogniser.networks.find((one) => one.language === language)?.script === 'Latin'
  const others = [second, 'eng'].filter((one) => one !== undefined && one !== language)
  const texts: TextLine[] = []
  const readers = new Map<LineBox, string>()
  for (const box of lines) {
    let words = await read(language!, box)
    let reader = language!
    if (confidenceOf([words]) < UNSURE || (!isLatin && hasNoLetterOfItsOwn(words)))
      for (const other of new Set(others)) {
        const again = await read(other!, box)
        const isSurer = confidenceOf([again]) > Math.max(confidenceOf([words]), isLatin ? 0 : SURE_OF_SCRIPT)
        if (isSurer) [words, reader] = [again, other!]
      }
    if (words.length === 0) continue
    readers.set(box, reader)
    const line = { box, place: placeOf(box), words, ground: pictureOf(box).ground }
    const isInLatin = isLatin || reader !== language
    texts.push(isInLatin ? line : await withForeignWords(line, () => read('eng', box)))
  }
  const sure = await confirmedLines(texts, ({ box }) => {
    const larger = { ...box, height: box.height * LARGER }
    return recogniser.read(readers.get(box)!, linePicture(pixels, larger), larger)
  })
  return { lines: sure, language: language!, unread: ordered.length - lines.length }
}

/** A name in Latin letters above a chat in another script is read as digits and marks, now and then surely. */
function hasNoLetterOfItsOwn(words: readonly ReadWord[]): boolean {
  return !words.some(({ text }) => /[^\P{L}\p{Script=Latin}]/u.test(text))
}

function partsOf({ width, height }: Pixels): Box[] {
  const [short, long] = [Math.min(width, height), Math.max(width, height)]
  const length = Math.min(long, Math.max(LEAST_PART, Math.round(short * PART_TIMES)))
  const step = Math.max(1, Math.round(length * (1 - OVERLAP)))
  const parts: Box[] = []
  for (let at = 0; ; at += step) {
    const from = Math.min(at, long - length)
    parts.push(
      height >= width ? { x: 0, y: from, width, height: length } : { x: from, y: 0, width: length, height },
    )
    if (from + length >= long) break
  }
  return parts
}

/** Two parts overlap: a line in both is one line. */
function isSame(a: LineBox, b: LineBox): boolean {
  return (
    Math.abs(a.y - b.y) < Math.min(a.height, b.height) / 2 && Math.abs(a.x - b.x) < (a.width + b.width) / 4
  )
}

/** From top to bottom; lines whose middles lie at one height from left to right. */
function inReadingOrder(found: readonly LineBox[]): LineBox[] {
  const rest = [...found].sort((a, b) => a.y - b.y || a.x - b.x)
  const ordered: LineBox[] = []
  while (rest.length > 0) {
    const first = rest[0]!
    const row = rest.filter((one) => Math.abs(one.y - first.y) < Math.min(one.height, first.height) / 2)
    ordered.push(...row.sort((a, b) => a.x - b.x))
    for (const one of row) rest.splice(rest.indexOf(one), 1)
  }
  return ordered
}

function withinLimits(lines: readonly LineBox[], budget: LineBudget): readonly LineBox[] {
  const most = Math.min(LINES_OF_ONE.columns, budget.columns)
  let columns = 0
  const kept = lines.slice(0, Math.min(LINES_OF_ONE.lines, Math.max(0, budget.lines))).filter((box) => {
    columns += (box.width / box.height) * LINE_ROWS
    return columns <= most
  })
  budget.lines -= kept.length
  budget.columns -= Math.min(columns, most)
  return kept
}
