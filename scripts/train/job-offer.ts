/**
 * Trains the job-offer model: `node dist/scripts/train/job-offer.js DATA_DIR`.
 *
 * Reads rows that are never committed, writes models/job-offer/model.onnx and its card. The card's figures come from
 * cross-validation in which rows of one cluster never lie on both sides, and a template posted twenty times counts once.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  OFFER_BUCKETS,
  OFFER_GROUPS,
  OFFER_HEADS,
  offerFeatures,
  offerWords,
} from '../../src/classify-text/offer-features.ts'
import { type JobOffer, OFFER_TEXTS, offerOf } from '../../src/classify-text/offer-fields.ts'
import { openIndicators } from '../../src/classify-text/offer-indicators.ts'
import { nearDuplicates, sameEmployer, type Texts } from './clusters.ts'
import { bucketWeights, type GroupedRows, lengths, rarities, similarities } from './grouped-features.ts'
import { writeGroupedModel } from './grouped-onnx.ts'
import { readRows } from './jsonl-rows.ts'
import { fitKernelLogistic } from './kernel-logistic.ts'
import {
  areaUnderCurve,
  dealClusters,
  type Interval,
  intervalOf,
  recallAt,
  type Scored,
  shareAbove,
  thresholdAt,
} from './metrics.ts'

const FOLDS = 8
const ROUNDS = 3
/** Flat between 0.02 and 0.3 in cross-validation. */
const RIDGE = 0.1

interface Row {
  readonly id: string
  readonly label: 0 | 1
  readonly near_dup_cluster?: string
}

interface Example {
  readonly offer: JobOffer
  readonly positive: 0 | 1
  readonly groups: GroupedRows[number]
  readonly texts: Texts
}

const HEADS = OFFER_HEADS.map((head) => ({ head, weights: OFFER_GROUPS.map(({ weight }) => weight[head]) }))

const dataFolder = process.argv[2]
if (!dataFolder) throw new Error('Usage: node dist/scripts/train/job-offer.js DATA_DIR')

const indicators = openIndicators(join(import.meta.dirname, '../../../models/job-offer'))
const examples = readRows<Row>(join(dataFolder, 'emscad_en_jobs.jsonl')).map(exampleOf)
const spanish = readRows<Row>(join(dataFolder, 'eures_es_jobs.jsonl')).map(exampleOf)
const splits = [
  { split: 'near-duplicates', clusters: nearDuplicates(examples.map(({ texts }) => texts)) },
  { split: 'same-employer', clusters: sameEmployer(examples.map(({ texts }) => texts)) },
] as const

const tables = HEADS.flatMap(({ head, weights }) =>
  splits.map(({ split, clusters }) => ({ head, split, clusters, scored: crossValidate(weights, clusters) })),
)
const heads = HEADS.map(({ head }) => {
  const { scored } = tables.find((table) => table.head === head && table.split === 'near-duplicates')!
  const mean = (rate: number) =>
    scored.reduce((sum, round) => sum + thresholdAt(round, rate), 0) / scored.length
  return { head, logitAt5Percent: round(mean(0.05)), logitAt1Percent: round(mean(0.01)) }
})

const rarity = rarities(
  examples.map(({ groups }) => groups),
  OFFER_BUCKETS,
)
const fits = HEADS.map(({ weights }) => fitAll(weights))
const bytes = writeGroupedModel({
  groups: OFFER_GROUPS.length,
  heads: HEADS.length,
  rarity,
  weights: interleave(fits.map((fit) => fit.weights)),
  groupWeights: interleave(HEADS.map(({ weights }) => Float32Array.from(weights))),
  absent: interleave(fits.map((fit) => fit.absent)),
  bias: Float32Array.from(fits, (fit) => fit.bias),
})

const folder = join(import.meta.dirname, '../../../models/job-offer')
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'model.onnx'), bytes)
writeFileSync(join(folder, 'card.json'), `${JSON.stringify(card(), null, 2)}\n`)
console.log(JSON.stringify(measured(), null, 2))

function exampleOf(row: Row): Example {
  const offer = offerOf(row as unknown as Record<string, unknown>)!
  return {
    offer,
    positive: row.label,
    groups: offerFeatures(offer, indicators.evidence(offer).signs).groups,
    texts: {
      fields: OFFER_TEXTS.map((field) => offerWords(offer[field] ?? '')),
      ...(row.near_dup_cluster === undefined ? {} : { given: row.near_dup_cluster }),
    },
  }
}

/** @returns for each round every row's score by a model that saw nothing of its cluster */
function crossValidate(weights: readonly number[], clusters: Int32Array): Scored[][] {
  const sizes = sizesOf(clusters)
  return Array.from({ length: ROUNDS }, (_, r) => {
    const part = dealClusters(clusters, FOLDS, 100 + r)
    const scored: Scored[] = []
    for (let fold = 0; fold < FOLDS; fold += 1) {
      const train = examples.flatMap((_, i) => (part[i] === fold ? [] : [i]))
      const test = examples.flatMap((_, i) => (part[i] === fold ? [i] : []))
      const fit = fitRows(train, weights, sizes, clusters)
      const scores = fit.score(test.map((i) => examples[i]!.groups))
      test.forEach((i, k) => {
        scored.push({
          score: scores[k]!,
          positive: examples[i]!.positive === 1,
          cluster: clusters[i]!,
          weight: 1 / sizes.get(clusters[i]!)!,
        })
      })
    }
    return scored
  })
}

