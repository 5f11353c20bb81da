/**
 * The picture cascade: cheap models on every picture, expensive ones on those that they flag.
 *
 * All files are read or opened from the models folder before the first picture, so a process can give up its rights
 * after `loadClassifiers`. CLASSIFIERS contains each part once, in the order of execution.
 */
import { isDeepStrictEqual } from 'node:util'
import type { ModelUse } from '../contracts/case.ts'
import type { Pixels } from '../contracts/content.ts'
import { ADDED } from './added.ts'
import { APPARENT_MINOR } from './apparent-minor.ts'
import { tappedRunner } from './backbones.ts'
import { ALWAYS, type CheckOnce } from './check-once.ts'
import type { Effort, Face, LoadedClassifier, Looked, PictureClassifier } from './classifier.ts'
import { CLOSE_UP } from './close-up.ts'
import { readCloseUp } from './close-up-head.ts'
import { COVERED_FACE } from './covered-face.ts'
import { EXPLICITNESS, SCREEN } from './explicitness.ts'
import { FACE_AGAIN } from './face-again.ts'
import { FACES } from './faces.ts'
import { type Feature, type OpenHead, parseHeadCard } from './head-card.ts'
import { ModelRefused } from './model-card.ts'
import { checkedCard, listModels, openModel, readModel } from './models.ts'
import { OWN_HEADS } from './own-head.ts'
import { PERSON } from './person.ts'
import { PICTURE_KIND } from './picture-kind.ts'
import { type Runner, runnerTaking } from './session.ts'

export { hasherUses, listHashers, plannedHashers } from './hashers.ts'
export { listModels, verifyModels } from './models.ts'
export type { Effort, Face, Looked }

export const CLASSIFIERS: readonly PictureClassifier[] = [
  PICTURE_KIND,
  EXPLICITNESS,
  FACES,
  APPARENT_MINOR,
  PERSON,
  COVERED_FACE,
  FACE_AGAIN,
  CLOSE_UP,
  ADDED,
  OWN_HEADS,
]

export interface ImageClassifiers {
  /** For the plan: every model that may run, with its digest and thresholds in parts per 10,000. */
  readonly uses: readonly ModelUse[]
  classify(pixels: Pixels, effort?: Effort): Promise<Looked>
}

export interface ClassifierOptions {
  /** Ids of the models to use; all in the folder when left out. */
  readonly only?: readonly string[]
  /** Run the expensive models on every picture too. */
  readonly everyModel?: boolean
  /** Run every expensive model where it is due, without a prefilter. */
  readonly exact?: boolean
  /** Heads of the agency that the scan was given. */
  readonly heads?: readonly OpenHead[]
}

/**
 * Models for a run with these options, for its plan: single models and combined classifiers.
 * @param once may know that a model was checked before; a child process that loads one checks it in any case
 */
export function modelUses(
  modelsDir: string,
  options: ClassifierOptions = {},
  once: CheckOnce = ALWAYS,
): ModelUse[] {
  const unread: RunnerFor = (id, feature) =>
    feature && options.heads?.length
      ? tappedRunner(modelsDir, feature)
      : runnerTaking({
          card: checkedCard(modelsDir, id, once),
          take: () => readModel(modelsDir, id).bytes,
        })
  return loadParts(modelsDir, options, unread).flatMap((part) => part.uses)
}

/** Whether a plan uses a prefilter that selects the pictures for an expensive model. */
export function isScreened(uses: readonly ModelUse[]): boolean {
  return uses.some(({ id }) => id === SCREEN)
}

/** @throws ModelRefused when a model has another digest than its card, or `only` names a missing one */
export async function loadClassifiers(
  modelsDir: string,
  options: ClassifierOptions = {},
): Promise<ImageClassifiers> {
  const parts = loadParts(modelsDir, options, (id, feature) =>
    feature ? tappedRunner(modelsDir, feature) : runnerTaking(openModel(modelsDir, id)),
  )
  for (const part of parts) await part.ready()
  return {
    uses: parts.flatMap((part) => part.uses),
    async classify(pixels, effort = 'still') {
      let looked: Looked = { scores: [], attributes: [], faces: [] }
      for (const part of parts) looked = merge(looked, await part.look(pixels, looked, effort))
      return looked
    },
  }
}

/**
 * The classifiers that a plan names, for a child process.
 * @throws ModelRefused when the folder no longer gives exactly the models, digests and thresholds of the plan
 */
export async function loadPlanned(
  uses: readonly ModelUse[],
  modelsDir: string,
  heads: readonly OpenHead[] = [],
): Promise<ImageClassifiers> {
  const planned = new Set(uses.map((use) => use.id))
  const only = listModels(modelsDir)
    .map((card) => card.id)
    .filter((id) => planned.has(id))
  const everyModel = uses.some((use) => use.thresholds.gate === 0)
  const loaded = await loadClassifiers(modelsDir, { only, everyModel, heads })
  if (!isDeepStrictEqual(loaded.uses, uses)) {
    throw new ModelRefused(
      `The models of the plan are not those of ${modelsDir}: planned ${describe(uses)}; found ${describe(loaded.uses)}.`,
    )
  }
  return loaded
}

function describe(uses: readonly ModelUse[]): string {
  return uses.map((use) => `${use.id} ${use.sha256} ${JSON.stringify(use.thresholds)}`).join(', ')
}

/** @param feature that a head reads from this model */
type RunnerFor = (id: string, feature: Feature | undefined) => Runner

function loadParts(
  modelsDir: string,
  { only, everyModel = false, exact = everyModel, heads = [] }: ClassifierOptions,
  runnerFor: RunnerFor,
): LoadedClassifier[] {
  const cards = listModels(modelsDir).filter(({ role }) => !(exact && role === 'screen'))
  const ids = cards.map((card) => card.id)
  // A plan also names combined classifiers; those come with their members.
  const missing = only?.find((id) => !ids.includes(id) && !CLASSIFIERS.some((part) => part.id === id))
  if (missing !== undefined) {
    throw new ModelRefused(`There is no model ${missing} in ${modelsDir}; there are ${ids.join(', ')}.`)
  }
  const wanted = only ? ids.filter((id) => only.includes(id)) : ids
  const digests = new Map(cards.filter(({ id }) => wanted.includes(id)).map(({ id, sha256 }) => [id, sha256]))
  const closeUp = readCloseUp(modelsDir, digests)
  const features = [
    ...heads.flatMap(({ cardText }) => parseHeadCard(cardText, 'of the head').features),
    ...(closeUp?.features ?? []),
  ]
  const runners = new Map(
    wanted.map((id) => [
      id,
      runnerFor(
        id,
        features.find(({ model }) => model === id),
      ),
    ]),
  )
  const added = wanted.filter((id) => !OWN_MODELS.has(id))
  const replaced: ReadonlySet<string> = new Set(added.flatMap((id) => runners.get(id)!.card.insteadOf))
  return CLASSIFIERS.filter((part) => !replaced.has(part.id))
    .map((part) => part.load(runners, { everyModel, added, heads, closeUp }))
    .filter((part) => part !== null)
}

const OWN_MODELS: ReadonlySet<string> = new Set(CLASSIFIERS.flatMap((part) => part.models))

function merge(looked: Looked, added: Partial<Looked>): Looked {
  return {
    scores: [...looked.scores, ...(added.scores ?? [])],
    attributes: [...looked.attributes, ...(added.attributes ?? [])],
    // The age models process the same faces again: their result replaces the earlier one.
    faces: added.faces ?? looked.faces,
    leftOut: (looked.leftOut ?? false) || (added.leftOut ?? false),
  }
}
