/** The file of the head that knows close-ups of hands (close-up.ts). */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Feature } from './head-card.ts'
import { ModelRefused } from './model-card.ts'

export const CLOSE_UP_ID = 'close-up-hand'

/** The head that ships; read whole, because a child can open no file later. */
export interface CloseUpHead {
  readonly sha256: string
  readonly features: readonly Feature[]
  readonly onnx: Buffer
}

/**
 * @param installed digests of the models of a run, by id
 * @returns null where the head is not installed, or a model that it reads is another than it was trained on
 * @throws ModelRefused when its file is not the one that its card pins
 */
export function readCloseUp(modelsDir: string, installed: ReadonlyMap<string, string>): CloseUpHead | null {
  const folder = join(modelsDir, CLOSE_UP_ID)
  if (!existsSync(join(folder, 'card.json'))) return null
  const { sha256, features } = JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8')) as CloseUpHead
  if (!features.every((feature) => installed.get(feature.model) === feature.sha256)) return null
  const onnx = readFileSync(join(folder, 'model.onnx'))
  const found = createHash('sha256').update(onnx).digest('hex')
  if (found !== sha256)
    throw new ModelRefused(
      `The model ${CLOSE_UP_ID} was refused: its card pins SHA-256 ${sha256}, the file has ${found}. Restore the file, or install again.`,
    )
  return { sha256, features, onnx }
}
