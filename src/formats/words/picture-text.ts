/**
 * The text of a picture: its words in the order of reading, or its messages where it is a chat, with the place of each line.
 *
 * What picture-kind calls a document or a graphic (a screenshot is one of the two) is searched whole. A photograph is
 * searched at a small size first; where no line is seen there, its result says so.
 */
import { pictureKindOf } from '../../classify/picture-kind.ts'
import { type Attribute, attribute } from '../../contracts/attribute.ts'
import type { Pixels } from '../../contracts/content.ts'
import { notApplicable, withWarnings } from '../../contracts/stage.ts'
import type { TextPlace } from '../../contracts/text-place.ts'
import { QUOTE_CHARACTERS, type TextLimits } from '../../wire/text.ts'
import type { ExtractedText } from '../documents/text-extractor.ts'
import type { Picture } from '../media/pixels/picture.ts'
import { toPixels } from '../media/pixels/scale.ts'
import { chatIn, type PictureChat } from './chat-layout.ts'
import { MOST_CODES, type ReadCode, type ReadCodes, SYMBOLOGIES } from './codes.ts'
import { invitationIn } from './invitations.ts'
import type { LineDetector } from './line-detector.ts'
import { linesThatGoOn } from './paragraphs.ts'
import {
  findLines,
  type LineBudget,
  linesAtSmallSize,
  type ReadPicture,
  readLines,
  type WordParts,
} from './read-lines.ts'
import { type LineBox, type TextLine, textOf } from './text-line.ts'
import { WordText } from './word-text.ts'

/** Letters of fewer rows cannot be read. */
const LEAST_SIDE = 8
/** A page of A4 at 170 points an inch; larger pictures are reduced. Of the points of all parts together. */
const SHORT_SIDE = 1440
const MOST_POINTS = 16_000_000
/** Longer side of a photograph at its first look, and how sure of a line the detector must be there. */
const SMALL_SIDE = 320
const SMALL_SCORE = 0.7
/** At the small size a line is this many times longer than high. A pattern seldom is. */
const LINE_TIMES = 2

/** Of several pictures that are one content. */
export interface Among {
  /** Which of them. */
  readonly at: Pick<TextPlace, 'page' | 'ms'>
  readonly budget: LineBudget
  /** Lines and codes of earlier ones, which are left out, and to which its own are added; absent: nothing is left out. */
  readonly seen?: Set<string>
}

export async function readWhole(
  picture: Picture,
  parts: WordParts,
  limits: Pick<TextLimits, 'textChars'>,
  among: Among | null = null,
): Promise<ExtractedText> {
  if (Math.min(picture.width, picture.height) < LEAST_SIDE)
    return { ...NOTHING, without: notApplicable('no-text') }
  const pixels = await toPixels(picture, longestSide(picture))
  return readPixels(pixels, sidesOf(picture).width / pixels.width, parts, limits, among)
}

/** @param unit pixels of the whole picture for one of these */
async function readPixels(
  pixels: Pixels,
  unit: number,
  parts: WordParts,
  limits: Pick<TextLimits, 'textChars'>,
  among: Among | null,
): Promise<ExtractedText> {
  const found = await parts.codes(pixels)
  const isNew = (text: string) => !among?.seen?.has(text)
  const codes = found.codes.filter((code) => isNew(nameOf(code)))
  for (const code of codes) among?.seen?.add(nameOf(code))
  if (!(await isSearched(parts.detector, pixels))) {
    const result = withWarnings('lines-sought-small')
    const read = { ...NO_LINES, ...found, codes, unsearched: 0 }
    // Codes are read whether or not a line of text is seen.
    return { ...textOfPicture(read, unit, limits, among), without: result, whenRead: result }
  }
  const { lines, unsearched } = await findLines(parts.detector, pixels)
  const read = await readLines(pixels, lines, parts, among?.budget)
  const kept = read.lines.filter((line) => isNew(textOf(line)))
  // After all of them: one picture may say a thing twice.
  for (const line of kept) among?.seen?.add(textOf(line))
  const chat = chatIn(pixels, kept)
  return textOfPicture({ ...read, lines: kept, ...found, codes, chat, unsearched }, unit, limits, among)
}

