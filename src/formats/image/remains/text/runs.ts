/**
 * Runs of text in bytes that no live file holds: single bytes (ASCII, UTF-8, encodings before Unicode) and UTF-16 in
 * both byte orders, at even and odd offsets.
 *
 * A run ends at the first byte that text does not have, and at the end of its range: a text of several fragments is
 * several runs. Chinese and Japanese before Unicode, and in UTF-16, are not found.
 */
import type { ByteRange, Medium } from '../../../../contracts/image.ts'
import { narrowTexts, type RunEncoding, wideText } from './judge.ts'

export interface TextRun extends ByteRange {
  readonly encoding: RunEncoding
}

/** Longer text is cut behind a space. */
const MOST_RUN_BYTES = 1 << 20
const PIECE_BYTES = 1 << 20
const ZEROS = Buffer.alloc(4096)
/** Shorter runs are not judged: bytes of other contents have them by chance. */
const LEAST_NARROW_BYTES = 16
const LEAST_WIDE_BYTES = 24

/** 1: text may have this byte; 2: and a long run may be cut behind it. */
const NARROW = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 0x20 || byte === 0x0a
    ? 2
    : byte === 0x09 || byte === 0x0d || (byte > 0x20 && byte !== 0x7f)
      ? 1
      : 0,
)

/** Letters and signs below U+0700 and the usual punctuation marks. */
const WIDE = Uint8Array.from({ length: 1 << 16 }, (_, unit) => {
  if (unit < 0x80) return NARROW[unit]!
  return (unit >= 0xa0 && unit < 0x700) || (unit >= 0x2010 && unit < 0x2045) || unit === 0x20ac ? 1 : 0
})

/** One way to read the bytes: where its current run began, and where it may be cut. −1: no run. */
interface Way {
  readonly order: 'le' | 'be'
  start: number
  cut: number
}

interface Wide extends TextRun {
  readonly score: number
}

/** Three MiB: a volume has one for all its files. */
export function textBuffer(): Buffer {
  return Buffer.allocUnsafe(PIECE_BYTES + 2 * MOST_RUN_BYTES)
}

/**
 * @param ranges in order; runs are given in the order of their ends within a range, narrow and wide ones mixed
 * @param buffer of textBuffer(), for one search at a time
 */
export function* textRuns(
  medium: Medium,
  ranges: Iterable<ByteRange>,
  buffer = textBuffer(),
): Generator<TextRun> {
  for (const range of ranges) yield* new RangeScan(medium, range, buffer).runs()
}

