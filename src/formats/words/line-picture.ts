/**
 * Cuts one line out of a picture as the recogniser wants it: upright, dark letters on light, of one height. A page in
 * dark mode has bubbles of both polarities, so each line is turned by itself.
 */
import type { Pixels } from '../../contracts/content.ts'
import type { LineBox } from './text-line.ts'

/** The recogniser's networks take 36 rows; letters of the line then have about 24 of these. */
export const LINE_ROWS = 44
/** Light border, which the recogniser needs to find the first and last letters. */
export const BORDER = 10
/** Longer lines are cut: a line of a picture is seldom wider than forty of its heights. */
const MOST_COLUMNS = 4000

export interface LinePicture {
  readonly width: number
  readonly height: number
  /** 0 dark – 255 light. */
  readonly grey: Uint8Array
  /** Pixels of the searched picture for a pixel of this one. */
  readonly unit: number
  readonly ground: readonly [number, number, number]
}

export function linePicture(pixels: Pixels, line: LineBox): LinePicture {
  const unit = line.height / LINE_ROWS
  const columns = Math.max(8, Math.min(MOST_COLUMNS, Math.round(line.width / unit)))
  const rgb = sampled(pixels, line, columns, unit)
  const ground = commonestColour(rgb)
  const grey = darkOnLight(greyOf(rgb), greyOfColour(ground))
  const width = columns + 2 * BORDER
  const height = LINE_ROWS + 2 * BORDER
  const out = new Uint8Array(width * height).fill(255)
  for (let y = 0; y < LINE_ROWS; y++)
    out.set(grey.subarray(y * columns, (y + 1) * columns), (y + BORDER) * width + BORDER)
  return { width, height, grey: out, unit, ground }
}

/** The mean of four points a pixel: letters stay whole where the picture is reduced. */
function sampled({ width, height, rgb }: Pixels, line: LineBox, columns: number, unit: number): Uint8Array {
  const out = new Uint8Array(columns * LINE_ROWS * 3)
  const [cos, sin] = [Math.cos(line.angle), Math.sin(line.angle)]
  const spread = unit > 1 ? [-0.25, 0.25] : [0]
  const share = 1 / (spread.length * spread.length)
  let to = 0
  for (let j = 0; j < LINE_ROWS; j++)
    for (let i = 0; i < columns; i++) {
      let [r, g, b] = [0, 0, 0]
      for (const dy of spread)
        for (const dx of spread) {
          const along = (i + 0.5 + dx - columns / 2) * unit
          const beside = (j + 0.5 + dy - LINE_ROWS / 2) * unit
          const x = Math.min(width - 1.001, Math.max(0, line.x + along * cos - beside * sin - 0.5))
          const y = Math.min(height - 1.001, Math.max(0, line.y + along * sin + beside * cos - 0.5))
          const [x0, y0] = [Math.floor(x), Math.floor(y)]
          const [fx, fy] = [x - x0, y - y0]
          const p = (y0 * width + x0) * 3
          const right = x0 + 1 < width ? 3 : 0
          const below = y0 + 1 < height ? width * 3 : 0
          const w00 = (1 - fx) * (1 - fy)
          const w10 = fx * (1 - fy)
          const w01 = (1 - fx) * fy
          const w11 = fx * fy
          r += rgb[p]! * w00 + rgb[p + right]! * w10 + rgb[p + below]! * w01 + rgb[p + below + right]! * w11
          g +=
            rgb[p + 1]! * w00 +
            rgb[p + right + 1]! * w10 +
            rgb[p + below + 1]! * w01 +
            rgb[p + below + right + 1]! * w11
          b +=
            rgb[p + 2]! * w00 +
            rgb[p + right + 2]! * w10 +
            rgb[p + below + 2]! * w01 +
            rgb[p + below + right + 2]! * w11
        }
      out[to++] = Math.round(r * share)
      out[to++] = Math.round(g * share)
      out[to++] = Math.round(b * share)
    }
  return out
}

/** Mean of the colours of the fullest of 4,096 boxes: letters take less room than what they stand on. */
function commonestColour(rgb: Uint8Array): readonly [number, number, number] {
  const counts = new Uint32Array(4096)
  const key = (p: number) => ((rgb[p]! >> 4) << 8) | ((rgb[p + 1]! >> 4) << 4) | (rgb[p + 2]! >> 4)
  for (let p = 0; p < rgb.length; p += 3) counts[key(p)]!++
  const most = counts.indexOf(Math.max(...counts))
  let [r, g, b] = [0, 0, 0]
  for (let p = 0; p < rgb.length; p += 3)
    if (key(p) === most) {
      r += rgb[p]!
      g += rgb[p + 1]!
      b += rgb[p + 2]!
    }
  const n = Math.max(1, counts[most]!)
  return [Math.round(r / n), Math.round(g / n), Math.round(b / n)]
}

/** Luma of ITU-R BT.601. */
function greyOf(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3)
  for (let i = 0, p = 0; i < grey.length; i++, p += 3)
    grey[i] = Math.round(0.299 * rgb[p]! + 0.587 * rgb[p + 1]! + 0.114 * rgb[p + 2]!)
  return grey
}

function greyOfColour([r, g, b]: readonly [number, number, number]): number {
  return 0.299 * r + 0.587 * g + 0.114 * b
}

/** Differences from the ground below this are its own noise. */
const NOISE = 24

/** The ground becomes white and the strongest letters black; letters on one side of the ground decide the side. */
function darkOnLight(grey: Uint8Array, ground: number): Uint8Array {
  const counts = new Uint32Array(256)
  let [darker, lighter] = [0, 0]
  for (const value of grey) {
    counts[value]!++
    if (value < ground - NOISE) darker += ground - value
    else if (value > ground + NOISE) lighter += value - ground
  }
  const turned = lighter > darker
  // One in fifty points is a letter in the sparsest of lines.
  let left = Math.max(1, grey.length / 50)
  let strongest = turned ? 255 : 0
  while (left > 0 && strongest >= 0 && strongest <= 255) {
    left -= counts[strongest]!
    if (left > 0) strongest += turned ? -1 : 1
  }
  const range = Math.max(NOISE, Math.abs(ground - strongest))
  return grey.map((value) => {
    const away = turned ? value - ground : ground - value
    return 255 - Math.round(255 * Math.min(1, Math.max(0, away / range)))
  })
}
