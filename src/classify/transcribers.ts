/** Agencies' models that transcribe speech: added whole or not at all, and opened for a child. */

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TRANSCRIBER } from '../contracts/speech.ts'
import { ModelRefused } from './model-card.ts'
import {
  parseTranscriberCard,
  pinnedFiles,
  TRANSCRIBER_FILES,
  type TranscriberCard,
  type TranscriberFiles,
} from './transcriber-card.ts'
import { Whisper } from './whisper.ts'
import { whisperTokens } from './whisper-tokens.ts'

/** With the digest of the card. */
export type AddedTranscriber = TranscriberCard & { readonly sha256: string }

/** @throws ModelRefused where the folder no longer has what its card pins */
export function openTranscriber(folder: string): Whisper {
  const card = parseTranscriberCard(readFileSync(join(folder, 'card.json'), 'utf8'), folder)
  return whisperOf(card, pinnedFiles(card, folder))
}

/** @throws ModelRefused when card or files are not valid, or the model does not run; then nothing is installed */
export async function addTranscriber(
  text: string,
  cardPath: string,
  from: string,
  modelsDir: string,
): Promise<AddedTranscriber> {
  const card = parseTranscriberCard(text, cardPath)
  const folder = join(modelsDir, TRANSCRIBER)
  if (existsSync(folder)) throw new ModelRefused(`There is a model ${TRANSCRIBER} already.`)
  const files = pinnedFiles(card, from)
  await tryOut(whisperOf(card, files))
  const unfinished = join(modelsDir, `.${TRANSCRIBER}.adding`)
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true })
  for (const name of TRANSCRIBER_FILES) writeFileSync(join(unfinished, name), files[name])
  writeFileSync(join(unfinished, 'card.json'), text)
  renameSync(unfinished, folder)
  return { ...card, sha256: createHash('sha256').update(text).digest('hex') }
}

async function tryOut(whisper: Whisper): Promise<void> {
  try {
    const [first, second] = [
      await whisper.transcribe(new Float32Array(16_000)),
      await whisper.transcribe(new Float32Array(16_000)),
    ]
    if (JSON.stringify(first) !== JSON.stringify(second))
      throw new RangeError('it answers the same sound in two ways')
  } catch (error) {
    throw new ModelRefused(
      `The model ${TRANSCRIBER} was refused: it does not run (${(error as Error).message}).`,
      {
        cause: error,
      },
    )
  }
}

function whisperOf(card: TranscriberCard, files: TranscriberFiles): Whisper {
  try {
    const tokens = whisperTokens(files['tokenizer.json'].toString('utf8'), card.languages)
    return new Whisper(files['encoder.onnx'], files['decoder.onnx'], tokens)
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error
    throw new ModelRefused(`The tokenizer of ${TRANSCRIBER} was refused: ${error.message}.`, { cause: error })
  }
}
