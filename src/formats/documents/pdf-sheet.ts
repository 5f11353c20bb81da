/** Lays the pictures of a PDF page on a sheet of points. */

/** As PDF writes it: x' = a·x + c·y + e, y' = b·x + d·y + f. */
export type Matrix = readonly [number, number, number, number, number, number]

export interface Painted {
  readonly image: {
    readonly width: number
    readonly height: number
    /** 1: a set bit is white; 24: RGB; 32: RGBA. */
    readonly bits: 1 | 24 | 32
    readonly rowBytes: number
    readonly data: Uint8Array | Uint8ClampedArray
  }
  /** Paints black where a bit is not set, and nothing elsewhere. */
  readonly isMask: boolean
  /** From the unit square, whose top is at 1, to the sheet, whose top is at 0. */
  readonly to: Matrix
}

interface Canvas {
  readonly width: number
  readonly height: number
  /** RGB. */
  readonly data: Uint8Array
}

/** First the second, then the first. */
export function times([a, b, c, d, e, f]: Matrix, [A, B, C, D, E, F]: Matrix): Matrix {
  return [a * A + c * B, b * A + d * B, a * C + c * D, b * C + d * D, a * E + c * F + e, b * E + d * F + f]
}

export function at([a, b, c, d, e, f]: Matrix, x: number, y: number): readonly [number, number] {
  return [a * x + c * y + e, b * x + d * y + f]
}

/** Samples of a point of the sheet along each side: a point of a scan is smaller than one of the sheet. */
const MOST_SAMPLES = 3

export function paint(sheet: Canvas, { image, isMask, to }: Painted): void {
  const [a, b, c, d, e, f] = to
  const determinant = a * d - b * c
  if (!(Math.abs(determinant) > 1e-9)) return
  const corners = [at(to, 0, 0), at(to, 1, 0), at(to, 0, 1), at(to, 1, 1)]
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)]
  const [left, right] = span(xs, sheet.width)
  const [top, bottom] = span(ys, sheet.height)
  const density = Math.sqrt((image.width * image.height) / Math.abs(determinant))
  const samples = Math.max(1, Math.min(MOST_SAMPLES, Math.ceil(density)))
  const ink = [0, 0, 0]
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      let [r, g, blue, n] = [0, 0, 0, 0]
      for (let j = 0; j < samples; j++)
        for (let i = 0; i < samples; i++) {
          const [dx, dy] = [x + (i + 0.5) / samples - e, y + (j + 0.5) / samples - f]
          const u = Math.floor(((d * dx - c * dy) / determinant) * image.width)
          const v = Math.floor((1 - (a * dy - b * dx) / determinant) * image.height)
          if (u < 0 || v < 0 || u >= image.width || v >= image.height) continue
          if (!take(image, isMask, u, v, ink)) continue
          r += ink[0]!
          g += ink[1]!
          blue += ink[2]!
          n++
        }
      if (n === 0) continue
      const p = (y * sheet.width + x) * 3
      const under = samples * samples - n
      sheet.data[p] = (r + under * sheet.data[p]!) / (n + under)
      sheet.data[p + 1] = (g + under * sheet.data[p + 1]!) / (n + under)
      sheet.data[p + 2] = (blue + under * sheet.data[p + 2]!) / (n + under)
    }
}

function span(values: readonly number[], limit: number): readonly [number, number] {
  const within = (value: number) => Math.max(0, Math.min(limit, value))
  return [within(Math.floor(Math.min(...values))), within(Math.ceil(Math.max(...values)))]
}

/** @returns false: nothing is painted there */
function take(
  { bits, rowBytes, data }: Painted['image'],
  isMask: boolean,
  u: number,
  v: number,
  ink: number[],
): boolean {
  if (bits === 1) {
    const isSet = ((data[v * rowBytes + (u >> 3)]! >> (7 - (u & 7))) & 1) === 1
    ink.fill(isSet ? 255 : 0)
    return !(isMask && isSet)
  }
  const p = v * rowBytes + u * (bits >> 3)
  ink[0] = data[p]!
  ink[1] = data[p + 1]!
  ink[2] = data[p + 2]!
  return bits === 24 || data[p + 3]! > 0
}
