/** The card of the network that tells speech from other sounds. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../base/errors.ts'

/** @throws UsageError when the card is of another role, or the network has another digest than the card pins */
export function checkSpeechCard(folder: string): void {
  const card = JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8')) as Readonly<
    Record<string, unknown>
  >
  if (card.role !== 'voice-activity') throw new UsageError(`The card in ${folder} is not of voice activity.`)
  const sha256 = createHash('sha256')
    .update(readFileSync(join(folder, 'model.onnx')))
    .digest('hex')
  if (sha256 !== card.sha256)
    throw new UsageError(
      `The network in ${folder} was refused: its card pins SHA-256 ${String(card.sha256)}, the file has ${sha256}. Restore the file, or install again.`,
    )
}
