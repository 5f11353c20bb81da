/**
 * Backbones: installed models whose last layer before the classes can be read as features of a picture, from the run that
 * a scan makes anyway. Both see every picture that is judged (classify/judged.ts).
 */

import { BACKBONES, type BackboneId } from './backbone-ids.ts'
import { sha256Of } from './card-file.ts'
import type { Feature } from './head-card.ts'
import { ModelRefused } from './model-card.ts'
import { letGo, listModels, openModel } from './models.ts'
import { type Runner, runnerTaking } from './session.ts'
import { tapped } from './tapped-model.ts'

/** The feature of a backbone as it is installed. */
export function featureOf(modelsDir: string, model: BackboneId): Feature {
  const { card, take } = openModel(modelsDir, model)
  const { tensor, size } = BACKBONES[model]
  return { model, sha256: card.sha256, tappedSha256: sha256Of(tapped(take(), tensor)), tensor, size }
}

/** @throws ModelRefused when an installed model is not the one that the head was trained on */
export function requireBackbones(modelsDir: string, features: readonly Feature[]): void {
  const installed = new Map(listModels(modelsDir).map(({ id, sha256 }) => [id, sha256]))
  for (const feature of features) requireSame(feature, installed.get(feature.model))
}

/** @throws ModelRefused as {@link requireBackbones} does */
export function tappedRunner(modelsDir: string, feature: Feature): Runner {
  const { card, take } = openModel(modelsDir, feature.model)
  requireSame(feature, card.sha256)
  return runnerTaking({ card, take: () => tappedOnce(take(), feature) }, feature.tensor)
}

function requireSame({ model, sha256 }: Feature, installed: string | undefined): void {
  if (installed !== sha256)
    throw new ModelRefused(
      `A head was trained on the model ${model} ${sha256}; installed is ${installed ?? 'none'}. Train it again, or install that model.`,
    )
}

function tappedOnce(bytes: Buffer, { model, tensor, tappedSha256 }: Feature): Buffer {
  const made = tapped(bytes, tensor)
  letGo(bytes)
  if (sha256Of(made) !== tappedSha256)
    throw new ModelRefused(`The model ${model} with its features as an output is not the one of the card.`)
  return made
}

/** The features of a picture, one backbone after the other. */
export async function featuresOf(
  runners: readonly Runner[],
  pixels: Parameters<Runner['features']>[0],
): Promise<Float32Array> {
  const parts = []
  for (const runner of runners) parts.push(await runner.features(pixels))
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
