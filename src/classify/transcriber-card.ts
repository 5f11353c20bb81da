/**
 * An agency's model that transcribes speech: `seized model add card.json FOLDER`, where the folder has encoder.onnx, decoder.onnx and
 * tokenizer.json of a whisper model. The card pins each by its digest. No such model is shipped.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelUse } from '../contracts/case.ts'
import { TRANSCRIBER } from '../contracts/speech.ts'
import { cardJson, readPinned, roleOf, sha256Of } from './card-file.ts'
import { ModelRefused } from './model-card.ts'
import { inspectOnnx } from './onnx-file.ts'
import { type Fail, record, string, strings } from './strict-fields.ts'

export interface TranscriberCard {
  readonly cardVersion: 1
  readonly id: typeof TRANSCRIBER
  readonly title: string
  readonly role: 'speech-to-text'
  /** SHA-256 by file name. */
  readonly files: Readonly<Record<(typeof TRANSCRIBER_FILES)[number], string>>
  readonly origin: string
  readonly licence: string
  /** ISO 639-1, of those that the tokenizer has; the likeliest one of them is chosen for each half minute. */
  readonly languages: readonly string[]
  readonly trainingData: string
  readonly knownFailures: readonly string[]
  readonly neverMeasured: readonly string[]
}

export const TRANSCRIBER_FILES = ['encoder.onnx', 'decoder.onnx', 'tokenizer.json'] as const
const FIELDS = [
  'cardVersion',
  'id',
  'title',
  'role',
  'files',
  'origin',
  'licence',
  'languages',
  'trainingData',
  'knownFailures',
  'neverMeasured',
] as const
const MOST_LANGUAGES = 100

export function isTranscriberCard(text: string): boolean {
  return roleOf(text) === 'speech-to-text'
}

/** @throws ModelRefused when the card is not valid */
export function parseTranscriberCard(text: string, where: string): TranscriberCard {
  const fail: Fail = (what) => {
    throw new ModelRefused(`The card ${where} was refused: ${what}.`)
  }
  const card = record(cardJson(text, fail), 'card', FIELDS, fail)
  if (card.cardVersion !== 1) fail(`cardVersion is ${JSON.stringify(card.cardVersion)}, this program reads 1`)
  if (card.id !== TRANSCRIBER) fail(`id must be ${TRANSCRIBER}`)
  const pinned = record(card.files, 'files', TRANSCRIBER_FILES, fail)
  const files = Object.fromEntries(
    TRANSCRIBER_FILES.map((name) => {
      const sha256 = string(pinned[name], `files.${name}`, fail)
      if (!/^[0-9a-f]{64}$/.test(sha256)) fail(`files.${name} must be 64 lower-case hex digits`)
      return [name, sha256]
    }),
  ) as TranscriberCard['files']
  const languages = strings(card.languages, 'languages', fail)
  if (languages.length === 0 || languages.length > MOST_LANGUAGES) fail('languages must name 1 to 100')
  return {
    cardVersion: 1,
    id: TRANSCRIBER,
    title: string(card.title, 'title', fail),
    role: 'speech-to-text',
    files,
    origin: string(card.origin, 'origin', fail),
    licence: string(card.licence, 'licence', fail),
    languages,
    trainingData: string(card.trainingData, 'trainingData', fail),
    knownFailures: strings(card.knownFailures, 'knownFailures', fail),
    neverMeasured: strings(card.neverMeasured, 'neverMeasured', fail),
  }
}

/** At most one. @throws ModelRefused when the card is not valid */
export function listTranscribers(modelsDir: string): TranscriberCard[] {
  const file = join(modelsDir, TRANSCRIBER, 'card.json')
  return existsSync(file) ? [parseTranscriberCard(readFileSync(file, 'utf8'), file)] : []
}

/** The transcriber that is installed, in the plan of a run with a legal basis; empty: none. @throws ModelRefused */
export function transcriberUses(modelsDir: string): ModelUse[] {
  const folder = join(modelsDir, TRANSCRIBER)
  return existsSync(join(folder, 'card.json'))
    ? [{ id: TRANSCRIBER, sha256: transcriberSha256(folder), thresholds: {} }]
    : []
}

/** Over the card, which pins the files. @throws ModelRefused where a file is not the one that the card pins */
export function transcriberSha256(folder: string): string {
  const text = readFileSync(join(folder, 'card.json'), 'utf8')
  pinnedFiles(parseTranscriberCard(text, folder), folder)
  return sha256Of(Buffer.from(text))
}

export type TranscriberFiles = Readonly<Record<(typeof TRANSCRIBER_FILES)[number], Buffer>>

/** @throws ModelRefused where a file is missing or has another digest */
export function pinnedFiles(card: TranscriberCard, folder: string): TranscriberFiles {
  return Object.fromEntries(
    TRANSCRIBER_FILES.map((name) => {
      const bytes = readPinned(join(folder, name), card.files[name])
      if (name.endsWith('.onnx')) refuseOutside(name, bytes)
      return [name, bytes]
    }),
  ) as unknown as TranscriberFiles
}

function refuseOutside(name: string, bytes: Buffer): void {
  try {
    if (inspectOnnx(bytes).externalTensors.length === 0) return
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ModelRefused(`${name} was refused: it is not an ONNX file (${error.message}).`, {
      cause: error,
    })
  }
  throw new ModelRefused(`${name} was refused: it keeps data outside its file.`)
}
