import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../scripts/train/metrics.ts'
import { scorerOf } from '../../scripts/train/stage-linear.ts'
import { writeStageModel } from '../../scripts/train/stage-onnx.ts'
import { foldText } from '../../src/classify-text/fold-text.ts'
import { STAGE_BUCKETS, sentencesOf, stageFeatures } from '../../src/classify-text/stage-features.ts'
import { MODEL_STAGES, openStageModel } from '../../src/classify-text/stage-model.ts'

describe('the stage model', () => {
  it('says in ONNX, many sentences at once, what the slow loop says of each', async () => {
    const random = randomFrom(1)
    const weights = Float32Array.from({ length: STAGE_BUCKETS * MODEL_STAGES.length }, () => random() - 0.5)
    const bias = Float32Array.from(MODEL_STAGES, () => random())
    const sentences = [
      'we meet at the cafe at noon',
      'τα λέμε αύριο στην καφετέρια με όλους',
      '',
      'a long sentence '.repeat(80),
      ...Array.from({ length: 900 }, (_, i) => `message number ${i} about the garden`),
    ].map(stageFeatures)
    const onnx = await openStageModel(writeStageModel(weights), [...bias])
    const fast = await onnx(sentences)
    const slow = await scorerOf({ weights, bias })(sentences)
    expect(fast.length).toBe(sentences.length * MODEL_STAGES.length)
    const furthest = fast.reduce((most, value, i) => Math.max(most, Math.abs(value - slow[i]!)), 0)
    expect(furthest).toBeLessThan(1e-4)
  })

  it('answers nothing for nothing', async () => {
    const onnx = await openStageModel(
      writeStageModel(new Float32Array(STAGE_BUCKETS * MODEL_STAGES.length)),
      MODEL_STAGES.map(() => 0),
    )
    expect(await onnx([])).toHaveLength(0)
  })
})

describe('sentences of a message', () => {
  it('lie where they say, and leave fragments out', () => {
    const message = `Hi! See you at the gym tomorrow? ok.\n${'one more word '.repeat(40)}। কাল সবার সাথে দেখা হবে।`
    const sentences = sentencesOf(foldText(message))
    for (const { text, start } of sentences)
      expect(foldText(message).text.slice(start, start + text.length)).toBe(text)
    expect(sentences[0]!.text.trim()).toBe('see you at the gym tomorrow?')
    expect(sentences.at(-1)!.text.trim()).toBe('কাল সবার সাথে দেখা হবে।')
    expect(Math.max(...sentences.map(({ text }) => text.split(' ').length))).toBeLessThan(30)
  })
})