class RangeScan {
  readonly #medium: Medium
  readonly #end: number
  readonly #buffer: Buffer
  readonly #narrow = { start: -1, cut: -1 }
  /** Even and odd offsets from the beginning of the range, in each byte order. */
  readonly #wide: readonly (readonly Way[])[] = [0, 1].map(() => [
    { order: 'le', start: -1, cut: -1 },
    { order: 'be', start: -1, cut: -1 },
  ])
  readonly #begin: number
  #from: number
  #held = 0
  #out: TextRun[] = []
  /** By their ends: wide runs of which another way to read the same bytes, still under way, may be better. */
  #waiting: Wide[] = []

  constructor(medium: Medium, range: ByteRange, buffer: Buffer) {
    this.#medium = medium
    this.#begin = range.offset
    this.#from = range.offset
    this.#end = Math.min(range.offset + range.length, medium.sizeBytes)
    this.#buffer = buffer
  }

  *runs(): Generator<TextRun> {
    for (let at = this.#begin; at < this.#end; ) {
      if (!this.#fill(at)) break
      const to = this.#from + this.#held
      this.#scan(at, to)
      at = to
      yield* this.#taken()
    }
    this.#endAll(this.#from + this.#held)
    this.#out.push(...this.#waiting)
    yield* this.#taken()
  }

  *#taken(): Generator<TextRun> {
    const out = this.#out
    this.#out = []
    for (const { offset, length, encoding } of out) yield { offset, length, encoding }
  }

  /** Keeps the bytes of runs that go on, and reads the next piece behind them. */
  #fill(at: number): boolean {
    const starts = [this.#narrow, ...this.#wide.flat()]
      .map(({ start }) => start)
      .filter((start) => start >= 0)
    const keep = Math.min(at, ...starts)
    this.#buffer.copyWithin(0, keep - this.#from, at - this.#from)
    this.#from = keep
    const have = at - keep
    const wanted = Math.min(PIECE_BYTES, this.#end - at)
    const got = this.#medium.readInto(this.#buffer.subarray(have, have + wanted), at)
    this.#held = have + got
    return got > 0
  }

  #scan(begin: number, end: number): void {
    const [buffer, from] = [this.#buffer, this.#from]
    const even = this.#wide[0]!
    const odd = this.#wide[1]!
    const [narrow, evenLe, evenBe, oddLe, oddBe] = [this.#narrow, even[0]!, even[1]!, odd[0]!, odd[1]!]
    for (let at = begin; at < end; at++) {
      const i = at - from
      const byte = buffer[i]!
      if (byte === 0 && (at & 4095) === 0 && end - at >= ZEROS.length && this.#isZero(i)) {
        this.#endAll(at)
        at += ZEROS.length - 1
        continue
      }
      const kind = NARROW[byte]!
      if (kind === 0) {
        if (narrow.start >= 0) this.#endNarrow(at)
      } else {
        if (narrow.start < 0) narrow.start = at
        if (kind === 2) narrow.cut = at + 1
        if (at - narrow.start >= MOST_RUN_BYTES) this.#cutNarrow(at + 1)
      }
      if (at === this.#begin) continue
      const before = i > 0 ? buffer[i - 1]! : this.#byteAt(at - 1)
      const isEven = ((at - this.#begin) & 1) === 1
      this.#unit(isEven ? evenLe : oddLe, WIDE[before | (byte << 8)]!, at - 1)
      this.#unit(isEven ? evenBe : oddBe, WIDE[byte | (before << 8)]!, at - 1)
    }
  }

  #unit(way: Way, kind: number, at: number): void {
    if (kind === 0) {
      if (way.start >= 0) this.#endWide(way, at)
      return
    }
    if (way.start < 0) way.start = at
    if (kind === 2) way.cut = at + 2
    if (at - way.start >= MOST_RUN_BYTES) {
      const cut = way.cut > way.start ? way.cut : at + 2
      this.#judgeWide(way, cut)
      way.start = cut <= at ? cut : -1
    }
  }

  #isZero(i: number): boolean {
    return this.#buffer.subarray(i, i + ZEROS.length).equals(ZEROS)
  }

  #byteAt(at: number): number {
    const one = Buffer.alloc(1)
    this.#medium.readInto(one, at)
    return one[0]!
  }

  #endAll(at: number): void {
    if (this.#narrow.start >= 0) this.#endNarrow(at)
    for (const way of this.#wide.flat())
      if (way.start >= 0) this.#endWide(way, way.start + Math.floor((at - way.start) / 2) * 2)
  }

  #endNarrow(at: number): void {
    const { start } = this.#narrow
    this.#narrow.start = -1
    if (at - start >= LEAST_NARROW_BYTES) this.#judgeNarrow(start, at)
  }

  #cutNarrow(at: number): void {
    const { start, cut } = this.#narrow
    const to = cut > start ? cut : at
    this.#judgeNarrow(start, to)
    this.#narrow.start = to < at ? to : -1
  }

  #judgeNarrow(start: number, end: number): void {
    const bytes = this.#buffer.subarray(start - this.#from, end - this.#from)
    for (const { offset, length, encoding } of narrowTexts(bytes))
      this.#out.push({ offset: start + offset, length, encoding })
  }

  #endWide(way: Way, at: number): void {
    const { start } = way
    way.start = -1
    if (at - start >= LEAST_WIDE_BYTES) this.#judgeWide({ ...way, start }, at)
  }

  #judgeWide({ order, start }: Way, end: number): void {
    const score = wideText(this.#buffer.subarray(start - this.#from, end - this.#from), order)
    if (score === null) return
    const found: Wide = { offset: start, length: end - start, encoding: `utf-16${order}`, score }
    let kept = this.#waiting.length
    for (; kept > 0 && endOf(this.#waiting[kept - 1]!) > start; kept--)
      if (this.#isBetter(this.#waiting[kept - 1]!, found)) return
    this.#waiting.length = kept
    this.#waiting.push(found)
    const first = Math.min(
      ...this.#wide.flat().map((way) => (way.start < 0 ? Number.POSITIVE_INFINITY : way.start)),
    )
    const under = this.#waiting.findIndex((one) => endOf(one) > first)
    if (under !== 0) this.#out.push(...this.#waiting.splice(0, under < 0 ? this.#waiting.length : under))
  }

  /** The same bytes read a byte later, in the other order, have the same Latin letters. Texts begin at even offsets. */
  #isBetter(one: Wide, other: Wide): boolean {
    if (one.score !== other.score) return one.score > other.score
    return ((one.offset - this.#begin) & 1) === 0
  }
}

function endOf({ offset, length }: ByteRange): number {
  return offset + length
}
