/**
 * A close-up of a hand: a second opinion on leads of explicitness. To the models a hand that fills a picture is skin, and the
 * detector of persons rightly calls it a person.
 *
 * A head on features of two models that look at every picture anyway. It knows hands on a plain ground alone: before a face,
 * a body or a scene it says no (docs/evidence/models.md). It is asked only about a still picture of which explicitness is
 * the only lead and in which no face was found. Its score has no threshold of its own; score/close-up.ts reads it.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InferenceSession } from 'onnxruntime-node'
import type { Score } from '../contracts/finding.ts'
import { featuresOf } from './backbones.ts'
import type { PictureClassifier } from './classifier.ts'
import { type Feature, HEAD_INPUT, HEAD_OUTPUT } from './head-card.ts'
import { ModelRefused } from './model-card.ts'
import { onnxRuntime } from './onnx-runtime.ts'
import { per10k, SESSION_OPTIONS } from './session.ts'
import { THRESHOLDS } from './thresholds.ts'

const ID = 'close-up-hand'

/** The head that ships; read whole, because a child can open no file later. */
export interface CloseUpHead {
  readonly sha256: string
  readonly features: readonly Feature[]
  readonly onnx: Buffer
}

/**
 * @param installed digests of the models of a run, by id
 * @returns null where the head is not installed, or a model that it reads is another than it was trained on
 * @throws ModelRefused when its file is not the one that its card pins
 */
export function readCloseUp(modelsDir: string, installed: ReadonlyMap<string, string>): CloseUpHead | null {
  const folder = join(modelsDir, ID)
  if (!existsSync(join(folder, 'card.json'))) return null
  const { sha256, features } = JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8')) as CloseUpHead
  if (!features.every((feature) => installed.get(feature.model) === feature.sha256)) return null
  const onnx = readFileSync(join(folder, 'model.onnx'))
  const found = createHash('sha256').update(onnx).digest('hex')
  if (found !== sha256)
    throw new ModelRefused(
      `The model ${ID} was refused: its card pins SHA-256 ${sha256}, the file has ${found}. Restore the file, or install again.`,
    )
  return { sha256, features, onnx }
}

export const CLOSE_UP: PictureClassifier = {
  id: ID,
  models: [],
  after: ['explicitness', 'faces', 'apparent-minor'],
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
        if (effort !== 'still' || faces.length > 0 || !isWeakExplicitAlone(scores)) return {}
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
