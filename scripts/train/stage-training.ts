/**
 * Fits the stage model and, for its figures, one model a fold that saw nothing of the fold's rows: near-duplicates of a
 * conversation never lie on both sides.
 */

import { foldText } from '../../src/classify-text/fold-text.ts'
import type { Buckets } from '../../src/classify-text/hash-features.ts'
import { wordsOf } from '../../src/classify-text/hash-features.ts'
import { sentencesOf, stageFeatures } from '../../src/classify-text/stage-features.ts'
import { MODEL_STAGES } from '../../src/classify-text/stage-model.ts'
import { nearDuplicates } from './clusters.ts'
import { dealClusters } from './metrics.ts'
import { fitStages, type StageRow, type StageWeights, scorerOf } from './stage-linear.ts'
import type { BenignConversation, StageLine } from './stage-rows.ts'

export const FOLDS = 4

const HEADS = MODEL_STAGES.length

/** An authored line speaks for many ways to say it; a text made of a rule for itself. */
const WEIGHT = { line: 10, none: 4, made: 0.5, benign: 1 } as const

export interface TrainingRows {
  readonly lines: readonly StageLine[]
  readonly made: readonly StageLine[]
  readonly benign: readonly BenignConversation[]
  readonly foldOfLine: Int32Array
  readonly foldOfBenign: Int32Array
  /** Sentences of each benign conversation, of all its messages in a row. */
  readonly sentences: readonly (readonly Buckets[])[]
  readonly clusters: number
}

export function trainingRows(
  lines: readonly StageLine[],
  made: readonly StageLine[],
  benign: readonly BenignConversation[],
): TrainingRows {
  const words = benign.map(({ messages }) =>
    wordsOf(foldText(messages.map(({ text }) => text).join(' . ')).text),
  )
  // What is in Latin letters is the same sentence again.
  const clusters = nearDuplicates(
    benign.map(({ id }, i) => ({
      fields: [words[i]!],
      given: words[i]!.length < 8 ? words[i]!.join(' ') : id.replace(/-latn$/, ''),
    })),
  )
  return {
    lines,
    made,
    benign,
    foldOfLine: dealClusters(
      Int32Array.from(lines, (_, i) => i),
      FOLDS,
      1,
    ),
    foldOfBenign: dealClusters(clusters, FOLDS, 2),
    sentences: benign.map(({ messages }) =>
      messages.flatMap(({ text }) =>
        sentencesOf(foldText(text)).map((sentence) => stageFeatures(sentence.text)),
      ),
    ),
    clusters: new Set(clusters).size,
  }
}

/** @param without the fold that is left out; null for none */
export function fitWithout(rows: TrainingRows, without: number | null): StageWeights {
  const all: StageRow[] = []
  rows.lines.forEach((line, i) => {
    if (rows.foldOfLine[i] !== without) all.push(rowOf(line, line.stage === null ? WEIGHT.none : WEIGHT.line))
  })
  for (const line of rows.made) all.push(rowOf(line, WEIGHT.made))
  rows.sentences.forEach((sentences, i) => {
    if (rows.foldOfBenign[i] !== without)
      for (const buckets of sentences) all.push({ buckets, stage: null, weight: WEIGHT.benign })
  })
  return fitStages(all)
}

function rowOf({ text, stage }: StageLine, weight: number): StageRow {
  return {
    buckets: stageFeatures(foldText(text).text),
    stage: stage === null ? null : MODEL_STAGES.indexOf(stage),
    weight,
  }
}

/** Log-odds of every benign sentence and authored line by the model that never saw it. */
export async function heldLogits(rows: TrainingRows, folds: readonly StageWeights[]) {
  const scorers = folds.map(scorerOf)
  const sentences: Float32Array[] = []
  for (const [i, ofConversation] of rows.sentences.entries()) {
    const logits = await scorers[rows.foldOfBenign[i]!]!(ofConversation)
    for (let s = 0; s < ofConversation.length; s += 1)
      sentences.push(logits.slice(s * HEADS, (s + 1) * HEADS))
  }
  const lines: Float32Array[] = []
  for (const [i, { text }] of rows.lines.entries())
    lines.push(await scorers[rows.foldOfLine[i]!]!([stageFeatures(foldText(text).text)]))
  return { sentences, lines }
}
