/** Copies a former examination into the new ledger, without the findings that the new ledger makes itself. */
import type { AttributeCode } from '../contracts/attribute.ts'
import type { Examination, Finding, NearMatch, PerceptualHash } from '../contracts/finding.ts'
import { type LaterStage, notDone, type StageResult, stageOfFinding } from '../contracts/stage.ts'
import type { EntryView } from '../contracts/view.ts'
import { isNameFinding } from '../terms/agency-scores.ts'

/** Near matches of perceptual hashes against the new lists; null where there is no such list. */
export type NearMatching = ((hashes: readonly PerceptualHash[]) => readonly NearMatch[]) | null

/** A list of known contents matched it then and does not now: analysing it needs the exhibit. */
export const NEEDS_EXHIBIT: StageResult = notDone('needs-exhibit')

/**
 * Attributes that the new ledger derives itself: warnings of matches, and remarks on names or on all contents together.
 */
const SAID_ANEW: readonly AttributeCode[] = [
  'close-up-of-hand',
  'face-covered',
  'face-in-doubt',
  'listed-size-differs',
  'illegal-and-known',
  'known-with-illegal-digests',
  'no-person-found',
  'of-listed-series',
  'possible-first-generation',
  'wrong-extension',
]

export function examinationOf(view: EntryView, stage: LaterStage, near: NearMatching): Examination {
  const before = view.stages[stage]
  const wasShown = before.result === 'not-applicable' && before.reason === 'shown-by-its-picture'
  const result = before.result === 'not-applicable' && !wasShown ? NEEDS_EXHIBIT : before
  const found = [...view.signals, ...view.scores, ...view.attributes, ...view.perceptualHashes].filter(
    (one) => stageOfFinding(one) === stage && !isNameFinding(one) && !isSaidAnew(one),
  )
  const hashes = found.filter((one) => one.kind === 'perceptual-hash')
  const findings: Finding[] = [...found, ...(hashes.length > 0 ? (near?.(hashes) ?? []) : [])]
  return { stage, result, findings, preview: stage === 'looked-at' ? view.preview : null }
}

function isSaidAnew(finding: Finding): boolean {
  return finding.kind === 'attribute' && SAID_ANEW.includes(finding.code)
}
