/**
 * A close-up of a hand: a second opinion on leads of explicitness. To the models a hand that fills a picture is skin, and the
 * detector of persons rightly calls it a person.
 *
 * A head on features of two models that look at every picture anyway. It knows hands on a plain ground alone: before a face,
 * a body or a scene it says no (docs/evidence/models.md). It is asked only about a still picture of which explicitness is
 * the only lead and in which no face was found, or none found again (face-again.ts). Its score has no threshold of its own; score/close-up.ts reads it.
 */
import type { InferenceSession } from 'onnxruntime-node'
import type { Score } from '../contracts/finding.ts'
import { featuresOf } from './backbones.ts'
import type { PictureClassifier } from './classifier.ts'
import { CLOSE_UP_ID as ID } from './close-up-head.ts'
import { FACE_AGAIN_ID } from './face-again.ts'
import { HEAD_INPUT, HEAD_OUTPUT } from './head-card.ts'
import { onnxRuntime } from './onnx-runtime.ts'
import { per10k, SESSION_OPTIONS } from './session.ts'
import { THRESHOLDS } from './thresholds.ts'

export const CLOSE_UP: PictureClassifier = {
  id: ID,
  models: [],
  after: ['explicitness', 'faces', 'apparent-minor', FACE_AGAIN_ID],
  load(runners, { closeUp }) {
    if (!closeUp) return null
    const { sha256, features, onnx } = closeUp
    const backbones = features.map(({ model }) => runners.get(model)!)
    let session: Promise<InferenceSession> | null = null
    return {
      uses: [{ id: ID, sha256, thresholds: THRESHOLDS.closeUp }],
      // Few pictures are leads: the session is made for the first of them.
      ready: async () => {},
      async look(pixels, { scores, faces }, effort = 'still') {
        if (effort !== 'still' || !isWeakExplicitAlone(scores)) return {}
        if (faces.length > 0 && !areFalse(scores)) return {}
        const { InferenceSession, Tensor } = await onnxRuntime()
        session ??= InferenceSession.create(onnx, SESSION_OPTIONS)
        const read = await featuresOf(backbones, pixels)
        const outputs = await (await session).run({
          [HEAD_INPUT]: new Tensor('float32', read, [1, read.length]),
        })
        const share = outputs[HEAD_OUTPUT]?.data
        const scorePer10k = per10k(share instanceof Float32Array ? (share[0] ?? Number.NaN) : Number.NaN)
        return {
          scores: [
            {
              kind: 'score',
              classifier: ID,
              modelSha256: sha256,
              label: ID,
              scorePer10k,
              thresholdPer10k: null,
            },
          ],
        }
      },
    }
  },
}

function isWeakExplicitAlone(scores: readonly Score[]): boolean {
  const leads = scores.filter(
    ({ scorePer10k, thresholdPer10k }) => thresholdPer10k !== null && scorePer10k >= thresholdPer10k,
  )
  return (
    leads.length > 0 &&
    leads.every(
      ({ classifier, scorePer10k }) =>
        classifier === 'explicitness' && scorePer10k < THRESHOLDS.explicitness.strong,
    )
  )
}

/** Whether the faces were asked about once more, and none was found again. */
function areFalse(scores: readonly Score[]): boolean {
  const again = scores.find(({ label }) => label === FACE_AGAIN_ID)
  return again !== undefined && again.scorePer10k < THRESHOLDS.faceAgain[FACE_AGAIN_ID]
}
