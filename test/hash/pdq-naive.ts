/**
 * PDQ as its description reads, step by step, with nothing clever in it: the oracle that pdq.ts is tested against.
 *
 * Slow on purpose (every blurred sample is summed anew). Never call it on evidence.
 *
 * @see Facebook, "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm", 2019
 */

export interface NaivePdq {
  /** 64 lower-case hex digits, bit 255 first. */
  readonly hex: string
  /** 0–100. */
  readonly quality: number
}

/** @param luma row-major, width×height, 0–255, not rounded */
export function naivePdq(luma: ArrayLike<number>, width: number, height: number): NaivePdq {
  if (width < 5 || height < 5) return { hex: '0'.repeat(64), quality: 0 }
  let plane = toRows(luma, width, height)
  if (width !== 64 || height !== 64) {
    for (let repetition = 0; repetition < 2; repetition++) {
      plane = plane.map((row) => boxBlur(row, Math.ceil(width / 128)))
      plane = transpose(transpose(plane).map((column) => boxBlur(column, Math.ceil(height / 128))))
    }
  }
  // Single precision, as in the reference: where coefficients would tie, rounding decides the bit.
  const sampled = (index: number, length: number) => Math.floor(((index + 0.5) * length) / 64)
  const grid = range(64).map((i) =>
    range(64).map((j) => Math.fround(plane[sampled(i, height)]![sampled(j, width)]!)),
  )
  return { hex: hexOf(lowFrequencies(grid)), quality: qualityOf(grid) }
}

/** Luma of interleaved 8-bit pixels; alpha is ignored. */
export function naiveLuma(pixels: Uint8Array, channels: 1 | 3 | 4): number[] {
  const luma: number[] = []
  for (let at = 0; at < pixels.length; at += channels) {
    const [r, g, b] = channels === 1 ? [pixels[at]!, pixels[at]!, pixels[at]!] : pixels.subarray(at, at + 3)
    luma.push(r === g && g === b ? r! : (299 * r! + 587 * g! + 114 * b!) / 1000)
  }
  return luma
}

/** Mean over a window that leans right when even; at the ends over what is there. */
function boxBlur(line: readonly number[], window: number): number[] {
  const half = Math.floor((window + 2) / 2)
  return line.map((_, i) => {
    const from = Math.max(0, i - (window - half))
    const to = Math.min(line.length - 1, i + half - 1)
    let sum = 0
    for (let k = from; k <= to; k++) sum += line[k]!
    return sum / (to - from + 1)
  })
}

/** 16×16 coefficients of the two-dimensional cosine transform, frequencies 1–16: the mean is left out. */
function lowFrequencies(grid: readonly (readonly number[])[]): number[] {
  const cosine = range(16).map((i) =>
    range(64).map((j) => Math.sqrt(2 / 64) * Math.cos((Math.PI / 128) * (i + 1) * (2 * j + 1))),
  )
  const half = cosine.map((row) => range(64).map((x) => sumOf(64, (y) => row[y]! * grid[y]![x]!)))
  return half.flatMap((row) => cosine.map((column) => sumOf(64, (x) => row[x]! * column[x]!)))
}

/** Bit k = 16·row + column is set above the lower median; printed with bit 255 first. */
function hexOf(coefficients: readonly number[]): string {
  const median = [...coefficients].sort((a, b) => a - b)[127]!
  let bits = 0n
  coefficients.forEach((value, k) => {
    if (value > median) bits |= 1n << BigInt(k)
  })
  return bits.toString(16).padStart(64, '0')
}

function qualityOf(grid: readonly (readonly number[])[]): number {
  let sum = 0
  for (let i = 0; i < 64; i++) {
    for (let j = 0; j < 64; j++) {
      if (i < 63) sum += Math.abs(Math.trunc(((grid[i]![j]! - grid[i + 1]![j]!) * 100) / 255))
      if (j < 63) sum += Math.abs(Math.trunc(((grid[i]![j]! - grid[i]![j + 1]!) * 100) / 255))
    }
  }
  return Math.min(100, Math.floor(sum / 90))
}

function toRows(luma: ArrayLike<number>, width: number, height: number): number[][] {
  return range(height).map((y) => range(width).map((x) => luma[y * width + x]!))
}

function transpose(rows: readonly (readonly number[])[]): number[][] {
  return rows[0]!.map((_, x) => rows.map((row) => row[x]!))
}

function sumOf(count: number, term: (index: number) => number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += term(i)
  return sum
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}
