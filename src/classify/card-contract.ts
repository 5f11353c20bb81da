/**
 * Checks a model against its card: our models in the tests, and an agency's model when it is added. A wrong card can
 * still give numbers; these checks find the errors that numbers can show.
 */
import { scoresOf } from './added.ts'
import type { Runner } from './session.ts'
import { trialPictures } from './trial-pictures.ts'

/** @returns sentences, empty when the model keeps its card's promises */
export async function contractProblems(runner: Runner): Promise<string[]> {
  const problems: string[] = []
  const answers: Float32Array[][] = []
  for (const pixels of trialPictures()) {
    const outputs = await runner.run(pixels)
    answers.push(outputs)
    problems.push(...badNumbers(runner, outputs))
    if (!same(outputs, await runner.run(pixels))) problems.push('it answers the same picture in two ways')
  }
  if (answers.every((a) => same(a, answers[0]!))) problems.push('it gives the same answer to every picture')
  return [...new Set(problems)]
}

function badNumbers({ card }: Runner, outputs: readonly Float32Array[]): string[] {
  const problems: string[] = []
  for (const [i, values] of outputs.entries()) {
    const { name, activation, labels } = card.outputs[i]!
    if (values.some((v) => !Number.isFinite(v))) {
      problems.push(`the output “${name}” holds something that is no number`)
      continue
    }
    // A hundred-thousandth of slack: softmax in float32 sums to 1 only about so well.
    if (labels.length > 0 && activation === 'none' && values.some((v) => v < -1e-5 || v > 1 + 1e-5)) {
      problems.push(
        `the output “${name}” leaves 0 to 1 while its card says activation “none”; it may need “softmax” or “sigmoid”`,
      )
    }
  }
  if (problems.length === 0) {
    for (const score of scoresOf(card, outputs)) {
      if (!Number.isInteger(score.scorePer10k)) problems.push(`the label “${score.label}” gives no score`)
    }
  }
  return problems
}

function same(a: readonly Float32Array[], b: readonly Float32Array[]): boolean {
  return a.every((values, i) => values.every((v, k) => Object.is(v, b[i]![k])))
}
