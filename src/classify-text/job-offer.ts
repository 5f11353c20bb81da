/** False job offers: a linear model over the words of the offer, with one head for what little and one for all that is known. */
import { openGroupedModel } from './grouped-model.ts'
import { offerFeatures } from './offer-features.ts'
import type { JobOffer } from './offer-fields.ts'
import { readTextModel, shownScore } from './text-model.ts'

export interface JobOfferResult {
  /** 0–1; 0.5 where 5 % of ordinary offers score higher, 0.9 where 1 % do. */
  readonly score: number
  readonly threshold: number
}

export interface JobOfferClassifier {
  readonly modelSha256: string
  classify(offer: JobOffer): Promise<JobOfferResult>
}

export async function openJobOffer(folder?: string): Promise<JobOfferClassifier> {
  const { card, bytes } = readTextModel('job-offer', folder)
  const model = await openGroupedModel(bytes)
  return {
    modelSha256: card.sha256,
    async classify(offer) {
      const { logits } = await model.score(offerFeatures(offer))
      const head = headFor(offer)
      const index = card.heads.findIndex((calibration) => calibration.head === head)
      return { score: shownScore(logits[index]!, card.heads[index]!), threshold: card.threshold }
    },
  }
}

/** The head that reads all fields knows what an empty company profile says, and needs to be told that it is empty. */
function headFor(offer: JobOffer): 'title-and-description' | 'all-fields' {
  const known = [offer.company_profile, offer.requirements, offer.benefits].filter(
    (text) => text !== undefined,
  )
  return known.length >= 2 || offer.company_profile !== undefined ? 'all-fields' : 'title-and-description'
}
