/**
 * The source lines and whole-number weights of each of PDQ's 64 samples along one axis.
 *
 * PDQ blurs the whole picture twice with a box and then keeps 64 of its lines. Blur along x and blur along y commute,
 * so a sample is a fixed weighted mean of about length/64 source lines (two boxes make a tent).
 * With a common denominator the weights are integers. Sums of 8-bit pixels are then exact, in any order.
 */

export const PDQ_GRID = 64

/** One sample: (Σ weights[k] · line[start + k]) / denominator. */
export interface Taps {
  readonly start: number
  readonly weights: Float64Array
  /** Sum of the weights. */
  readonly denominator: number
}

export type AxisTaps = readonly Taps[]

/** @param length pixels along the axis, at least 1 */
export function axisTaps(length: number): AxisTaps {
  const known = recent.get(length)
  if (known) return known
  if (recent.size >= RECENT_LENGTHS) recent.clear()
  const taps = makeTaps(length)
  recent.set(length, taps)
  return taps
}

/** Taps of the same picture turned end for end along this axis, over its unturned lines. */
export function mirroredTaps(taps: AxisTaps, length: number): AxisTaps {
  return taps.map((tap) => ({
    start: length - tap.start - tap.weights.length,
    weights: tap.weights.slice().reverse(),
    denominator: tap.denominator,
  }))
}

/** Pictures of one device share their sides. */
const RECENT_LENGTHS = 16
const recent = new Map<number, AxisTaps>()

function makeTaps(length: number): AxisTaps {
  const window = Math.floor((length + 2 * PDQ_GRID - 1) / (2 * PDQ_GRID))
  return Array.from({ length: PDQ_GRID }, (_, i) =>
    tapsAt(Math.floor(((i + 0.5) * length) / PDQ_GRID), length, window),
  )
}

/**
 * Taps over the lines of a reduced picture, in place of the taps of the full one. Each full line lies between two
 * reduced lines and gives them its weight by nearness. Weights are rounded to whole numbers, so sums stay exact.
 * @param reduced number of lines of the reduced picture
 * @throws RangeError when it exceeds `length`
 */
export function reducedTaps(length: number, reduced: number): AxisTaps {
  if (reduced === length) return axisTaps(length)
  if (reduced > length) throw new RangeError(`A reduced picture has at most ${length} lines, not ${reduced}`)
  return axisTaps(length).map(({ start, weights, denominator }) => {
    const place = (line: number) =>
      Math.min(reduced - 1, Math.max(0, ((line + 0.5) * reduced) / length - 0.5))
    const first = Math.floor(place(start))
    const shares = new Float64Array(
      Math.min(reduced - 1, Math.floor(place(start + weights.length - 1)) + 1) - first + 1,
    )
    weights.forEach((weight, k) => {
      const at = place(start + k)
      const below = Math.floor(at)
      shares[below - first]! += (weight * (1 - (at - below))) / denominator
      if (at > below) shares[below + 1 - first]! += (weight * (at - below)) / denominator
    })
    const scale = REDUCED_WEIGHT / Math.max(...shares)
    const whole = shares.map((share) => Math.round(share * scale))
    return { start: first, weights: whole, denominator: whole.reduce((sum, weight) => sum + weight) }
  })
}

/** The largest weight of a sample: fine enough to lose no precision, and under 2¹⁵ for the kernel (pdq-rows.ts). */
const REDUCED_WEIGHT = 0x7000

function tapsAt(position: number, length: number, window: number): Taps {
  const outer = boxAround(position, length, window)
  const inner = Array.from({ length: outer.count }, (_, k) => boxAround(outer.from + k, length, window))
  // Counts differ only where a window is cut at the end of the axis: by one sample, for even windows.
  const common = inner.map((box) => box.count).reduce(leastCommonMultiple)
  const start = inner[0]!.from
  const last = inner[inner.length - 1]!
  const weights = new Float64Array(last.from + last.count - start)
  for (const box of inner) {
    for (let k = 0; k < box.count; k++) weights[box.from + k - start]! += common / box.count
  }
  return { start, weights, denominator: common * outer.count }
}

/** A box of `window` samples around a position, leaning forward when even, cut off at the ends. */
function boxAround(position: number, length: number, window: number): { from: number; count: number } {
  const half = Math.floor((window + 2) / 2)
  const from = Math.max(0, position - (window - half))
  const to = Math.min(length - 1, position + half - 1)
  return { from, count: to - from + 1 }
}

function leastCommonMultiple(a: number, b: number): number {
  return (a / greatestCommonDivisor(a, b)) * b
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
