/**
 * Gradient-boosted trees of depth 2 on log loss, for the trial of heads alone: nothing that ships uses them. Columns are cut at
 * quantiles of the training rows, and there is no chance in it.
 * @see J. H. Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29, 2001
 */
import type { Matrix } from '../src/learn/logistic.ts'

const CUTS = 8
const RATE = 0.1
const LEAST_LEAF = 5
const WEIGHT = 1

interface Split {
  readonly column: number
  readonly cut: number
}
interface Tree {
  readonly root: Split
  readonly below: readonly [Split, Split]
  readonly leaves: readonly number[]
}

/** @returns the logits of `out` after each number of rounds */
export function boosted(
  { values, width, from, to }: Matrix,
  positive: Uint8Array,
  use: readonly number[],
  out: readonly number[],
  rounds: readonly number[],
): Map<number, Float64Array> {
  const at = (row: number, column: number) => values[row * width + from + column]!
  const cuts = Array.from({ length: to - from }, (_, column) => {
    const sorted = Float32Array.from(use, (row) => at(row, column)).sort()
    return Float32Array.from(
      { length: CUTS },
      (_, k) => sorted[Math.floor(((k + 1) * use.length) / (CUTS + 1))]!,
    )
  })
  const binOf = (value: number, of: Float32Array) => of.reduce((sum, cut) => sum + Number(value > cut), 0)
  const bins = use.map((row) => Uint8Array.from(cuts, (of, column) => binOf(at(row, column), of)))
  const share = use.reduce((sum, row) => sum + positive[row]!, 0) / use.length
  const start = Math.log(share / (1 - share))
  const logits = new Float64Array(use.length).fill(start)
  const found = new Float64Array(out.length).fill(start)
  const results = new Map<number, Float64Array>()
  const most = Math.max(...rounds)
  for (let round = 1; round <= most; round++) {
    const slope = logits.map((z, i) => positive[use[i]!]! - 1 / (1 + Math.exp(-z)))
    const curve = logits.map((z) => {
      const p = 1 / (1 + Math.exp(-z))
      return p * (1 - p)
    })
    const tree = grown(bins, slope, curve)
    if (tree === null) break
    for (const [i, row] of bins.entries()) logits[i]! += RATE * tree.leaves[leafOf(tree, (c) => row[c]!)]!
    for (const [i, row] of out.entries())
      found[i]! += RATE * tree.leaves[leafOf(tree, (c) => binOf(at(row, c), cuts[c]!))]!
    if (rounds.includes(round)) results.set(round, found.slice())
  }
  for (const round of rounds) if (!results.has(round)) results.set(round, found.slice())
  return results
}

function leafOf({ root, below }: Tree, binOf: (column: number) => number): number {
  const side = binOf(root.column) > root.cut ? 1 : 0
  const next = below[side]!
  return 2 * side + (binOf(next.column) > next.cut ? 1 : 0)
}

function grown(bins: readonly Uint8Array[], slope: Float64Array, curve: Float64Array): Tree | null {
  const all = bins.map((_, i) => i)
  const root = bestSplit(bins, slope, curve, all)
  if (root === null) return null
  const sides = [0, 1].map((side) => all.filter((i) => Number(bins[i]![root.column]! > root.cut) === side))
  const below = sides.map((rows) => bestSplit(bins, slope, curve, rows) ?? root)
  const leaves = sides.flatMap((rows, side) =>
    [0, 1].map((half) => {
      const { column, cut } = below[side]!
      const leaf = rows.filter((i) => Number(bins[i]![column]! > cut) === half)
      const sum = (of: Float64Array) => leaf.reduce((total, i) => total + of[i]!, 0)
      return sum(slope) / (sum(curve) + WEIGHT)
    }),
  )
  return { root, below: below as unknown as Tree['below'], leaves }
}

function bestSplit(
  bins: readonly Uint8Array[],
  slope: Float64Array,
  curve: Float64Array,
  rows: readonly number[],
): Split | null {
  let best: (Split & { readonly gain: number }) | null = null
  const gainOf = (g: number, h: number) => (g * g) / (h + WEIGHT)
  const [allSlope, allCurve] = [slope, curve].map((of) => rows.reduce((sum, i) => sum + of[i]!, 0)) as [
    number,
    number,
  ]
  const columns = bins[0]!.length
  const [g, h, n] = [new Float64Array(CUTS + 1), new Float64Array(CUTS + 1), new Int32Array(CUTS + 1)]
  for (let column = 0; column < columns; column++) {
    for (const one of [g, h, n]) one.fill(0)
    for (const i of rows) {
      const bin = bins[i]![column]!
      g[bin]! += slope[i]!
      h[bin]! += curve[i]!
      n[bin]!++
    }
    let [lowSlope, lowCurve, low] = [0, 0, 0]
    for (let cut = 0; cut < CUTS; cut++) {
      lowSlope += g[cut]!
      lowCurve += h[cut]!
      low += n[cut]!
      if (low < LEAST_LEAF || rows.length - low < LEAST_LEAF) continue
      const gain =
        gainOf(lowSlope, lowCurve) +
        gainOf(allSlope - lowSlope, allCurve - lowCurve) -
        gainOf(allSlope, allCurve)
      if (best === null || gain > best.gain) best = { column, cut, gain }
    }
  }
  return best
}
