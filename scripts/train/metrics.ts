/**
 * Recall at a fixed rate of false positives, with intervals by resampling clusters.
 *
 * Accuracy and F1 say nothing at a prevalence that is not the real one, so neither is computed.
 */

export interface Scored {
  readonly score: number
  readonly positive: boolean
  readonly cluster: number
  /** One over the size of its cluster: a template that was posted twenty times counts once. */
  readonly weight: number
}

export interface Interval {
  readonly value: number
  /** 2.5 and 97.5 % points over resampled clusters. */
  readonly low: number
  readonly high: number
}

/** The lowest threshold at which at most `rate` of the negatives score above it. */
export function thresholdAt(rows: readonly Scored[], rate: number): number {
  const negatives = rows.filter((row) => !row.positive).sort((a, b) => b.score - a.score)
  const allowed = rate * negatives.reduce((sum, row) => sum + row.weight, 0) + 1e-9
  let above = 0
  for (const row of negatives) {
    above += row.weight
    if (above > allowed) return row.score
  }
  return Number.NEGATIVE_INFINITY
}

export function recallAt(rows: readonly Scored[], rate: number): number {
  return shareAbove(rows, thresholdAt(rows, rate), true)
}

export function shareAbove(rows: readonly Scored[], threshold: number, positive: boolean): number {
  let above = 0
  let all = 0
  for (const row of rows) {
    if (row.positive !== positive) continue
    all += row.weight
    if (row.score > threshold) above += row.weight
  }
  return all === 0 ? 0 : above / all
}

/** Probability that a positive scores above a negative, ties counting half. */
export function areaUnderCurve(rows: readonly Scored[]): number {
  const sorted = [...rows].sort((a, b) => a.score - b.score)
  let below = 0
  let won = 0
  let positives = 0
  for (let i = 0; i < sorted.length; ) {
    let tiedNegative = 0
    let tiedPositive = 0
    let j = i
    for (; j < sorted.length && sorted[j]!.score === sorted[i]!.score; j += 1)
      if (sorted[j]!.positive) tiedPositive += sorted[j]!.weight
      else tiedNegative += sorted[j]!.weight
    won += tiedPositive * (below + tiedNegative / 2)
    below += tiedNegative
    positives += tiedPositive
    i = j
  }
  return won / (positives * below)
}

export function intervalOf(
  rows: readonly Scored[],
  statistic: (rows: readonly Scored[]) => number,
): Interval {
  const clusters = byCluster(rows)
  const random = randomFrom(20121)
  const values = Array.from({ length: 1000 }, () =>
    statistic(
      Array.from({ length: clusters.length }, () => clusters[Math.floor(random() * clusters.length)]!).flat(),
    ),
  ).sort((a, b) => a - b)
  return { value: statistic(rows), low: values[24]!, high: values[974]! }
}

function byCluster(rows: readonly Scored[]): (readonly Scored[])[] {
  const clusters = new Map<number, Scored[]>()
  for (const row of rows) clusters.set(row.cluster, [...(clusters.get(row.cluster) ?? []), row])
  return [...clusters.values()]
}

/** Mulberry32: small, seeded and the same everywhere. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Clusters dealt to `parts` in a seeded order: a cluster is never split. */
export function dealClusters(clusters: Int32Array, parts: number, seed: number): Int32Array {
  const ids = [...new Set(clusters)].sort((a, b) => a - b)
  const random = randomFrom(seed)
  for (let i = ids.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1))
    ;[ids[i], ids[j]] = [ids[j]!, ids[i]!]
  }
  const part = new Map(ids.map((id, i) => [id, i % parts]))
  return clusters.map((id) => part.get(id)!)
}

/** 95 % interval of a share. @see Wilson, "Probable inference, the law of succession, and statistical inference", 1927 */
export function wilson(part: number, whole: number): { readonly low: number; readonly high: number } {
  if (whole === 0) return { low: 0, high: 1 }
  const z = 1.96
  const share = part / whole
  const centre = share + z ** 2 / (2 * whole)
  const spread = z * Math.sqrt((share * (1 - share)) / whole + z ** 2 / (4 * whole ** 2))
  const scale = 1 + z ** 2 / whole
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) }
}