function nameOf({ symbology, text }: ReadCode): string {
  return `${symbology} ${text}`
}

/** The gate: whether the whole picture is searched for lines. */
export async function isSearched(detector: LineDetector, pixels: Pixels): Promise<boolean> {
  if (pictureKindOf(pixels) !== 'photograph') return true
  return (await linesAtSmallSize(detector, pixels, SMALL_SIDE)).some(isLine)
}

const NOTHING: ExtractedText = { text: '', warnings: [] }
const NONE: ReadonlySet<TextLine> = new Set()
const NO_LINES = { lines: [], language: null, unread: 0, chat: null }

function isLine({ width, height, score }: LineBox): boolean {
  return score >= SMALL_SCORE && width >= LINE_TIMES * height
}

function longestSide({ width, height }: Picture): number {
  const [short, long] = [Math.min(width, height), Math.max(width, height)]
  const scale = Math.min(1, SHORT_SIDE / short, Math.sqrt(MOST_POINTS / (width * height)))
  return Math.max(1, Math.floor(long * scale))
}

/** Of the upright picture. */
function sidesOf({ width, height, orientation }: Picture): { readonly width: number } {
  return { width: orientation >= 5 && orientation <= 8 ? height : width }
}

/** Sender names as for chats of a database (formats/text/messenger.ts). */
const OWN = '(this account)'
const NOT_NAMED = '(not named)'

interface Read extends ReadPicture, ReadCodes {
  readonly chat: PictureChat | null
  readonly unsearched: number
}

function textOfPicture(
  { lines, unread, chat, codes, isAtLimit, unsearched }: Read,
  unit: number,
  limits: Pick<TextLimits, 'textChars'>,
  among: Among | null,
): ExtractedText {
  const text = new WordText(unit, among?.at)
  const others = chat?.others ?? lines
  const going = chat === null ? linesThatGoOn(others) : NONE
  for (const line of others) {
    text.words(line.words.map((word) => ({ word, line })))
    text.ends({ goesOn: going.has(line) })
  }
  const messages = (chat?.messages ?? []).map(({ side, words, time }) => {
    const sender = side === 'right' ? OWN : (chat!.contact ?? NOT_NAMED)
    text.plain(`${sender}${time === null ? '' : ` (${time})`}: `)
    const message = { sender, text: text.words(words) }
    text.ends()
    return message
  })
  const attributes = codes.flatMap((code) => [
    codeAttribute(code, text.code(code)),
    ...invitationIn(code.text),
  ])
  const whole = text.text
  return {
    text: whole.slice(0, limits.textChars),
    places: text.places,
    unsure: text.unsure,
    attributes,
    ...(messages.length > 0 && { messages }),
    // A privileged person may stand in any line: a head, a signature, a number on a card.
    addresses: [
      ...lines.map(({ words }) => words.map(({ text: one }) => one).join(' ')),
      ...codes.map((code) => code.text),
      ...marksIn(whole),
    ],
    warnings: [
      ...(unsearched > 0 ? [{ code: 'strips-unsearched' as const, params: { strips: unsearched } }] : []),
      ...(isAtLimit ? [{ code: 'codes-at-limit' as const, params: { codes: MOST_CODES } }] : []),
      ...(unread > 0 ? [{ code: 'lines-unread' as const, params: { lines: unread } }] : []),
      ...(whole.length > limits.textChars
        ? [{ code: 'text-cut' as const, params: { characters: limits.textChars } }]
        : []),
    ],
  }
}

const QR_CODES: readonly string[] = [SYMBOLOGIES.QRCode!, SYMBOLOGIES.MicroQRCode!]

function codeAttribute({ symbology, text }: ReadCode, place: Omit<TextPlace, 'start' | 'end'>): Attribute {
  const said = { text: text.slice(0, QUOTED), ...place }
  return QR_CODES.includes(symbology)
    ? attribute('qr-code', said)
    : attribute('bar-code', { symbology, ...said })
}

/** Invariant 7. */
const QUOTED = QUOTE_CHARACTERS - 1

/** Words that look like an address. */
function marksIn(text: string): string[] {
  return text.match(/[^\s,;:<>()]+@[^\s,;:<>()]+/g) ?? []
}
