/**
 * The cards of the models of a plan, for quotation. A card counts only where it has the digest that the plan states: a
 * card of another file says nothing about the examination.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { combinedSha256 } from '../../classify/classifier.ts'
import { isTextModelUse, textModelUses } from '../../classify-text/uses.ts'
import type { ModelUse } from '../../contracts/case.ts'
import { measuredTiers } from '../../report/pages/measured-error.ts'

/** A counted group of a text model's card: its share as a fraction, with its interval. */
export interface MeasuredGroup {
  readonly name: string
  readonly counted: number
  readonly marked: { readonly value: number; readonly low: number; readonly high: number }
}

export interface QuotedCard {
  readonly use: ModelUse
  /** The text of card.json; null: no card with this digest. The lists below are empty then. */
  readonly text: string | null
  /** Several models read together, which has no card of its own. */
  readonly isCombination: boolean
  readonly trainingData: readonly string[]
  readonly licence: readonly string[]
  readonly measured: readonly string[]
  readonly groups: readonly MeasuredGroup[]
  readonly knownFailures: readonly string[]
  readonly neverMeasured: readonly string[]
}

/** @param folder of the installed models: one folder a model with `card.json` */
export function quotedCards(models: readonly ModelUse[], folder: string): readonly QuotedCard[] {
  // The digest that a plan states of a text model is of the model with its rules, and not of the file alone.
  const ofTexts = models.some(isTextModelUse) ? textModelUses(folder) : []
  const textSha256 = new Map(ofTexts.map(({ id, sha256 }) => [id, sha256]))
  return models.map((use) => quoted(use, models, folder, textSha256))
}

function quoted(
  use: ModelUse,
  models: readonly ModelUse[],
  folder: string,
  textSha256: ReadonlyMap<string, string>,
): QuotedCard {
  const file = join(folder, use.id, 'card.json')
  const text = existsSync(file) ? readFileSync(file, 'utf8') : null
  const card = text === null ? {} : (JSON.parse(text) as Record<string, unknown>)
  const isOfUse = text !== null && [card.sha256, textSha256.get(use.id)].includes(use.sha256)
  const texts = (...keys: readonly string[]) =>
    isOfUse ? keys.flatMap((key) => textsOf(valueAt(card, key))) : []
  return {
    use,
    text: isOfUse ? text : null,
    isCombination: text === null && (measuredTiers(use.id).length > 0 || isOfAnother(use, models)),
    trainingData: texts('trainingData', 'provenance.sources', 'provenance.positive', 'provenance.negative'),
    licence: texts('licence'),
    measured: texts('publishedAccuracy', 'operatingPoints', 'measured.benignNote', 'notTuned'),
    groups: isOfUse ? groupsOf(card) : [],
    knownFailures: texts('knownFailures'),
    neverMeasured: texts('neverMeasured', 'limits'),
  }
}

/** A rule on the outputs of another model of the plan, or of two, states the digest of that model, or of both. */
const isOfAnother = (use: ModelUse, models: readonly ModelUse[]): boolean =>
  models.some(({ id, sha256 }) => id !== use.id && sha256 === use.sha256) ||
  models.some((one) => models.some((other) => combinedSha256([one, other]) === use.sha256))

function textsOf(value: unknown): string[] {
  return [value].flat().filter((one) => typeof one === 'string')
}

function valueAt(card: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((of, key) => (of as Readonly<Record<string, unknown>> | undefined)?.[key], card)
}

/** Benign rows by source and language (shares of 100), and authored conversations (fractions). */
function groupsOf(card: unknown): readonly MeasuredGroup[] {
  const rows = (path: string) =>
    Object.entries((valueAt(card, path) ?? {}) as Readonly<Record<string, Counted>>)
  return [
    ...rows('measured.benign.bySourceAndLanguage').map(([name, one]) => ({
      name,
      counted: one.conversations,
      marked: mapped(one.aboveThresholdPer100!, (share) => share / 100),
    })),
    ...rows('measured.authoredConversations.withModel').map(([name, one]) => ({
      name,
      counted: one.conversations,
      marked: one.share!,
    })),
  ]
}

interface Counted {
  readonly conversations: number
  readonly aboveThresholdPer100?: MeasuredGroup['marked']
  readonly share?: MeasuredGroup['marked']
}

function mapped(of: MeasuredGroup['marked'], change: (share: number) => number): MeasuredGroup['marked'] {
  return { value: change(of.value), low: change(of.low), high: change(of.high) }
}
