/**
 * Reads the lines of a chat screenshot as messages: bubbles at the left and at the right are two persons, the first line
 * above them names the contact, and times are times.
 *
 * Chats without bubbles (names above lines, as in Discord) and windows with a list of chats beside the chat are not told
 * apart: their lines stay text.
 */
import type { Pixels } from '../../contracts/content.ts'
import { type Bubble, bubbleAround } from './bubbles.ts'
import { type ReadWord, type TextLine, textOf } from './text-line.ts'

/** A word and its line. */
export interface PlacedWord {
  readonly word: ReadWord
  readonly line: TextLine
}

export interface PictureMessage {
  readonly side: 'left' | 'right'
  /** Without the time and the marks of delivery. */
  readonly words: readonly PlacedWord[]
  /** As written: `14:05`; null: none was found. */
  readonly time: string | null
  readonly lines: readonly TextLine[]
}

export interface PictureChat {
  /** Null: no line above the messages. */
  readonly contact: string | null
  readonly messages: readonly PictureMessage[]
  /** Lines of the head, of dates and of buttons, in the order of reading. */
  readonly others: readonly TextLine[]
}

/** Fewer than two messages are not a conversation. */
const LEAST_MESSAGES = 2
/** Share of the words that bubbles must hold. */
const LEAST_SHARE = 0.5
/** Shares of the width: a bubble leaves more room on one side, and touches neither edge of the picture as a head does. */
const ONE_SIDED = 0.03
const TOUCHES = 0.005
/** Twelve or twenty-four hours, in the digits of the court's languages; letters of a line in which nothing else stands. */
const TIME = /^(?:[01০-১]?[\d০-৯]|2[0-3]|২[০-৩])[:.][0-5০-৫][\d০-৯]$/
const HALF_OF_DAY = /^[ap]\.?m\.?$/i
/** Marks of delivery, as the recogniser reads them. */
const MOST_MARKS = 2
const MARK_LETTERS = 3

/** Null: the picture is not a chat in bubbles. */
export function chatIn(pixels: Pixels, lines: readonly TextLine[]): PictureChat | null {
  const groups = bubblesOf(pixels, lines)
  const bubbles = groups.filter(({ side }) => side !== null)
  const first = Math.min(...bubbles.map(({ bubble }) => bubble.top))
  const messages = bubbles.flatMap(({ side, lines: own }) => {
    const { words, time } = withoutTime(own)
    return words.length === 0 ? [] : [{ side: side!, words, time, lines: own }]
  })
  const count = (some: readonly TextLine[]) => some.reduce((sum, line) => sum + line.words.length, 0)
  const inMessages = new Set(messages.flatMap(({ lines: own }) => own))
  const others = lines.filter((line) => !inMessages.has(line))
  if (messages.length < LEAST_MESSAGES || count([...inMessages]) < LEAST_SHARE * count(lines)) return null
  return { contact: contactOf(others, first), messages: withTimesBelow(messages, others), others }
}

interface Group {
  readonly bubble: Bubble
  readonly lines: TextLine[]
  readonly side: 'left' | 'right' | null
}

function bubblesOf(pixels: Pixels, lines: readonly TextLine[]): Group[] {
  const near = Math.max(4, pixels.width * 0.012)
  const groups: Group[] = []
  for (const line of lines) {
    const bubble = bubbleAround(pixels, line)
    const side = sideOf(bubble, pixels.width)
    const same = groups.find(
      (one) =>
        isSameBubble(one.bubble, bubble, near) || (one.side === side && goesOn(one, bubble, line, near)),
    )
    if (same) same.lines.push(line)
    else groups.push({ bubble, lines: [line], side })
  }
  return withLinesInside(groups)
    .map((group) => ({ ...group, lines: lines.filter((line) => group.lines.includes(line)) }))
    .sort((a, b) => a.bubble.top - b.bubble.top)
}

/**
 * A line that stands in a bubble belongs to it, whatever was found around the line itself: a pictograph ends an even area, and so does
 * uneven light on a sheet, whose lines then are one group and no chat.
 */
function withLinesInside(groups: readonly Group[]): Group[] {
  const kept: Group[] = []
  for (const group of [...groups].sort((a, b) => areaOf(b.bubble) - areaOf(a.bubble))) {
    const around = kept.find(
      ({ side, bubble }) => side !== null && group.lines.every((line) => standsIn(bubble, line)),
    )
    if (around) around.lines.push(...group.lines)
    else kept.push(group)
  }
  return kept
}

