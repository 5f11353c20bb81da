/**
 * PDQ, the perceptual picture hash: 256 bits that stay nearly the same when a picture is rescaled or recompressed.
 *
 * Hash the pixels as decoded at full size: no EXIF rotation, no colour management, no pre-scaling. Pre-scaled pictures
 * give hashes that differ by a few bits, which is why every stored hash names its flavour (bench/pdq-flavour.ts).
 *
 * @see Facebook, "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm", 2019
 */
import { lowFrequencies } from './pdq-cosine.ts'
import { rowSummer } from './pdq-rows.ts'
import { type AxisTaps, axisTaps, mirroredTaps, PDQ_GRID, reducedTaps } from './pdq-taps.ts'

export interface PdqHash {
  /** 32 bytes, most significant first: bit 255 is the top bit of byte 0. */
  readonly hash: Uint8Array
  /** The same as 64 lower-case hex digits. */
  readonly hex: string
  /** 0–100: how much detail there is. Below 50 the hash is too much chance to match on. */
  readonly quality: number
}

/** `rotate90` turns counter-clockwise; `flip-top-bottom` puts the top row last; `transpose` mirrors in the main diagonal. */
export const PDQ_ORIENTATIONS = [
  'original',
  'rotate90',
  'rotate180',
  'rotate270',
  'flip-top-bottom',
  'flip-left-right',
  'transpose',
  'anti-transpose',
] as const
export type PdqOrientation = (typeof PDQ_ORIENTATIONS)[number]

/** Sides in pixels. */
export interface Sides {
  readonly width: number
  readonly height: number
}

/**
 * PDQ of interleaved 8-bit pixels (grey, RGB or RGBA; alpha is ignored).
 * @param pixels row-major, exactly width × height × channels bytes
 * @param stored sides of the full picture, when the pixels are a reduced version of it: samples are taken at the full
 *   picture's positions, which gives a hash within a few bits of its hash (bench/pdq-flavour.ts)
 * @returns all-zero bits with quality 0 when a side is under 5 pixels
 * @throws RangeError when the length does not fit the sides
 */
export function pdqFromRgb(
  pixels: Uint8Array,
  width: number,
  height: number,
  channels: 1 | 3 | 4,
  stored: Sides = { width, height },
): PdqHash {
  checkLength(pixels.length, width, height, channels)
  if (tooSmall(stored)) return emptyHash()
  const picture = { pixels, width, height, channels }
  const [grid] = sampleGrids(picture, reducedTaps(stored.height, height), [reducedTaps(stored.width, width)])
  return hashOfGrid(grid!)
}

/**
 * PDQ of a luma plane, 0–255, not rounded.
 * @throws RangeError when the length does not fit the sides
 */
export function pdqFromLuma(luma: Float32Array | Float64Array, width: number, height: number): PdqHash {
  checkLength(luma.length, width, height, 1)
  if (tooSmall({ width, height })) return emptyHash()
  return hashOfGrid(sampleLuma(luma, width, axisTaps(height), axisTaps(width)))
}

/**
 * PDQ of the picture in all eight orientations, each equal to the hash of the really turned pixels. (Deriving them from
 * one cosine transform is free and wrong by up to 100 bits: even blur windows lean to one side.)
 * @param stored as for pdqFromRgb
 */
export function pdqOrientations(
  pixels: Uint8Array,
  width: number,
  height: number,
  channels: 1 | 3 | 4,
  stored: Sides = { width, height },
): Record<PdqOrientation, string> {
  checkLength(pixels.length, width, height, channels)
  if (tooSmall(stored)) return everyOrientation(() => emptyHash().hex)
  const picture = { pixels, width, height, channels }
  const rows = reducedTaps(stored.height, height)
  const columns = reducedTaps(stored.width, width)
  const bothWays = [columns, mirroredTaps(columns, width)]
  const [upright, leftRight] = sampleGrids(picture, rows, bothWays) as [Grid, Grid]
  const [topBottom, halfTurn] = sampleGrids(picture, mirroredTaps(rows, height), bothWays) as [Grid, Grid]
  const grids: Record<PdqOrientation, Grid> = {
    original: upright,
    rotate90: transposed(leftRight),
    rotate180: halfTurn,
    rotate270: transposed(topBottom),
    'flip-top-bottom': topBottom,
    'flip-left-right': leftRight,
    transpose: transposed(upright),
    'anti-transpose': transposed(halfTurn),
  }
  return everyOrientation((orientation) => hashOfGrid(grids[orientation]).hex)
}

/**
 * PDQ of a luma plane with padded rows, as video decoders return it: no conversion, no copy.
 * @param plane row-major, at least stride × height bytes
 * @param stride bytes from one row to the next, at least `width`
 * @param gain factor that makes the plane's range 0–255: 255/219 for limited range. It changes the quality and no bit
 *   of the hash.
 */
export function pdqFromPlane(
  plane: Uint8Array,
  { width, height }: Sides,
  stride: number,
  gain: number,
): PdqHash {
  if (stride < width || plane.length < stride * (height - 1) + width)
    throw new RangeError(`${plane.length} bytes are no ${width}×${height} plane of rows of ${stride}`)
  if (tooSmall({ width, height })) return emptyHash()
  const picture = { pixels: plane, width, height, channels: 1, stride } as const
  const [grid] = sampleGrids(picture, axisTaps(height), [axisTaps(width)], gain)
  return hashOfGrid(grid!)
}

