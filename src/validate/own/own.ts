/**
 * `seized validate own`: measures the models on a laboratory's own labelled samples.
 * The result contains sums and intervals. It contains no path, no score of an item and no threshold that depends on one
 * item's score.
 */

import { UsageError } from '../../base/errors.ts'
import type { LabelledItem, LabelTable } from '../../classify/labels.ts'
import type { Interval } from '../../classify/statistics.ts'
import type { Score } from '../../contracts/finding.ts'
import { difference, LEAST_OF_GROUP, type Share, share } from './shares.ts'

export const OWN_ABOUT = 'seized own sample 1'

export interface OwnSample {
  readonly about: typeof OWN_ABOUT
  readonly kind: 'pictures' | 'texts' | 'conversations'
  readonly made: string
  readonly program: { readonly version: string; readonly partsSha256: string }
  /** SHA-256 of the table of labels, or of the list of persons. */
  readonly labelsSha256: string
  readonly items: number
  /** Without an answer of any model: they count as not marked, in every share. */
  readonly unread: number
  readonly scores: readonly OwnScore[]
}

export interface OwnScore {
  readonly classifier: string
  readonly modelSha256: string
  readonly label: string
  readonly positives: number
  readonly negatives: number
  readonly thresholds: readonly OwnThreshold[]
  readonly groups: readonly OwnGroup[]
}

export interface OwnThreshold {
  readonly thresholdPer10k: number
  /** `in force`, the name that the plan gives it, or null for one of the fixed steps. */
  readonly name: string | null
  /** Of the positives, marked. */
  readonly found: Share | null
  /** Of the negatives, marked. */
  readonly falsely: Share | null
}

/** At the threshold in force. */
export interface OwnGroup {
  readonly group: string
  readonly value: string
  readonly positives: number
  readonly negatives: number
  /** Null where there are fewer than ten. */
  readonly found: Share | null
  readonly falsely: Share | null
  /** Difference of its share from that of all other judged items; null where either is missing. */
  readonly foundDifference: Interval | null
  readonly falselyDifference: Interval | null
}

export interface Answered extends LabelledItem {
  /** Null: it could not be read. */
  readonly scores: readonly Score[] | null
}

/** Named thresholds by classifier, as plans record them. */
export type NamedThresholds = ReadonlyMap<string, Readonly<Record<string, number>>>

/** The same for every sample, so that no threshold reveals an item's score. */
const STEPS = [500, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 9500]

/** @throws UsageError when no model covers a label of the table */
export function ownScores(
  { labels, groups }: Pick<LabelTable, 'labels' | 'groups'>,
  items: readonly Answered[],
  named: NamedThresholds,
): readonly OwnScore[] {
  const kinds = new Map<string, Score>()
  for (const { scores } of items)
    for (const score of scores ?? [])
      if (labels.includes(score.label)) kinds.set(`${score.classifier}\0${score.label}`, score)
  if (kinds.size === 0)
    throw new UsageError(`No model gives a score named ${labels.map((one) => `“${one}”`).join(' or ')}.`)
  return [...kinds.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, kind]) => scoreOf(kind, judgedBy(kind, items), groups, named.get(kind.classifier) ?? {}))
}

interface Judged {
  readonly isPositive: boolean
  /** -1: no score is the weakest answer there is. */
  readonly scorePer10k: number
  readonly groups: ReadonlyMap<string, string>
}

function judgedBy({ classifier, label }: Score, items: readonly Answered[]): Judged[] {
  return items.flatMap(({ truth, scores, groups }) => {
    const isPositive = truth.get(label)
    if (isPositive === undefined) return []
    const score = scores?.find((one) => one.classifier === classifier && one.label === label)
    return [{ isPositive, groups, scorePer10k: score?.scorePer10k ?? -1 }]
  })
}

function scoreOf(
  { classifier, modelSha256, label, thresholdPer10k }: Score,
  judged: readonly Judged[],
  groups: readonly string[],
  named: Readonly<Record<string, number>>,
): OwnScore {
  const names = new Map<number, string | null>(STEPS.map((step) => [step, null]))
  for (const [name, value] of Object.entries(named)) if (name !== label) names.set(value, name)
  if (thresholdPer10k !== null) names.set(thresholdPer10k, 'in force')
  return {
    classifier,
    modelSha256,
    label,
    positives: judged.filter(({ isPositive }) => isPositive).length,
    negatives: judged.filter(({ isPositive }) => !isPositive).length,
    thresholds: [...names]
      .sort(([a], [b]) => a - b)
      .map(([threshold, name]) => ({
        thresholdPer10k: threshold,
        name,
        found: marked(judged, true, threshold),
        falsely: marked(judged, false, threshold),
      })),
    groups: thresholdPer10k === null ? [] : groups.flatMap((one) => groupsOf(one, judged, thresholdPer10k)),
  }
}

function groupsOf(group: string, judged: readonly Judged[], threshold: number): OwnGroup[] {
  const values = new Set(judged.flatMap(({ groups }) => groups.get(group) ?? []))
  return [...values].sort().map((value) => {
    const within = judged.filter((one) => one.groups.get(group) === value)
    const others = judged.filter((one) => one.groups.get(group) !== value)
    const of = (isPositive: boolean) => {
      const counted = (from: readonly Judged[]) => {
        const one = marked(from, isPositive, threshold)
        return one !== null && one.of >= LEAST_OF_GROUP ? one : null
      }
      const [here, there] = [counted(within), counted(others)]
      return { here, apart: here && there && difference(here, there) }
    }
    const [found, falsely] = [of(true), of(false)]
    return {
      group,
      value,
      positives: within.filter(({ isPositive }) => isPositive).length,
      negatives: within.filter(({ isPositive }) => !isPositive).length,
      found: found.here,
      falsely: falsely.here,
      foundDifference: found.apart,
      falselyDifference: falsely.apart,
    }
  })
}

function marked(judged: readonly Judged[], isPositive: boolean, threshold: number): Share | null {
  const of = judged.filter((one) => one.isPositive === isPositive)
  return share(of.filter(({ scorePer10k }) => scorePer10k >= threshold).length, of.length)
}
