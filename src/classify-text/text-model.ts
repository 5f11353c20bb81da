/**
 * Loads a text model of `models/<id>`: the file must have the digest of its card.
 *
 * A card of a text model also contains, for each head, the scores at given rates of false positives, and the rows that
 * this was measured on.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UsageError } from '../base/errors.ts'

/** Log-odds at which a head reaches a rate of false positives on rows outside its training. */
export interface HeadCalibration {
  readonly head: string
  readonly logitAt5Percent: number
  readonly logitAt1Percent: number
}

/** The fields that the program reads; the rest of a card is for people. */
export interface TextModelCard {
  readonly cardVersion: 1
  readonly id: string
  readonly title: string
  readonly role: 'text-classifier'
  readonly sha256: string
  readonly sizeBytes: number
  readonly threshold: number
}

export interface TextModelFile<Card extends TextModelCard> {
  readonly card: Card
  readonly bytes: Buffer
}

/** @throws UsageError when card or model cannot be read, or the model is not the one that the card pins */
export function readTextModel<Card extends TextModelCard>(
  id: string,
  folder: string = modelsFolder(),
): TextModelFile<Card> {
  const card = JSON.parse(readRequired(join(folder, id, 'card.json')).toString('utf8')) as Card
  if (card.cardVersion !== 1 || card.role !== 'text-classifier' || card.id !== id)
    throw new UsageError(`The card of the text model ${id} is not one that this program reads.`)
  const bytes = readRequired(join(folder, id, 'model.onnx'))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sha256 !== card.sha256)
    throw new UsageError(
      `The text model ${id} was refused: its card pins SHA-256 ${card.sha256}, the file has ${sha256}. Restore the file, or install again.`,
    )
  return { card, bytes }
}

/** The installation's `models`: beside src when run from source, two folders above dist when built. */
export function modelsFolder(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'models', 'job-offer')) && dirname(folder) !== folder)
    folder = dirname(folder)
  return join(folder, 'models')
}

/**
 * A head's log-odds on the displayed scale: 0.5 where 5 % of ordinary rows score higher, 0.9 where 1 % do.
 * @returns 0–1; an order with two marks, not a probability
 */
export function shownScore(logit: number, { logitAt5Percent, logitAt1Percent }: HeadCalibration): number {
  const slope = Math.log(9) / Math.max(0.1, logitAt1Percent - logitAt5Percent)
  return 1 / (1 + Math.exp(-slope * (logit - logitAt5Percent)))
}

function readRequired(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new UsageError(`${path} could not be read (${(error as NodeJS.ErrnoException).code}).`, {
      cause: error,
    })
  }
}
