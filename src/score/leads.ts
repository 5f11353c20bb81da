/** Leads: scores at or above their threshold. Opinions for a person to check, never matches. */
import type { Lead, Score } from '../contracts/finding.ts'

/**
 * @param scores all scores of one content, from any number of classifiers
 * @returns one lead for each score at or above its threshold, in the order of `scores`; `scores` of a lead holds every
 * label that the same classifier gave, in parts per 10,000. Labels without a threshold never lead.
 */
export function leadsOf(scores: readonly Score[]): Lead[] {
  const leads: Lead[] = []
  for (const score of scores) {
    if (score.thresholdPer10k === null || score.scorePer10k < score.thresholdPer10k) continue
    leads.push({
      classifier: score.classifier,
      modelSha256: score.modelSha256,
      label: score.label,
      scorePer10k: score.scorePer10k,
      thresholdPer10k: score.thresholdPer10k,
      scores: labelsOf(score, scores),
    })
  }
  return leads
}

function labelsOf(of: Score, scores: readonly Score[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    scores
      .filter((s) => s.classifier === of.classifier && s.modelSha256 === of.modelSha256)
      .map((s) => [s.label, s.scorePer10k]),
  )
}
