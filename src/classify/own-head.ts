/**
 * Heads that the agency trained in its own house. Each reads features of models that have looked already, gives one score,
 * and keeps no feature.
 */
import { createHash } from 'node:crypto'
import type { Score } from '../contracts/finding.ts'
import { featuresOf } from './backbones.ts'
import type { PictureClassifier } from './classifier.ts'
import { ALERT_LABEL, type HeadCard, headUse, type OpenHead, OWN_LABEL, parseHeadCard } from './head-card.ts'
import { headScore, type LinearHead, readHeadOnnx } from './head-onnx.ts'
import { ModelRefused } from './model-card.ts'
import { per10k } from './session.ts'

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
        linear: linearOf(card, head),
        backbones: card.features.map(({ model }) => {
          const runner = runners.get(model)
          if (!runner) throw new ModelRefused(`The head ${card.id} needs the model ${model}.`)
          return runner
        }),
      }
    })
    return {
      uses: loaded.map(({ use }) => use),
      ready: () => Promise.resolve(),
      async look(pixels) {
        const scores: Score[] = []
        for (const { card, use, linear, backbones } of loaded) {
          const scorePer10k = per10k(headScore(linear, await featuresOf(backbones, pixels)))
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

/** @throws ModelRefused when the file is not the one of the card, or reads another number of features */
function linearOf({ id, sha256, features }: HeadCard, { onnx }: OpenHead): LinearHead {
  const bytes = Buffer.from(onnx, 'base64')
  const refuse = (why: string, cause?: unknown): never => {
    throw new ModelRefused(`The head ${id} was refused: ${why}.`, { cause })
  }
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== sha256) refuse(`its card pins SHA-256 ${sha256}, it has ${found}`)
  let linear: LinearHead
  try {
    linear = readHeadOnnx(bytes)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    return refuse(cause.message, cause)
  }
  const size = features.reduce((sum, one) => sum + one.size, 0)
  if (linear.weights.length !== size)
    refuse(`its card names ${size} features, and it has ${linear.weights.length} weights`)
  return linear
}