function fitRows(
  rows: readonly number[],
  weights: readonly number[],
  sizes: ReadonlyMap<number, number>,
  clusters: Int32Array,
) {
  const groups = rows.map((i) => examples[i]!.groups)
  const positive = rows.map((i) => examples[i]!.positive)
  const rarity = rarities(groups, OFFER_BUCKETS)
  // A template's rows share the weight that the root of their number gives; both classes weigh the same in sum.
  const raw = rows.map((i) => 1 / Math.sqrt(sizes.get(clusters[i]!)!))
  const sums = [0, 1].map((label) => raw.reduce((sum, w, i) => sum + (positive[i] === label ? w : 0), 0))
  const weight = raw.map((w, i) => (w * rows.length) / (2 * sums[positive[i]!]!))
  const { alpha, bias } = fitKernelLogistic(
    similarities(groups, groups, rarity, weights),
    positive,
    weight,
    RIDGE,
  )
  return {
    alpha,
    bias,
    groups,
    score(others: GroupedRows): number[] {
      const kernel = similarities(others, groups, rarity, weights)
      return others.map((_, k) => alpha.reduce((sum, a, j) => sum + a * kernel[k * alpha.length + j]!, bias))
    },
  }
}

function fitAll(weights: readonly number[]) {
  const clusters = splits[0].clusters
  const all = examples.map((_, i) => i)
  const { alpha, bias, groups } = fitRows(all, weights, sizesOf(clusters), clusters)
  const buckets = bucketWeights(groups, rarity, weights, alpha)
  return { bias, weights: buckets, absent: meanParts(groups, buckets, weights) }
}

/** What each group adds on average over the training rows that fill it or leave it empty. */
function meanParts(rows: GroupedRows, weights: Float32Array, groupWeights: readonly number[]): Float32Array {
  const rowLengths = lengths(rows, rarity)
  return Float32Array.from(groupWeights, (groupWeight, g) => {
    let sum = 0
    rows.forEach((groups, row) => {
      for (const bucket of groups[g]!)
        sum += (groupWeight * rarity[bucket]! * weights[bucket]!) / rowLengths[row]![g]!
    })
    return sum / rows.length
  })
}

function measured() {
  return {
    rows: {
      positive: examples.filter(({ positive }) => positive).length,
      negative: examples.filter(({ positive }) => !positive).length,
      clusters: Object.fromEntries(splits.map(({ split, clusters }) => [split, new Set(clusters).size])),
    },
    tables: tables.map(({ head, split, scored }) => ({
      fields: head,
      split,
      areaUnderCurve: mean(scored.map(areaUnderCurve)),
      recallAt5PercentFalsePositives: pooled(scored, (rows) => recallAt(rows, 0.05)),
      recallAt1PercentFalsePositives: pooled(scored, (rows) => recallAt(rows, 0.01)),
    })),
    spanishPublicOffers: spanishFalsePositives(),
  }
}

/** Spanish public offers above the thresholds that were set on English ones. */
function spanishFalsePositives() {
  const clusters = splits[0].clusters
  const fit = fitRows(
    examples.map((_, i) => i),
    HEADS[0]!.weights,
    sizesOf(clusters),
    clusters,
  )
  const rows = fit
    .score(spanish.map(({ groups }) => groups))
    .map((score, i): Scored => ({ score, positive: false, cluster: i, weight: 1 }))
  return {
    offers: spanish.length,
    aboveThreshold5Percent: round(shareAbove(rows, heads[0]!.logitAt5Percent, false)),
    aboveThreshold1Percent: round(shareAbove(rows, heads[0]!.logitAt1Percent, false)),
  }
}

function card() {
  return {
    cardVersion: 1,
    id: 'job-offer',
    title: 'False job offers: hashed words, pairs, triples, style and indicators, linear, two heads',
    role: 'text-classifier',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
    threshold: 0.5,
    heads,
    reviewedBy: [],
    provenance: {
      positive:
        'EMSCAD (Vidros et al. 2017), rows marked fraudulent; licence not confirmed: weights are shipped, no row is',
      negative: 'EMSCAD, rows 1 to 499; Spanish public offers (EURES, October 2025) are only measured',
    },
    prevalence: prevalence(),
    notTuned:
      'Groups and their weights were chosen on other divisions of the same rows (seeds 501 to 504) than those of the tables (100 to 102).',
    measured: measured(),
  }
}

/** What a threshold at 5 % false positives comes to where few offers are fraudulent. */
function prevalence() {
  const share = 0.048
  const fraudulentAbove = HEADS.map(({ head }) => {
    const { scored } = tables.find((table) => table.head === head && table.split === 'near-duplicates')!
    const found = share * mean(scored.map((rows) => recallAt(rows, 0.05)))
    return [head, round(found / (found + 0.05 * (1 - share)))]
  })
  return {
    inTheseRows: round(examples.filter(({ positive }) => positive).length / examples.length),
    inAllOfEmscad: share,
    onADevice: 'unknown',
    fraudulentAmongThoseAboveThresholdAtThatOfEmscad: Object.fromEntries(fraudulentAbove),
  }
}

function pooled(
  rounds: readonly (readonly Scored[])[],
  statistic: (rows: readonly Scored[]) => number,
): Interval {
  const intervals = rounds.map((rows) => intervalOf(rows, statistic))
  return {
    value: mean(intervals.map(({ value }) => value)),
    low: mean(intervals.map(({ low }) => low)),
    high: mean(intervals.map(({ high }) => high)),
  }
}

function sizesOf(clusters: Int32Array): Map<number, number> {
  const sizes = new Map<number, number>()
  for (const cluster of clusters) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1)
  return sizes
}

function interleave(columns: readonly Float32Array[]): Float32Array {
  return Float32Array.from(
    { length: columns.length * columns[0]!.length },
    (_, i) => columns[i % columns.length]![Math.floor(i / columns.length)]!,
  )
}

function mean(values: readonly number[]): number {
  return round(values.reduce((sum, value) => sum + value, 0) / values.length)
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
