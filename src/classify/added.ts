/** Models that an agency added. Each gives the labels of its card, beside the cascade or in place of a part of it. */
import type { Pixels } from '../contracts/content.ts'
import type { Score } from '../contracts/finding.ts'
import type { Face, PictureClassifier } from './classifier.ts'
import { readableFaces, squareCrop } from './face-crop.ts'
import type { LabelMeaning, ModelCard, ModelOutput } from './model-card.ts'
import { per10k, type Runner } from './session.ts'

export const ADDED: PictureClassifier = {
  id: 'added',
  models: [],
  after: ['faces'],
  load(runners, { added }) {
    const mine = added.map((id) => runners.get(id)).filter((r) => r !== undefined)
    if (mine.length === 0) return null
    return {
      uses: mine.map(({ card }) => ({ id: card.id, sha256: card.sha256, thresholds: thresholdsOf(card) })),
      async ready() {
        for (const runner of mine) await runner.ready()
      },
      async look(pixels, { faces }) {
        const scores: Score[] = []
        for (const runner of mine) {
          if (runner.card.role === 'face-classifier') scores.push(...(await overFaces(runner, pixels, faces)))
          else scores.push(...scoresOf(runner.card, await runner.run(pixels)))
        }
        return { scores }
      },
    }
  },
}

/** The strongest score of each label over the faces that are large enough; empty without such a face. */
async function overFaces(runner: Runner, pixels: Pixels, faces: readonly Face[]): Promise<Score[]> {
  const strongest = new Map<string, Score>()
  for (const face of readableFaces(faces)) {
    for (const score of scoresOf(runner.card, await runner.run(pixels, squareCrop(face.box)))) {
      const known = strongest.get(score.label)
      if (!known || score.scorePer10k > known.scorePer10k) strongest.set(score.label, score)
    }
  }
  return [...strongest.values()]
}

/** One score per declared label. A label with a meaning is named by that meaning, which the priority rules read. */
export function scoresOf(card: ModelCard, outputs: readonly Float32Array[]): Score[] {
  return card.outputs.flatMap((output, o) => {
    const shares = activated(output.activation, outputs[o]!)
    return output.labels.map(
      ({ label, meaning, thresholdPer10k }, i): Score => ({
        kind: 'score',
        classifier: card.id,
        modelSha256: card.sha256,
        label: scoreLabel(label, meaning),
        scorePer10k: per10k(shares[i]!),
        thresholdPer10k,
      }),
    )
  })
}

/** Labels that can lead, with their thresholds in parts per 10,000. */
function thresholdsOf(card: ModelCard): Readonly<Record<string, number>> {
  const labels = card.outputs.flatMap((output) => output.labels)
  return Object.fromEntries(
    labels.flatMap((l) =>
      l.thresholdPer10k === null ? [] : [[scoreLabel(l.label, l.meaning), l.thresholdPer10k]],
    ),
  )
}

function scoreLabel(label: string, meaning: LabelMeaning): string {
  return meaning === 'none' ? label : meaning
}

function activated(activation: ModelOutput['activation'], values: Float32Array): Float32Array {
  switch (activation) {
    case 'none':
      return values
    case 'sigmoid':
      return values.map((v) => 1 / (1 + Math.exp(-v)))
    case 'softmax': {
      const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
      const powers = values.map((v) => Math.exp(v - most))
      const sum = powers.reduce((a, b) => a + b, 0)
      return powers.map((v) => v / sum)
    }
  }
}
