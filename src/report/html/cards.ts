/**
 * Cards of the installed models, by the digest that they pin: a card applies only to the model that the ledger names.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PROGRAM_ROOT } from '../../base/version.ts'
import { type ModelCard, ModelRefused } from '../../classify/model-card.ts'
import { listModels } from '../../classify/models.ts'

/** Empty when the folder is missing or a card is not valid: the report then states that no card is available. */
export function installedCards(folder = join(PROGRAM_ROOT, 'models')): ReadonlyMap<string, ModelCard> {
  if (!existsSync(folder)) return new Map()
  try {
    return new Map(listModels(folder).map((card) => [card.sha256, card]))
  } catch (error) {
    if (error instanceof ModelRefused) return new Map()
    throw error
  }
}
