/**
 * Scores of an agency's own terms and path model for a name or a text, as input for the priority rules.
 *
 * A term that is found is as sure as a word is; how much it means is the agency's affair. So its score only counts how
 * many different terms there are, and one is enough. Terms themselves never leave their store.
 */

import { THRESHOLDS } from '../classify/thresholds.ts'
import { type Attribute, type AttributeCode, attribute } from '../contracts/attribute.ts'
import type { ModelUse } from '../contracts/case.ts'
import type { Finding, NameFinding, Score } from '../contracts/finding.ts'
import type { TEXT_CLASSIFIERS } from '../contracts/stage.ts'

export const AGENCY_TERMS = 'agency-terms' satisfies (typeof TEXT_CLASSIFIERS)[number]
export const AGENCY_PATHS = 'agency-paths'
const PATH_LABEL = 'path'

/** Place of a found term: label of its score and name of the attributes that give the ids. */
export const TERM_PLACES = ['term-in-name', 'term-in-folder', 'term-in-text'] as const
export type TermPlace = (typeof TERM_PLACES)[number]

/** One attribute for each id, and one score: 1 − 2⁻ⁿ for n different terms. */
export function termFindings(
  place: TermPlace,
  ids: ReadonlySet<string>,
  storeSha256: string,
): readonly (Attribute | Score)[] {
  if (ids.size === 0) return []
  const score: Score = {
    kind: 'score',
    classifier: AGENCY_TERMS,
    modelSha256: storeSha256,
    label: place,
    scorePer10k: Math.round(10_000 * (1 - 2 ** -ids.size)),
    thresholdPer10k: THRESHOLDS.agencyTerms[place],
  }
  return [...[...ids].sort().map((id) => attribute(place, { id })), score]
}

export function pathScore(scorePer10k: number, modelSha256: string): Score {
  const { path: thresholdPer10k } = THRESHOLDS.agencyPaths
  return {
    kind: 'score',
    classifier: AGENCY_PATHS,
    modelSha256,
    label: PATH_LABEL,
    scorePer10k,
    thresholdPer10k,
  }
}

export function termsUse(sha256: string): ModelUse {
  return { id: AGENCY_TERMS, sha256, thresholds: THRESHOLDS.agencyTerms }
}

export function pathModelUse(sha256: string): ModelUse {
  return { id: AGENCY_PATHS, sha256, thresholds: THRESHOLDS.agencyPaths }
}

export function isAgencyUse({ id }: Pick<ModelUse, 'id'>): boolean {
  return isOfWords(id)
}

/** Applies to names and texts, not to pictures. */
export function isOfWords(classifier: string): boolean {
  return classifier === AGENCY_TERMS || classifier === AGENCY_PATHS
}

/** Speaks of the folders above a name, so not of another place of the same. */
export function saysFolders(finding: Attribute | Pick<Score, 'kind' | 'classifier' | 'label'>): boolean {
  if (finding.kind === 'attribute') return finding.code === 'term-in-folder'
  return (
    finding.classifier === AGENCY_PATHS ||
    (finding.classifier === AGENCY_TERMS && finding.label === 'term-in-folder')
  )
}

const ENTRY_ATTRIBUTES: readonly AttributeCode[] = [
  'term-in-name',
  'term-in-folder',
  'listed-beginning',
  'extended-attribute',
  'extended-attributes-left-out',
  'extended-attributes-unlisted',
  'model-place',
  'original-path',
  'stated-digest',
  'stated-digest-agrees',
  'stated-digest-differs',
]

/** True for a finding of an entry's name. The same kind of finding about a content comes from its text. */
export function isNameFinding(finding: Finding): finding is NameFinding {
  if (finding.kind === 'attribute') return ENTRY_ATTRIBUTES.includes(finding.code)
  return finding.kind === 'score' && isOfWords(finding.classifier) && finding.label !== 'term-in-text'
}
