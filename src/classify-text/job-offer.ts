/**
 * False job offers and recruitment for exploitation. A linear model over the words of the offer has one head for a few
 * known fields and one for all. Indicators are scored separately.
 * The score is the higher of the two: the model knows English advertisements, the indicators every language of the
 * phrases.
 */
import { join } from 'node:path'
import { openGroupedModel } from './grouped-model.ts'
import { type OfferHead, offerFeatures } from './offer-features.ts'
import type { JobOffer } from './offer-fields.ts'
import { type OfferEvidence, type OfferIndicators, openIndicators } from './offer-indicators.ts'
import {
  type HeadCalibration,
  modelsFolder,
  readTextModel,
  shownScore,
  type TextModelCard,
} from './text-model.ts'

export interface JobOfferResult {
  /** 0–1; 0.5 where 5 % of ordinary offers score higher, and of a plain text 1 %; or where the indicators reach it. */
  readonly score: number
  readonly threshold: number
  readonly evidence: OfferEvidence
}

export interface JobOfferClassifier {
  readonly modelSha256: string
  readonly indicators: OfferIndicators
  classify(offer: JobOffer): Promise<JobOfferResult>
}

export interface JobOfferCard extends TextModelCard {
  readonly heads: readonly HeadCalibration[]
}

/**
 * Indicators of this total weight reach the threshold alone: about three, one of them strong, in two dimensions. No
 * public offer of the Spanish rows and no genuine one of the English rows reaches it.
 */
const INDICATED = 3.2
const INDICATED_SLOPE = 1.4

export async function openJobOffer(folder: string = modelsFolder()): Promise<JobOfferClassifier> {
  const { card, bytes } = readTextModel<JobOfferCard>('job-offer', folder)
  const model = await openGroupedModel(bytes)
  const indicators = openIndicators(join(folder, 'job-offer'))
  return {
    modelSha256: card.sha256,
    indicators,
    async classify(offer) {
      const evidence = indicators.evidence(offer)
      const { logits } = await model.score(offerFeatures(offer, evidence.signs))
      const head = headFor(offer)
      const index = card.heads.findIndex((calibration) => calibration.head === head)
      const indicated =
        evidence.weight === 0 ? 0 : 1 / (1 + Math.exp(-INDICATED_SLOPE * (evidence.weight - INDICATED)))
      return {
        score: Math.max(shownScore(logits[index]!, calibrationFor(offer, card.heads[index]!)), indicated),
        threshold: card.threshold,
        evidence,
      }
    },
  }
}

/**
 * A plain text, as an exhibit has it, is shorter than what the model was trained on and may be in any language: of Spanish offers that
 * are cut to 30 or 40 words 5 to 7 % score above 0.5. At the mark of 1 % none does, so that mark is its threshold.
 */
function calibrationFor(offer: JobOffer, head: HeadCalibration): HeadCalibration {
  const isPlain = offer.title === undefined && head.head === 'title-and-description'
  const step = head.logitAt1Percent - head.logitAt5Percent
  return isPlain
    ? { ...head, logitAt5Percent: head.logitAt1Percent, logitAt1Percent: head.logitAt1Percent + step }
    : head
}

/** The head for all fields learned the meaning of an empty company profile, so a field must be known to be empty. */
function headFor(offer: JobOffer): OfferHead {
  const known = [offer.company_profile, offer.requirements, offer.benefits].filter(
    (text) => text !== undefined,
  )
  return known.length >= 2 || offer.company_profile !== undefined ? 'all-fields' : 'title-and-description'
}
