/**
 * The mark that is burnt into every reveal: case, exhibit, operator, time and number, tiled over the picture at 35 %
 * and plain in a strip below it. The mark is made here, outside the decoding process: a hostile picture that takes
 * over the decoder cannot remove it.
 */
import type { RevealedFrame } from '../host/decoder/reveal-request.ts'

export interface Marked {
  readonly width: number
  readonly height: number
  /** Grey or RGB, row-major, in the format of the frame. */
  readonly pixels: Buffer
}

const WIDE = 5
const HIGH = 7
/** Size of a glyph's dot, in pixels. */
const DOT = 2
const ADVANCE = (WIDE + 1) * DOT
const STRIP = HIGH * DOT + 8
const SHARE = 0.35

export function marked(frame: RevealedFrame, channels: 1 | 3, text: string): Marked {
  const { width } = frame
  const lines = broken(writable(text), Math.max(4, Math.floor((width - 4) / ADVANCE)))
  const height = frame.height + STRIP * lines.length
  const pixels = Buffer.alloc(width * height * channels)
  frame.pixels.copy(pixels)
  const canvas = { width, height, pixels, channels, dot: DOT }
  const tiled = `${writable(text)}   `
  for (let y = 10, row = 0; y < frame.height; y += HIGH * DOT * 5, row++)
    for (let x = -((row * 137) % (tiled.length * ADVANCE)); x < width; x += tiled.length * ADVANCE)
      write(canvas, tiled, { x, y, bottom: frame.height }, blend)
  for (const [i, line] of lines.entries())
    write(canvas, line, { x: 4, y: frame.height + i * STRIP + 4, bottom: height }, () => 235)
  return { width, height, pixels }
}

/** Of tiles: small glyphs, so that persons and scene can still be told. */
const TILE_SHARE = 0.25
const TILE_ROWS = 56

/** Burns the mark into a tile, in place: small, tiled over the whole picture. @param tile grey */
export function markTile({ width, height, pixels }: Marked, text: string): void {
  const canvas = { width, height, pixels, channels: 1, dot: 1 } as const
  const tiled = `${writable(text)}   `
  const advance = WIDE + 1
  const blended = (before: number) =>
    Math.round(before * (1 - TILE_SHARE) + (before < 128 ? 255 : 0) * TILE_SHARE)
  for (let y = Math.min(8, Math.max(0, height - HIGH)), row = 0; y < height; y += TILE_ROWS, row++)
    for (let x = -((row * 61) % (tiled.length * advance)); x < width; x += tiled.length * advance)
      write(canvas, tiled, { x, y, bottom: height }, blended)
}

/** Lightens dark pixels and darkens light ones, so that the mark is visible everywhere. */
function blend(before: number): number {
  return Math.round(before * (1 - SHARE) + (before < 128 ? 255 : 0) * SHARE)
}

/** Text in characters that the glyphs support: accents are removed, other letters are written as code points. */
export function writable(text: string): string {
  return [...text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase()]
    .map((char) =>
      Object.hasOwn(GLYPHS, char) ? char : `(${char.codePointAt(0)!.toString(16).toUpperCase()})`,
    )
    .join('')
}

function broken(text: string, most: number): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / most) }, (_, i) => text.slice(i * most, (i + 1) * most))
}

interface Canvas {
  readonly width: number
  readonly height: number
  readonly pixels: Buffer
  readonly channels: 1 | 3
  /** Size of a glyph's dot, in pixels. */
  readonly dot: number
}

function write(
  { width, pixels, channels, dot: size }: Canvas,
  text: string,
  at: { readonly x: number; readonly y: number; readonly bottom: number },
  over: (before: number) => number,
): void {
  const dot = (x: number, y: number) => {
    if (x < 0 || x >= width || y >= at.bottom) return
    const from = (y * width + x) * channels
    for (let c = from; c < from + channels; c++) pixels[c] = over(pixels[c]!)
  }
  for (const [i, char] of [...text].entries())
    for (let row = 0; row < HIGH; row++) {
      const bits = Number.parseInt(GLYPHS[char]!.slice(row * 2, row * 2 + 2), 16)
      for (let column = 0; column < WIDE; column++)
        if (bits & (1 << (WIDE - 1 - column)))
          for (let k = 0; k < size * size; k++)
            dot(
              at.x + (i * (WIDE + 1) + column) * size + (k % size),
              at.y + row * size + Math.floor(k / size),
            )
    }
}

/** Seven rows of five dots, two hexadecimal digits a row. */
const GLYPHS: Readonly<Record<string, string>> = {
  A: '0e11111f111111',
  B: '1e11111e11111e',
  C: '0e11101010110e',
  D: '1e11111111111e',
  E: '1f10101e10101f',
  F: '1f10101e101010',
  G: '0e11101711110e',
  H: '1111111f111111',
  I: '0e04040404040e',
  J: '0702020202120c',
  K: '11121418141211',
  L: '1010101010101f',
  M: '111b1515111111',
  N: '11191515131111',
  O: '0e11111111110e',
  P: '1e11111e101010',
  Q: '0e11111115120d',
  R: '1e11111e141211',
  S: '0f10100e01011e',
  T: '1f040404040404',
  U: '1111111111110e',
  V: '11111111110a04',
  W: '11111115151b11',
  X: '11110a040a1111',
  Y: '11110a04040404',
  Z: '1f01020408101f',
  '0': '0e13151515190e',
  '1': '040c040404040e',
  '2': '0e11010608101f',
  '3': '1e01010e01011e',
  '4': '02060a121f0202',
  '5': '1f101e0101110e',
  '6': '0608101e11110e',
  '7': '1f010204080808',
  '8': '0e11110e11110e',
  '9': '0e11110f01020c',
  ' ': '00000000000000',
  '-': '0000001f000000',
  '.': '00000000000c0c',
  ':': '000c0c000c0c00',
  '/': '01010204081010',
  '#': '0a0a1f0a1f0a0a',
  '+': '0004041f040400',
  _: '0000000000001f',
  '(': '02040808080402',
  ')': '08040202020408',
}
