/** The card of the folder that reads words in pictures: which files it has, their digests, and the languages. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { UsageError } from '../base/errors.ts'

export interface WordsCard {
  readonly role: 'words-in-pictures'
  /** SHA-256 by file name; the detector is `model.onnx`. */
  readonly files: Readonly<Record<string, string>>
  /** SHA-256 by package and file: the engine is installed with the program. */
  readonly engine: Readonly<Record<string, string>>
  /** ISO 639-2, each with its `<language>.traineddata.gz`. */
  readonly languages: readonly string[]
}

/** @throws UsageError when the card is not one of this role, or a file is missing or has another digest */
export function wordsCard(folder: string): WordsCard {
  const card = JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8')) as WordsCard
  if (card.role !== 'words-in-pictures')
    throw new UsageError(`The card in ${folder} is not of words in pictures.`)
  const require = createRequire(import.meta.url)
  for (const [name, pinned] of Object.entries(card.files)) refuseOther(name, join(folder, name), pinned)
  for (const [name, pinned] of Object.entries(card.engine)) refuseOther(name, require.resolve(name), pinned)
  return card
}

function refuseOther(name: string, file: string, pinned: string): void {
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex')
  if (sha256 !== pinned)
    throw new UsageError(
      `The file ${name} that reads words in pictures was refused: its card pins SHA-256 ${pinned}, the file has ${sha256}. Restore the file, or install again.`,
    )
}
