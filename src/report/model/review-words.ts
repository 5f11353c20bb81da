/**
 * The agency's declaration (`--review-words FILE`) that maps categories of a scale to the five review words of the CAC
 * ontology. The program never declares by itself that a content is illegal.
 */
import { readFileSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'

/** `reviewDecision` of cacontology-detection 3.0.0. */
const REVIEW_DECISIONS = [
  'confirmed_csam',
  'not_csam',
  'requires_further_review',
  'inconclusive',
  'false_positive',
] as const

export type ReviewDecision = (typeof REVIEW_DECISIONS)[number]

export interface ReviewWords {
  readonly scale: string
  readonly declaredBy: string
  readonly words: Readonly<Record<string, ReviewDecision>>
}

/** @throws UsageError when the file declares no such words */
export function readReviewWords(file: string): ReviewWords {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new UsageError(`--review-words ${file} could not be read: ${(cause as Error).message}.`, { cause })
  }
  const { scale, declaredBy, words } = (value ?? {}) as Partial<Record<keyof ReviewWords, unknown>>
  if (typeof scale !== 'string' || typeof declaredBy !== 'string' || typeof words !== 'object' || !words)
    throw new UsageError(
      `--review-words ${file} must be a JSON object with "scale", "declaredBy" and "words", such as {"1": "requires_further_review"}.`,
    )
  for (const [category, word] of Object.entries(words))
    if (!(REVIEW_DECISIONS as readonly unknown[]).includes(word))
      throw new UsageError(
        `--review-words ${file}: "${String(word)}" of category "${category}" is none of ${REVIEW_DECISIONS.join(', ')}.`,
      )
  return { scale, declaredBy, words: words as ReviewWords['words'] }
}
