/**
 * Apparent minor: whether a face looks younger than 18, by two age models together.
 *
 * Never shown as an age: at 16 and 17 the error is five to eight years. The share that faceres gives to ages below 15
 * separates better than any mean age, because all models read teenagers too old.
 * The coefficients were fitted on half of 4,648 labelled faces, and checked on the other half and on another
 * collection. The model cards have the figures: area under the curve 0.975 and 0.987; Black minors found less often,
 * Asian adults and women marked too often.
 */
import { type Attribute, attribute } from '../contracts/attribute.ts'
import type { ModelUse } from '../contracts/case.ts'
import type { Pixels } from '../contracts/content.ts'
import {
  type AgeBand,
  combinedSha256,
  type Face,
  type LoadedClassifier,
  type PictureClassifier,
} from './classifier.ts'
import { faceSide, readableFaces, squareCrop } from './face-crop.ts'
import { per10k, type Runner } from './session.ts'
import { THRESHOLDS } from './thresholds.ts'

const BINS = 'human-faceres'
const YEARS = 'face-api-age'

// Below 48 pixels the result notes that the models are less certain.
const SURE_FACE = 48

export const APPARENT_MINOR: PictureClassifier = {
  id: 'apparent-minor',
  models: [BINS, YEARS],
  after: ['faces'],
  load(runners) {
    const bins = runners.get(BINS)
    const years = runners.get(YEARS)
    return bins && years ? apparentMinor(bins, years) : null
  },
}

function apparentMinor(bins: Runner, years: Runner): LoadedClassifier {
  const members = [bins.card, years.card]
  const sha256 = combinedSha256(members)
  const { possible, likely } = THRESHOLDS.apparentMinor
  return {
    uses: [
      ...members.map((card): ModelUse => ({ id: card.id, sha256: card.sha256, thresholds: {} })),
      { id: 'apparent-minor', sha256, thresholds: { 'apparent-minor': possible, likely } },
    ],
    // Sessions are created at the first face: most children of a scan see none.
    ready: async () => {},
    async look(pixels, soFar) {
      const readable = readableFaces(soFar.faces)
      const faces: Face[] = []
      for (const face of soFar.faces) {
        faces.push(readable.includes(face) ? await readFace(bins, years, pixels, face) : face)
      }
      const strongest = faces.reduce<Face | null>(
        (best, face) =>
          face.apparentMinorPer10k !== null && face.apparentMinorPer10k > (best?.apparentMinorPer10k ?? -1)
            ? face
            : best,
        null,
      )
      if (strongest === null) return { faces }
      return {
        faces,
        scores: [
          {
            kind: 'score',
            classifier: 'apparent-minor',
            modelSha256: sha256,
            label: 'apparent-minor',
            scorePer10k: strongest.apparentMinorPer10k!,
            thresholdPer10k: possible,
          },
        ],
        attributes: strongest.ageBand === 'below-both' ? [] : [ageAttribute(strongest)],
      }
    },
  }
}

function ageAttribute(face: Face): Attribute {
  const side = faceSide(face)
  return attribute('apparent-age', {
    band: face.ageBand!,
    ...(side < SURE_FACE && { smallSidePixels: side }),
  })
}

async function readFace(bins: Runner, years: Runner, pixels: Pixels, face: Face): Promise<Face> {
  const crop = squareCrop(face.box)
  const [shares] = await bins.run(pixels, crop)
  const [age] = await years.run(pixels, crop)
  const apparentMinorPer10k = per10k(apparentMinorScore(shares!, age![0]!))
  return { ...face, apparentMinorPer10k, ageBand: ageBandOf(apparentMinorPer10k) }
}

export function ageBandOf(scorePer10k: number): AgeBand {
  const { possible, likely } = THRESHOLDS.apparentMinor
  if (scorePer10k >= likely) return 'likely'
  return scorePer10k >= possible ? 'possible' : 'below-both'
}

/**
 * @param shares output of faceres: element i is the share of age i + 1 years
 * @param years age from face-api
 * @returns 0–1. Calibrated where 45 % of faces are minors; for ordering, not a probability.
 */
export function apparentMinorScore(shares: ArrayLike<number>, years: number): number {
  let p15 = 0
  for (let i = 0; i < 14; i++) p15 += shares[i]!
  // Coefficients as fitted; see the model cards for data and error.
  const z = 3.576 - 0.0996 * years + 0.8888 * Math.log((p15 + 0.001) / (1.001 - p15))
  return 1 / (1 + Math.exp(-z))
}