function areaOf({ left, right, top, bottom }: Bubble): number {
  return (right - left) * (bottom - top)
}

function standsIn({ left, right, top, bottom }: Bubble, { box: { x, y } }: TextLine): boolean {
  return x > left && x < right && y > top && y < bottom
}

function isSameBubble(a: Bubble, b: Bubble, near: number): boolean {
  return (
    Math.abs(a.left - b.left) <= near &&
    Math.abs(a.right - b.right) <= near &&
    Math.min(a.bottom, b.bottom) > Math.max(a.top, b.top)
  )
}

/** Lines of one bubble are nearer to each other than two bubbles are. */
const LINE_GAP = 0.35

/** A line under the last one of a bubble, where the other edge of the bubble was missed. */
function goesOn({ bubble, lines, side }: Group, next: Bubble, line: TextLine, near: number): boolean {
  const above = lines.at(-1)!
  const gap = line.place.top - (above.place.top + above.place.height)
  const edge = side === 'right' ? next.right - bubble.right : next.left - bubble.left
  return (
    side !== null && Math.abs(edge) <= near && gap < LINE_GAP * Math.min(line.box.height, above.box.height)
  )
}

function sideOf({ left, right }: Bubble, width: number): Group['side'] {
  const [before, after] = [left, width - 1 - right]
  if (Math.min(before, after) < TOUCHES * width || Math.abs(before - after) < ONE_SIDED * width) return null
  return before < after ? 'left' : 'right'
}

/** The words of a bubble, and the time that stands at its end. */
function withoutTime(lines: readonly TextLine[]): Pick<PictureMessage, 'words' | 'time'> {
  const words = lines.flatMap((line) => line.words.map((word) => ({ word, line })))
  const textAt = (at: number) => words[at]!.word.text
  for (let at = words.length - 1; at >= Math.max(0, words.length - 2 - MOST_MARKS); at--) {
    if (!TIME.test(textAt(at))) continue
    const half = at + 1 < words.length && HALF_OF_DAY.test(textAt(at + 1)) ? [textAt(at + 1)] : []
    if (words.slice(at + 1 + half.length).every(({ word }) => word.text.length <= MARK_LETTERS))
      return withFirstDigit(words.slice(0, at), [textAt(at), ...half].join(' '))
  }
  return { words, time: null }
}

/** “1 4:06”: a first digit that was read apart belongs to the time. */
function withFirstDigit(words: readonly PlacedWord[], time: string): Pick<PictureMessage, 'words' | 'time'> {
  const before = words.at(-1)
  const isDigit =
    before !== undefined &&
    /^[12]$/.test(before.word.text) &&
    /^\d[:.]/.test(time) &&
    TIME.test(before.word.text + time.split(' ')[0])
  // Where a message ends with that digit, its line is longer.
  return isDigit && before.line.words.length <= 2
    ? { words: words.slice(0, -1), time: before.word.text + time }
    : { words, time }
}

/** A time between two bubbles belongs to the one above it. */
function withTimesBelow(
  messages: readonly PictureMessage[],
  others: readonly TextLine[],
): readonly PictureMessage[] {
  const bottomOf = ({ lines }: PictureMessage) =>
    Math.max(...lines.map(({ place }) => place.top + place.height))
  return messages.map((message, i) => {
    if (message.time !== null) return message
    const from = bottomOf(message) - 1
    const next = messages[i + 1]
    const to = next ? Math.min(...next.lines.map(({ place }) => place.top)) : Number.POSITIVE_INFINITY
    const below = others.find(
      (line) => line.box.y > from && line.box.y < to && TIME.test(line.words[0]!.text),
    )
    return below ? { ...message, time: textOf(below) } : message
  })
}

/** The tallest line above the first bubble that has letters; the clock and the battery are above it and smaller. */
function contactOf(others: readonly TextLine[], firstBubble: number): string | null {
  const head = others.filter(
    (line) => line.box.y < firstBubble && /\p{L}{2}/u.test(textOf(line)) && !TIME.test(textOf(line)),
  )
  const tallest = Math.max(...head.map(({ box }) => box.height))
  const contact = head.find(({ box }) => box.height > 0.9 * tallest)
  return contact ? textOf(contact) : null
}