interface Picture {
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
  /** Bytes from one row to the next; width × channels when left out. */
  readonly stride?: number
}

/** Luma in thousandths keeps ITU-R BT.601's weights whole: 0.299 R + 0.587 G + 0.114 B. */
const LUMA_SCALE = 1000

/** The blurred picture at 64×64 points in single precision: where coefficients tie, rounding decides the bit. */
type Grid = Float32Array

/** The grid, once for each set of column taps; the rows are summed once for all. */
function sampleGrids(picture: Picture, rows: AxisTaps, columnSets: readonly AxisTaps[], gain = 1): Grid[] {
  const { pixels, width, channels, stride = width * channels } = picture
  const summer = rowSummer()
  const grids = columnSets.map(() => new Float32Array(PDQ_GRID * PDQ_GRID))
  const line = new Float64Array(width)
  rows.forEach((row, i) => {
    lumaOfSums(summer.sum(pixels, stride, row), channels, line)
    columnSets.forEach((columns, set) => {
      sampleLine(line, columns, (LUMA_SCALE * row.denominator) / gain, grids[set]!, i)
    })
  })
  return grids
}

function lumaOfSums(sums: Int32Array | Float64Array, channels: number, line: Float64Array): void {
  if (channels === 1) {
    for (let x = 0; x < line.length; x++) line[x] = LUMA_SCALE * sums[x]!
    return
  }
  for (let x = 0, at = 0; x < line.length; x++, at += channels) {
    line[x] = 299 * sums[at]! + 587 * sums[at + 1]! + 114 * sums[at + 2]!
  }
}

function sampleLine(line: Float64Array, columns: AxisTaps, scale: number, grid: Grid, row: number): void {
  for (let j = 0; j < PDQ_GRID; j++) {
    const { start, weights, denominator } = columns[j]!
    let sum = 0
    for (let k = 0; k < weights.length; k++) sum += weights[k]! * line[start + k]!
    grid[row * PDQ_GRID + j] = sum / (scale * denominator)
  }
}

function sampleLuma(
  luma: Float32Array | Float64Array,
  width: number,
  rows: AxisTaps,
  columns: AxisTaps,
): Grid {
  const grid = new Float32Array(PDQ_GRID * PDQ_GRID)
  const line = new Float64Array(width)
  rows.forEach((row, i) => {
    line.fill(0)
    for (let k = 0; k < row.weights.length; k++) {
      const weight = row.weights[k]!
      const from = (row.start + k) * width
      for (let x = 0; x < width; x++) line[x]! += weight * luma[from + x]!
    }
    sampleLine(line, columns, row.denominator, grid, i)
  })
  return grid
}

function transposed(grid: Grid): Grid {
  return grid.map((_, at) => grid[(at % PDQ_GRID) * PDQ_GRID + Math.floor(at / PDQ_GRID)]!)
}

function hashOfGrid(grid: Grid): PdqHash {
  const coefficients = lowFrequencies(grid)
  // Lower median: the 128th smallest of 256.
  const median = coefficients.slice().sort()[127]!
  const hash = new Uint8Array(32)
  for (let k = 0; k < 256; k++) {
    if (coefficients[k]! > median) hash[31 - (k >> 3)]! |= 1 << (k & 7)
  }
  return { hash, hex: Buffer.from(hash).toString('hex'), quality: qualityOf(grid) }
}

/** Sum of truncated luma steps between neighbours on the 64×64 grid; 90 is the reference's divisor. */
function qualityOf(grid: Grid): number {
  let sum = 0
  for (let i = 0; i < PDQ_GRID; i++) {
    for (let j = 0; j < PDQ_GRID; j++) {
      const at = i * PDQ_GRID + j
      if (i + 1 < PDQ_GRID) sum += Math.abs(Math.trunc(((grid[at]! - grid[at + PDQ_GRID]!) * 100) / 255))
      if (j + 1 < PDQ_GRID) sum += Math.abs(Math.trunc(((grid[at]! - grid[at + 1]!) * 100) / 255))
    }
  }
  return Math.min(100, Math.floor(sum / 90))
}

function tooSmall({ width, height }: Sides): boolean {
  return width < 5 || height < 5
}

function emptyHash(): PdqHash {
  return { hash: new Uint8Array(32), hex: '0'.repeat(64), quality: 0 }
}

function everyOrientation(hexOf: (orientation: PdqOrientation) => string): Record<PdqOrientation, string> {
  return Object.fromEntries(PDQ_ORIENTATIONS.map((name) => [name, hexOf(name)])) as Record<
    PdqOrientation,
    string
  >
}

function checkLength(length: number, width: number, height: number, channels: number): void {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new RangeError(`A picture cannot measure ${width}×${height} pixels`)
  }
  if (length !== width * height * channels) {
    throw new RangeError(
      `${width}×${height} pixels of ${channels} channels need ${width * height * channels} samples, got ${length}`,
    )
  }
}
