/**
 * How far two or more persons agree who graded the same contents: figures only, not which person is right. Pure: the
 * same decisions give the same figures, the bootstrap included.
 */
import { seededNumbers } from './seeded-numbers.ts'

/** Category by grader, for one content. */
export type Graded = ReadonlyMap<string, string>

export interface Interval {
  readonly from: number
  readonly to: number
}

export interface PairAgreement {
  readonly graders: readonly [string, string]
  /** Number of contents that both persons graded. */
  readonly contents: number
  readonly agreed: number
  /** Share of contents with equal categories, with Wilson's interval of 95 %. */
  readonly raw: number
  readonly rawInterval: Interval
  /** Null where both used one category only: chance alone then always agrees. */
  readonly kappa: number | null
  /**
   * Percentiles of the bootstrap over contents, 95 %; null where kappa is null, or where too few resamples have a
   * kappa.
   */
  readonly kappaInterval: Interval | null
  /** Rows: categories of the first grader; columns: categories of the second, in the order of `categories`. */
  readonly table: readonly (readonly number[])[]
  readonly categories: readonly string[]
  /** 2 · both / (first + second); null where neither person used the category. */
  readonly perCategory: readonly { readonly category: string; readonly agreement: number | null }[]
}

/** Two-sided, 95 %: the quantile 0.975 of the standard normal distribution. */
const Z = 1.959963984540054
const RESAMPLES = 2000

/** @param categories of the scale, in its order; other categories that occur come after them */
export function pairAgreement(
  units: readonly Graded[],
  graders: readonly [string, string],
  categories: readonly string[],
  seed: string,
): PairAgreement {
  const pairs = units.flatMap((unit): [string, string][] => {
    const [a, b] = graders.map((grader) => unit.get(grader))
    return a === undefined || b === undefined ? [] : [[a, b]]
  })
  const used = [...new Set([...categories, ...pairs.flat()])]
  const table = tableOf(pairs, used)
  const agreed = diagonal(table)
  const kappa = kappaOf(table)
  return {
    graders,
    contents: pairs.length,
    agreed,
    raw: agreed / pairs.length,
    rawInterval: wilson(agreed, pairs.length),
    kappa,
    kappaInterval: kappa === null ? null : bootstrap(pairs, used, seed),
    table,
    categories: used,
    perCategory: used.map((category, i) => {
      const both = table[i]![i]!
      const all = sum(table[i]!) + sum(table.map((row) => row[i]!))
      return { category, agreement: all === 0 ? null : (2 * both) / all }
    }),
  }
}

/**
 * Cohen's kappa of a square table; null where agreement by chance is certain.
 * @see J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20, 1960
 */
export function kappaOf(table: readonly (readonly number[])[]): number | null {
  const total = sum(table.map(sum))
  const observed = diagonal(table) / total
  const byChance = sum(table.map((row, i) => sum(row) * sum(table.map((other) => other[i]!)))) / total ** 2
  return total === 0 || byChance === 1 ? null : (observed - byChance) / (1 - byChance)
}

/** @see E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927 */
export function wilson(successes: number, trials: number): Interval {
  if (trials === 0) return { from: 0, to: 1 }
  const share = successes / trials
  const middle = share + Z ** 2 / (2 * trials)
  const width = Z * Math.sqrt((share * (1 - share)) / trials + Z ** 2 / (4 * trials ** 2))
  const scale = 1 + Z ** 2 / trials
  return { from: Math.max(0, (middle - width) / scale), to: Math.min(1, (middle + width) / scale) }
}

/**
 * Krippendorff's alpha for nominal categories, any number of graders, gaps allowed. Null where no content can be
 * compared, or only one category was used.
 * @see K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011
 */
export function alphaOf(units: readonly Graded[]): number | null {
  const pairable = units.map((unit) => [...unit.values()]).filter(({ length }) => length > 1)
  const totals = new Map<string, number>()
  let disagreeing = 0
  for (const values of pairable) {
    const counts = new Map<string, number>()
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
    for (const [value, count] of counts) {
      totals.set(value, (totals.get(value) ?? 0) + count)
      disagreeing += (count * (values.length - count)) / (values.length - 1)
    }
  }
  const n = sum([...totals.values()])
  const expected = sum([...totals.values()].map((count) => count * (n - count)))
  return expected === 0 ? null : 1 - ((n - 1) * disagreeing) / expected
}

function bootstrap(
  pairs: readonly [string, string][],
  used: readonly string[],
  seed: string,
): Interval | null {
  const next = seededNumbers(seed)
  const found: number[] = []
  for (let i = 0; i < RESAMPLES; i++) {
    const drawn = pairs.map(() => pairs[Math.floor(next() * pairs.length)]!)
    const kappa = kappaOf(tableOf(drawn, used))
    if (kappa !== null) found.push(kappa)
  }
  // Without a kappa in most resamples, an interval is meaningless.
  if (found.length < RESAMPLES / 2) return null
  found.sort((a, b) => a - b)
  const at = (share: number) => found[Math.min(found.length - 1, Math.floor(share * found.length))]!
  return { from: at(0.025), to: at(0.975) }
}

function tableOf(pairs: readonly (readonly [string, string])[], used: readonly string[]): number[][] {
  const place = new Map(used.map((category, i) => [category, i]))
  const table = used.map(() => used.map(() => 0))
  for (const [a, b] of pairs) table[place.get(a)!]![place.get(b)!]!++
  return table
}

function diagonal(table: readonly (readonly number[])[]): number {
  return sum(table.map((row, i) => row[i]!))
}

function sum(numbers: readonly number[]): number {
  let total = 0
  for (const one of numbers) total += one
  return total
}
