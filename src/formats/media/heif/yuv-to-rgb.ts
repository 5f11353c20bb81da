/**
 * Converts brightness and two colour planes of half size to RGB, with rotation. A phone's HEIC has 12 million pixels,
 * so a WebAssembly kernel with the same results exists besides this plain version (yuv-kernel.ts).
 *
 * The arithmetic uses integers in units of 1/65,536, so every machine gives the same result. Each colour sample
 * applies to its four pixels.
 */

export interface Planes {
  readonly luma: Uint8Array
  readonly cb: Uint8Array
  readonly cr: Uint8Array
  /** Bytes from one row to the next. */
  readonly lumaRow: number
  readonly cbRow: number
  readonly crRow: number
  /** Converted part of the planes, from their first pixel. */
  readonly columns: number
  readonly rows: number
}

/** Position of the planes in the picture, when they are a tile. */
export interface Place {
  readonly left: number
  readonly top: number
  /** Size of the whole picture before the rotation. */
  readonly width: number
  readonly height: number
  /** Counterclockwise, 0–3. */
  readonly quarterTurns: number
}

/** @param out RGB of the whole rotated picture */
export type ColourMaker = (planes: Planes, factors: Factors, place: Place, out: Uint8ClampedArray) => void

export function arePlanes({ luma, cb, cr, lumaRow, cbRow, crRow, columns, rows }: Planes): boolean {
  const holds = (plane: Uint8Array, row: number, columns: number, rows: number) =>
    row >= columns && plane.length >= row * (rows - 1) + columns
  const [halfColumns, halfRows] = [Math.ceil(columns / 2), Math.ceil(rows / 2)]
  return (
    holds(luma, lumaRow, columns, rows) &&
    holds(cb, cbRow, halfColumns, halfRows) &&
    holds(cr, crRow, halfColumns, halfRows)
  )
}

/** Weights of red and blue in the brightness, by matrix coefficients (ITU-T H.273); 2 is "unspecified". */
const WEIGHTS: Readonly<Record<number, readonly [number, number]>> = {
  1: [0.2126, 0.0722],
  2: [0.299, 0.114],
  5: [0.299, 0.114],
  6: [0.299, 0.114],
  9: [0.2627, 0.0593],
}

const ONE_BITS = 16
/** Units of one. */
const ONE = 1 << ONE_BITS

export interface Factors {
  readonly black: number
  readonly brightness: number
  readonly redCr: number
  readonly greenCb: number
  readonly greenCr: number
  readonly blueCb: number
}

/** @returns null for unsupported matrices */
export function factorsOf(colour: { readonly matrix: number; readonly fullRange: boolean }): Factors | null {
  const weights = WEIGHTS[colour.matrix]
  if (!weights) return null
  const { fullRange } = colour
  const [kr, kb] = weights
  const kg = 1 - kr - kb
  const chroma = (ONE * (fullRange ? 1 : 255 / 224)) | 0
  return {
    black: fullRange ? 0 : 16,
    brightness: (ONE * (fullRange ? 1 : 255 / 219)) | 0,
    redCr: Math.round(2 * (1 - kr) * chroma),
    greenCb: Math.round(((-2 * kb * (1 - kb)) / kg) * chroma),
    greenCr: Math.round(((-2 * kr * (1 - kr)) / kg) * chroma),
    blueCb: Math.round(2 * (1 - kb) * chroma),
  }
}

export const plainColourMaker: ColourMaker = (planes, factors, place, out) => {
  const { luma, cb, cr, lumaRow, cbRow, crRow, columns, rows } = planes
  const { black, brightness, redCr, greenCb, greenCr, blueCb } = factors
  const { at, right, down } = placing(place)
  for (let y = 0; y < rows; y++) {
    let to = (at + place.left * right + (place.top + y) * down) * 3
    for (let x = 0; x < columns; x++, to += right * 3) {
      const grey = ((luma[y * lumaRow + x] as number) - black) * brightness + ONE / 2
      const blue = (cb[(y >> 1) * cbRow + (x >> 1)] as number) - 128
      const red = (cr[(y >> 1) * crRow + (x >> 1)] as number) - 128
      out[to] = (grey + red * redCr) >> ONE_BITS
      out[to + 1] = (grey + blue * greenCb + red * greenCr) >> ONE_BITS
      out[to + 2] = (grey + blue * blueCb) >> ONE_BITS
    }
  }
}

/** Fills a missing tile with black. */
export function blacken(
  place: Place,
  { columns, rows }: Pick<Planes, 'columns' | 'rows'>,
  out: Uint8ClampedArray,
): void {
  const { at, right, down } = placing(place)
  for (let y = place.top; y < place.top + rows; y++)
    for (let x = place.left; x < place.left + columns; x++) {
      const to = (at + x * right + y * down) * 3
      out[to] = out[to + 1] = out[to + 2] = 0
    }
}

/** Index of a pixel in the rotated picture: at + x · right + y · down. */
function placing({ width, height, quarterTurns }: Place) {
  switch (quarterTurns) {
    case 1:
      return { at: (width - 1) * height, right: -height, down: 1 }
    case 2:
      return { at: width * height - 1, right: -1, down: -width }
    case 3:
      return { at: height - 1, right: height, down: -1 }
    default:
      return { at: 0, right: 1, down: width }
  }
}
