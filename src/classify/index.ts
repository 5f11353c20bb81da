/**
 * The picture cascade: cheap models on every picture, dear ones on what they flag.
 *
 * Everything is read from the models folder before the first picture, so a process can give up its rights after
 * `loadClassifiers`. Each part stands in CLASSIFIERS once; the order is the order of looking.
 */
import type { ModelUse, Pixels } from '../contracts.ts'
import type { Face, LoadedClassifier, Looked, PictureClassifier } from './classifier.ts'
import { EXPLICITNESS } from './explicitness.ts'
import { ModelRefused } from './model-card.ts'
import { listModels, readModel } from './models.ts'
import { type Runner, runnerOf } from './session.ts'

export { listModels, verifyModels } from './models.ts'
export type { Face, Looked }

export const CLASSIFIERS: readonly PictureClassifier[] = [EXPLICITNESS]

export interface ImageClassifiers {
  /** For the plan: every model that may run, with its digest and thresholds in parts per 10,000. */
  readonly uses: readonly ModelUse[]
  classify(pixels: Pixels): Promise<Looked>
}

export interface ClassifierOptions {
  /** Ids of the models to use; all in the folder when left out. */
  readonly only?: readonly string[]
  /** Run the dear models on every picture too. */
  readonly everyModel?: boolean
}

/**
 * @throws ModelRefused when a model is not what its card pins, or `only` names one that is not there
 */
export async function loadClassifiers(
  modelsDir: string,
  options: ClassifierOptions = {},
): Promise<ImageClassifiers> {
  const runners = readRunners(modelsDir, options.only)
  const loaded = CLASSIFIERS.map((part) =>
    part.load(runners, { everyModel: options.everyModel ?? false }),
  ).filter((part): part is LoadedClassifier => part !== null)
  return {
    uses: loaded.flatMap((part) => part.uses),
    async classify(pixels) {
      let looked: Looked = { scores: [], attributes: [], faces: [] }
      for (const part of loaded) looked = { ...looked, ...merge(looked, await part.look(pixels, looked)) }
      return looked
    },
  }
}

function readRunners(modelsDir: string, only: readonly string[] | undefined): Map<string, Runner> {
  const ids = listModels(modelsDir).map((card) => card.id)
  const missing = only?.find((id) => !ids.includes(id))
  if (missing !== undefined) {
    throw new ModelRefused(`There is no model ${missing} in ${modelsDir}; there are ${ids.join(', ')}.`)
  }
  return new Map(
    (only ? ids.filter((id) => only.includes(id)) : ids).map((id) => [
      id,
      runnerOf(readModel(modelsDir, id)),
    ]),
  )
}

function merge(looked: Looked, added: Partial<Looked>): Looked {
  return {
    scores: [...looked.scores, ...(added.scores ?? [])],
    attributes: [...looked.attributes, ...(added.attributes ?? [])],
    // The age models look at the same faces again: what they return takes the place of what was there.
    faces: added.faces ?? looked.faces,
  }
}
