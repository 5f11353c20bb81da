/**
 * Finds the bubble around a line of text: the even area that the line stands on, to where its colour ends. Means over some
 * rows or columns are compared, because a JPEG has rings around letters.
 */
import type { Pixels } from '../../contracts/content.ts'
import type { TextLine } from './text-line.ts'

export interface Bubble {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/**
 * Differences of a mean colour that belong to the same area: the palest bubbles differ from their page by 11. Around letters in
 * a strong colour a JPEG is off by more, so a bubble that differs more from its page may be less even.
 */
const LEAST_SAME = 6
const MOST_SAME = 40
const OF_CONTRAST = 0.4
/** A longer stretch of another colour ends the area. */
const ENDS_AFTER = 3
/** The colour of the area follows a gradient this fast. */
const FOLLOWS = 0.1

export function bubbleAround(pixels: Pixels, { box, words, ground }: TextLine): Bubble {
  const rows = span(box.y - box.height * 0.25, box.y + box.height * 0.25, pixels.height)
  const across = (x: number) => mean(pixels, { from: x, to: x }, rows)
  const page = [span(0, 2, pixels.width), span(pixels.width - 3, pixels.width - 1, pixels.width)].map(
    (columns) => differenceOf(mean(pixels, columns, rows), ground),
  )
  const same = Math.max(LEAST_SAME, Math.min(MOST_SAME, OF_CONTRAST * Math.min(...page)))
  // Of the words: the detector's line is longer than its letters, and may end on the bubble's edge.
  const start = Math.min(...words.map(({ place }) => place.left)) - 1
  const end = Math.max(...words.map(({ place }) => place.left + place.width)) + 1
  const left = edge(across, start, -1, pixels.width, ground, same)
  const right = edge(across, end, 1, pixels.width, ground, same)
  // Between the area's edge and the letters; rounded corners reach only a little into it.
  const at = left + Math.max(2, Math.min(box.height * 0.4, (start - left) / 2 || 2))
  const columns = span(at - 1, at + 1, pixels.width)
  const down = (y: number) => mean(pixels, columns, { from: y, to: y })
  const top = edge(down, box.y, -1, pixels.height, ground, same)
  const bottom = edge(down, box.y, 1, pixels.height, ground, same)
  return { left, right, top, bottom }
}

type Colour = readonly [number, number, number]

function edge(
  colourAt: (at: number) => Colour,
  from: number,
  step: 1 | -1,
  limit: number,
  ground: Colour,
  same: number,
): number {
  let [r, g, b] = ground
  let last = Math.max(0, Math.min(limit - 1, Math.round(from)))
  let other = 0
  for (let at = last; at >= 0 && at < limit; at += step) {
    const [r1, g1, b1] = colourAt(at)
    if (differenceOf([r1, g1, b1], [r, g, b]) > same) {
      if (++other >= ENDS_AFTER) return last
      continue
    }
    other = 0
    last = at
    r += (r1 - r) * FOLLOWS
    g += (g1 - g) * FOLLOWS
    b += (b1 - b) * FOLLOWS
  }
  return last
}

function differenceOf(a: Colour, b: Colour): number {
  return Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1]), Math.abs(a[2] - b[2]))
}

interface Span {
  readonly from: number
  readonly to: number
}

function span(from: number, to: number, limit: number): Span {
  const first = Math.max(0, Math.min(limit - 1, Math.round(from)))
  return { from: first, to: Math.max(first, Math.min(limit - 1, Math.round(to))) }
}

function mean({ width, rgb }: Pixels, columns: Span, rows: Span): Colour {
  let [r, g, b, n] = [0, 0, 0, 0]
  for (let y = rows.from; y <= rows.to; y++)
    for (let x = columns.from; x <= columns.to; x++) {
      const p = (y * width + x) * 3
      r += rgb[p]!
      g += rgb[p + 1]!
      b += rgb[p + 2]!
      n++
    }
  return [r / n, g / n, b / n]
}
