/**
 * Heads that the agency trained in its own house. Each reads features of models that have looked already, gives one score,
 * and keeps no feature.
 */
import { createHash } from 'node:crypto'
import type { InferenceSession } from 'onnxruntime-node'
import type { Score } from '../contracts/finding.ts'
import { featuresOf } from './backbones.ts'
import type { PictureClassifier } from './classifier.ts'
import {
  ALERT_LABEL,
  HEAD_INPUT,
  HEAD_OUTPUT,
  headUse,
  type OpenHead,
  OWN_LABEL,
  parseHeadCard,
} from './head-card.ts'
import { ModelRefused } from './model-card.ts'
import { onnxRuntime } from './onnx-runtime.ts'
import { per10k, SESSION_OPTIONS } from './session.ts'

export const OWN_HEADS: PictureClassifier = {
  id: 'own-heads',
  models: [],
  after: [],
  load(runners, { heads = [] }) {
    if (heads.length === 0) return null
    const loaded = heads.map((head) => {
      const card = parseHeadCard(head.cardText, 'of the head')
      return {
        card,
        use: headUse(card, head.cardText),
        session: once(() => sessionOf(card.id, card.sha256, head)),
        backbones: card.features.map(({ model }) => {
          const runner = runners.get(model)
          if (!runner) throw new ModelRefused(`The head ${card.id} needs the model ${model}.`)
          return runner
        }),
      }
    })
    return {
      uses: loaded.map(({ use }) => use),
      async ready() {
        for (const { session } of loaded) await session()
      },
      async look(pixels) {
        const { Tensor } = await onnxRuntime()
        const scores: Score[] = []
        for (const { card, use, session, backbones } of loaded) {
          const features = await featuresOf(backbones, pixels)
          const input = new Tensor('float32', features, [1, features.length])
          const outputs = await (await session()).run({ [HEAD_INPUT]: input })
          const scorePer10k = per10k(numberOf(outputs[HEAD_OUTPUT]))
          for (const label of [OWN_LABEL, ALERT_LABEL]) {
            const thresholdPer10k = use.thresholds[label]
            if (thresholdPer10k === undefined) continue
            scores.push({
              kind: 'score',
              classifier: card.id,
              modelSha256: card.sha256,
              label,
              scorePer10k,
              thresholdPer10k,
            })
          }
        }
        return { scores }
      },
    }
  },
}

/** NaN, which counts as 0, where the head gives no number. */
function numberOf(output: { readonly data: unknown } | undefined): number {
  return output?.data instanceof Float32Array ? (output.data[0] ?? Number.NaN) : Number.NaN
}

async function sessionOf(id: string, sha256: string, { onnx }: OpenHead): Promise<InferenceSession> {
  const bytes = Buffer.from(onnx, 'base64')
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== sha256)
    throw new ModelRefused(`The head ${id} was refused: its card pins SHA-256 ${sha256}, it has ${found}.`)
  const { InferenceSession } = await onnxRuntime()
  return InferenceSession.create(bytes, SESSION_OPTIONS)
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => {
    made ??= make()
    return made
  }
}
