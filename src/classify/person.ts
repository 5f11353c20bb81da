/**
 * A person in the picture: a second opinion on leads of explicitness and of apparent minors, of which most that are wrong
 * are of animals, plants, food and things.
 *
 * It is asked only about a still picture that would be a lead. Frames of videos are not asked: a close-up in a film shows
 * no whole person, and one frame must not lower what another shows. At a face two parts are the face's surroundings and one
 * part the whole picture, where a face that fills it is known. The answer is a score without a threshold of its own, so
 * it makes no lead and removes none; score/no-person.ts reads it.
 */
import type { Score } from '../contracts/finding.ts'
import type { Face, PictureClassifier } from './classifier.ts'
import { readableFaces } from './face-crop.ts'
import type { Box } from './pixels.ts'
import { per10k, type Runner } from './session.ts'
import { THRESHOLDS } from './thresholds.ts'

const DETECTOR = 'nanodet-g'

export const PERSON: PictureClassifier = {
  id: 'person',
  models: [DETECTOR],
  after: ['explicitness', 'apparent-minor'],
  load(runners) {
    const detector = runners.get(DETECTOR)
    if (!detector) return null
    const { id, sha256 } = detector.card
    return {
      uses: [{ id, sha256, thresholds: THRESHOLDS.person }],
      // Few pictures are leads: the session is made for the first of them.
      ready: async () => {},
      async look(pixels, { scores, faces }, effort = 'still') {
        if (effort !== 'still' || !scores.some(isLead)) return {}
        const score = (label: string, scorePer10k: number): Score => ({
          kind: 'score',
          classifier: id,
          modelSha256: sha256,
          label,
          scorePer10k,
          thresholdPer10k: null,
        })
        const { width, height } = pixels
        const whole = Math.max(
          await personIn(detector, pixels),
          // A head that fills the picture is known when it is smaller: the same picture amid black.
          await personIn(detector, pixels, around({ x: 0, y: 0, width, height }, 2)),
        )
        const face = youngestOf(faces)
        const near = face && !isSure(face) ? await personIn(detector, pixels, around(face.box, 3)) : null
        const atFace = near === null ? [] : [score('person-at-face', Math.round((2 * near + whole) / 3))]
        return { scores: [score('person', whole), ...atFace] }
      },
    }
  },
}

async function personIn(
  detector: Runner,
  pixels: Parameters<Runner['run']>[0],
  region?: Box,
): Promise<number> {
  const [classes] = await detector.run(pixels, region)
  // COCO's first class.
  return per10k(classes![0]!)
}

/** The face that made the lead. */
function youngestOf(faces: readonly Face[]): Face | null {
  return readableFaces(faces).reduce<Face | null>(
    (best, face) => ((face.apparentMinorPer10k ?? -1) > (best?.apparentMinorPer10k ?? -1) ? face : best),
    null,
  )
}

/** Close-ups are what blazeface is surest of, and what the detector of persons knows least. */
function isSure({ detector, scorePer10k }: Face): boolean {
  return detector === 'blazeface' && scorePer10k >= THRESHOLDS.person.sureFace
}

/** A square of so many times the longer side, around the middle; what lies outside of the picture is black. */
function around({ x, y, width, height }: Box, times: number): Box {
  const side = Math.max(width, height) * times
  return { x: x + (width - side) / 2, y: y + (height - side) / 2, width: side, height: side }
}

function isLead({ scorePer10k, thresholdPer10k }: Score): boolean {
  return thresholdPer10k !== null && scorePer10k >= thresholdPer10k
}
