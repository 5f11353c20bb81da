/**
 * Score of a model for a content, a name or a text: an opinion. At or above its threshold it is a lead
 * (score/leads.ts).
 */
import type { Score } from '../contracts/finding.ts'
import type { FindingKind } from './finding-kind.ts'

export const score: FindingKind<Score, 'score'> = {
  kind: 'score',
  table: 'score',
  columns: [
    'classifier text',
    'model_sha256 text',
    'label text',
    'score_per_10k int',
    'threshold_per_10k int?',
  ],
  digest: 'opinions',
  shown: 'score_per_10k >= threshold_per_10k',
  isShown: isLead,
  compared: { section: 'leads', key: (one) => (isLead(one) ? [one.classifier, one.label] : null) },
  counted: 'leads',
  // Of a lead.
  searchText: ({ classifier, label }) => `${classifier} ${label}`,
  toRow: (one) => [one.classifier, one.modelSha256, one.label, one.scorePer10k, one.thresholdPer10k],
  fromRow: (row) => ({
    kind: 'score',
    classifier: row.classifier as string,
    modelSha256: row.model_sha256 as string,
    label: row.label as string,
    scorePer10k: Number(row.score_per_10k),
    thresholdPer10k: row.threshold_per_10k === null ? null : Number(row.threshold_per_10k),
  }),
  says: { classifier: 'text', label: 'text', scorePer10k: 'number', thresholdPer10k: 'number?' },
  params: ({ classifier, label, scorePer10k, thresholdPer10k }) => ({
    classifier,
    label,
    scorePer10k,
    ...(thresholdPer10k !== null && { thresholdPer10k }),
  }),
  // As leads, each with every label that its model gave.
  record: null,
}

function isLead({ scorePer10k, thresholdPer10k }: Score): boolean {
  return thresholdPer10k !== null && scorePer10k >= thresholdPer10k
}
