/** An agency's conversations in the format of PAN-2012: the marked share of its listed persons, and of all others. */
import type { Pan12Result } from '../../classify-text/pan12.ts'
import type { OwnScore } from './own.ts'
import { share } from './shares.ts'

/** Fixed before any sample is read. */
export const CONVERSATION_THRESHOLDS: readonly number[] = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]

export function conversationScore(result: Pan12Result, modelSha256: string): OwnScore {
  const { predators, authors, threshold, truePositives, falsePositives, atThresholds } = result
  const others = authors - predators
  const all = [
    ...atThresholds.filter((one) => one.threshold !== threshold),
    { threshold, found: truePositives, falsely: falsePositives },
  ].sort((a, b) => a.threshold - b.threshold)
  return {
    classifier: 'grooming',
    modelSha256,
    label: 'listed person',
    positives: predators,
    negatives: others,
    thresholds: all.map((one) => ({
      thresholdPer10k: Math.round(one.threshold * 10_000),
      name: one.threshold === threshold ? 'in force' : null,
      found: share(one.found, predators),
      falsely: share(one.falsely, others),
    })),
    groups: [],
  }
}
