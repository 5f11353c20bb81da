/**
 * A face seen again: a second opinion on leads in which a face takes part. In a whole picture both detectors take hands, folds and
 * fur for faces; asked again about the same place alone, enlarged, they find a face once more and little else.
 *
 * It is asked only about a still picture that would be a lead: of an apparent minor about the faces that look young, otherwise
 * about all of them. One face that is found again is enough, and one of which a detector was sure at once is not in doubt. Its score has no threshold of its own; score/face-again.ts reads
 * it, and close-up.ts asks about hands where no face was found again.
 */
import type { Pixels } from '../contracts/content.ts'
import type { Score } from '../contracts/finding.ts'
import { combinedSha256, type Face, type PictureClassifier } from './classifier.ts'
import { blazefaceIn, overlap, SAME_FACE_ACROSS, ssdIn } from './faces.ts'
import type { Box } from './pixels.ts'
import type { Runner } from './session.ts'
import { THRESHOLDS } from './thresholds.ts'

export const FACE_AGAIN_ID = 'face-again'
const BLAZEFACE = 'human-blazeface'
const SSD = 'face-api-ssd'

/** More faces are a crowd, which keeps its place: looks at many small squares would take seconds. */
const MOST_ASKED = 6

/** Squares around the face, in times of its longer side: the quick detector first, the SSD where that one is not sure. */
const LOOKS = [
  { model: BLAZEFACE, look: blazefaceIn, times: 1.5 },
  { model: BLAZEFACE, look: blazefaceIn, times: 2 },
  { model: BLAZEFACE, look: blazefaceIn, times: 3 },
  { model: SSD, look: ssdIn, times: 2.5 },
  { model: SSD, look: ssdIn, times: 1.5 },
] as const

export const FACE_AGAIN: PictureClassifier = {
  id: FACE_AGAIN_ID,
  models: [BLAZEFACE, SSD],
  after: ['explicitness', 'faces', 'apparent-minor'],
  load(runners) {
    const [blazeface, ssd] = [runners.get(BLAZEFACE), runners.get(SSD)]
    if (!blazeface || !ssd) return null
    const sha256 = combinedSha256([blazeface.card, ssd.card])
    return {
      uses: [{ id: FACE_AGAIN_ID, sha256, thresholds: THRESHOLDS.faceAgain }],
      ready: async () => {},
      async look(pixels, { scores, faces }, effort = 'still') {
        const leads = scores.filter(isLead)
        if (effort !== 'still' || leads.length === 0) return {}
        const isOfMinor = leads.some(({ classifier }) => classifier === 'apparent-minor')
        const asked = isOfMinor ? faces.filter(looksYoung) : faces
        if (asked.length === 0 || asked.length > MOST_ASKED || asked.some(isSure)) return {}
        const scorePer10k = await surest(runners, pixels, asked)
        return {
          scores: [
            {
              kind: 'score',
              classifier: FACE_AGAIN_ID,
              modelSha256: sha256,
              label: FACE_AGAIN_ID,
              scorePer10k,
              thresholdPer10k: null,
            },
          ],
        }
      },
    }
  },
}

/** Of the faces the greatest certainty; the looks end with the first that finds one again. */
async function surest(
  runners: ReadonlyMap<string, Runner>,
  pixels: Pixels,
  faces: readonly Face[],
): Promise<number> {
  let most = 0
  for (const { model, look, times } of LOOKS) {
    for (const { box } of faces) {
      const found = await look(runners.get(model)!, pixels, 0, around(box, times))
      for (const one of found)
        if (one.scorePer10k > most && overlap(one.box, box) > SAME_FACE_ACROSS) most = one.scorePer10k
      if (most >= THRESHOLDS.faceAgain[FACE_AGAIN_ID]) return most
    }
  }
  return most
}

function isSure({ scorePer10k }: Face): boolean {
  return scorePer10k >= THRESHOLDS.faceAgain.sureFace
}

function looksYoung({ apparentMinorPer10k }: Face): boolean {
  return (apparentMinorPer10k ?? 0) >= THRESHOLDS.apparentMinor.possible
}

function isLead({ scorePer10k, thresholdPer10k }: Score): boolean {
  return thresholdPer10k !== null && scorePer10k >= thresholdPer10k
}

/** What lies outside of the picture is black. */
function around({ x, y, width, height }: Box, times: number): Box {
  const side = Math.max(width, height) * times
  return { x: x + (width - side) / 2, y: y + (height - side) / 2, width: side, height: side }
}
