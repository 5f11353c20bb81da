/** What an examination found before, as a new ledger records it: all but what is found or said anew. */
import type { AttributeCode } from '../contracts/attribute.ts'
import type { Examination, Finding, NearMatch, PerceptualHash } from '../contracts/finding.ts'
import { notDone, type StageResult } from '../contracts/stage.ts'
import { TEXT_NOTES } from '../contracts/text-note.ts'
import type { EntryView } from '../contracts/view.ts'
import { AGENCY_TERMS, isNameFinding } from '../terms/agency-scores.ts'

/** Near matches of perceptual hashes against the new lists; null where there is no such list. */
export type NearMatching = ((hashes: readonly PerceptualHash[]) => readonly NearMatch[]) | null

/** A list of known contents held it then and does not now: looking at it needs the exhibit. */
export const NEEDS_EXHIBIT: StageResult = notDone('needs-exhibit')

/** What a match warned of, and what a reader adds of names and of all contents together, the new ledger says by itself. */
const SAID_ANEW: readonly AttributeCode[] = [
  'listed-size-differs',
  'illegal-and-known',
  'known-with-illegal-digests',
  'possible-first-generation',
  'wrong-extension',
]

const TEXT_CLASSIFIERS: readonly string[] = ['grooming', 'job-offer', AGENCY_TERMS]
const TEXT_ATTRIBUTES: readonly string[] = ['term-in-text', ...Object.keys(TEXT_NOTES)]

export function examinationOf(
  view: EntryView,
  stage: 'looked-at' | 'text-read',
  near: NearMatching,
): Examination {
  const before = view.stages[stage]
  const wasShown = before.result === 'not-applicable' && before.reason === 'shown-by-its-picture'
  const result = before.result === 'not-applicable' && !wasShown ? NEEDS_EXHIBIT : before
  const isText = (name: string) => TEXT_CLASSIFIERS.includes(name)
  if (stage === 'text-read') {
    const findings: Finding[] = [
      ...view.signals,
      ...view.scores.filter((score) => isText(score.classifier) && !isNameFinding(score)),
      ...view.attributes.filter(({ code }) => TEXT_ATTRIBUTES.includes(code)),
    ]
    return { stage, result, findings, preview: null }
  }
  const hashes = view.perceptualHashes
  const findings: Finding[] = [
    ...view.attributes.filter(
      (one) => !SAID_ANEW.includes(one.code) && !TEXT_ATTRIBUTES.includes(one.code) && !isNameFinding(one),
    ),
    ...view.scores.filter((score) => !isText(score.classifier) && !isNameFinding(score)),
    ...hashes,
    ...(hashes.length > 0 ? (near?.(hashes) ?? []) : []),
  ]
  return { stage, result, findings, preview: view.preview }
}
