/** The models folder: `models/<id>/card.json` beside `models/<id>/model.onnx`. */
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { printName } from '../base/evidence-path.ts'
import { isScarce } from '../base/scarce.ts'
import { LANGUAGE_ID } from '../contracts/words-in-pictures.ts'
import { roleOf, sha256Of } from './card-file.ts'
import type { CheckOnce } from './check-once.ts'
import { isHasherCard } from './hasher-card.ts'
import { HASHER_FILE, hasherProblem } from './hashers.ts'
import { isHeadCard } from './head-card.ts'
import { sealedHead } from './heads.ts'
import { type ModelCard, ModelRefused, parseModelCard } from './model-card.ts'
import { inspectOnnx } from './onnx-file.ts'
import { isTranscriberCard, transcriberSha256 } from './transcriber-card.ts'

/** A model whose bytes have the digest of its card. */
export interface Model {
  readonly card: ModelCard
  readonly bytes: Buffer
}

const MODEL_FILE = 'model.onnx'

export interface ModelCheck {
  readonly id: string
  /** Digest of the present file; null when there is none. */
  readonly sha256: string | null
  /** Null: the file matches its card. */
  readonly problem: string | null
}

/** Cards of every picture model in the folder, by id. @throws ModelRefused on the first that is not valid */
export function listModels(modelsDir: string): ModelCard[] {
  return ids(modelsDir)
    .filter(
      (id) =>
        !isTextModel(modelsDir, id) &&
        !isHasher(modelsDir, id) &&
        !isHead(modelsDir, id) &&
        !isTranscriber(modelsDir, id),
    )
    .map((id) => readCard(modelsDir, id))
}

/** Checks every model in the folder, reading each file whole; never throws for a bad model. */
export function verifyModels(modelsDir: string): ModelCheck[] {
  return ids(modelsDir).map((id) => {
    try {
      if (isHasher(modelsDir, id)) return hasherCheck(modelsDir, id)
      if (isHead(modelsDir, id)) return headCheck(modelsDir, id)
      if (isTranscriber(modelsDir, id))
        return { id, sha256: transcriberSha256(join(modelsDir, id)), problem: null }
      if (isTextModel(modelsDir, id)) return { id, sha256: textModelSha256(modelsDir, id), problem: null }
      return { id, sha256: readModel(modelsDir, id).card.sha256, problem: null }
    } catch (error) {
      if (!(error instanceof ModelRefused)) throw error
      const file = join(modelsDir, id, MODEL_FILE)
      const sha256 = existsSync(file) ? sha256Of(readFileSync(file)) : null
      return { id, sha256, problem: error.message }
    }
  })
}

/**
 * @throws ModelRefused when card or file is missing, the digest is another than the card's (both are named), or the
 * model keeps weights outside its file
 */
export function readModel(modelsDir: string, id: string): Model {
  const card = readCard(modelsDir, id)
  const bytes = readFile(join(modelsDir, id, MODEL_FILE), `the file of the model ${id}`)
  checkModel(card, bytes)
  return { card, bytes }
}

/** The card of a model, without its bytes. @throws ModelRefused as {@link readModel} does */
export function checkedCard(modelsDir: string, id: string, once: CheckOnce): ModelCard {
  const files = ['card.json', MODEL_FILE].map((name) => join(modelsDir, id, name))
  once(`model ${id}`, files, () => readModel(modelsDir, id).card.sha256)
  return readCard(modelsDir, id)
}

/** @throws ModelRefused as {@link readModel} does */
export function checkModel(card: ModelCard, bytes: Buffer): void {
  checkDigest(card.id, card.sha256, bytes)
  checkForm(card, bytes)
}

function checkForm(card: ModelCard, bytes: Buffer): void {
  let file: ReturnType<typeof inspectOnnx>
  try {
    file = inspectOnnx(bytes)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ModelRefused(`The model ${card.id} was refused: it is not an ONNX file (${error.message}).`, {
      cause: error,
    })
  }
  if (file.externalTensors.length > 0) {
    throw new ModelRefused(
      `The model ${card.id} was refused: it keeps data outside its file (tensor ${printName(Buffer.from(file.externalTensors[0]!))}). Save it again with all weights inside.`,
    )
  }
  const names = [card.input.name, ...card.outputs.map((o) => o.name)]
  const missing = names.find((name, i) => !(i === 0 ? file.inputs : file.outputs).includes(name))
  if (missing !== undefined) {
    throw new ModelRefused(`The model ${card.id} was refused: it has no input or output “${missing}”.`)
  }
}

/**
 * Like {@link readModel}, with the file left open instead of its bytes in memory. Most children never need the
 * expensive models, and later they cannot open files.
 * `take` reads it again and returns it once. @throws ModelRefused when it has changed; `take` also when it is no model that
 * {@link readModel} takes
 */
export function openModel(
  modelsDir: string,
  id: string,
): Pick<Model, 'card'> & { readonly take: () => Buffer } {
  const card = readCard(modelsDir, id)
  const path = join(modelsDir, id, MODEL_FILE)
  const [file, sha256] = ofFile(path, `the file of the model ${id}`, () => {
    const opened = openSync(path, 'r')
    return [opened, sha256OfOpened(opened)] as const
  })
  checkPinned(id, card.sha256, sha256)
  return {
    card,
    take: () => {
      const again = readFileSync(file)
      closeSync(file)
      checkModel(card, again)
      return again
    },
  }
}

const PIECE_BYTES = 1 << 20

/** By way of one small piece of memory: fresh pages for whole files would cost as much as reading them. */
function sha256OfOpened(file: number): string {
  const [hash, piece] = [createHash('sha256'), Buffer.allocUnsafeSlow(PIECE_BYTES)]
  for (let at = 0; ; ) {
    const bytes = readSync(file, piece, 0, PIECE_BYTES, at)
    if (bytes === 0) return hash.digest('hex')
    hash.update(piece.subarray(0, bytes))
    at += bytes
  }
}

/** Frees the memory at once, without waiting for the collector. The bytes must not be read afterwards. */
export function letGo(bytes: Buffer): void {
  if (bytes.length === bytes.buffer.byteLength) (bytes.buffer as ArrayBuffer).transfer(0)
}

/** Text models have cards of their own form (classify-text/); here only their digest is checked. */
function isTextModel(modelsDir: string, id: string): boolean {
  return textCard(modelsDir, id) !== null
}

/** Roles of which the card has a form of its own. */
const OTHER_ROLES: readonly unknown[] = [
  'text-classifier',
  'words-in-pictures',
  'words-language',
  'voice-activity',
  'picture-head',
]

function textCard(modelsDir: string, id: string): { readonly sha256: string } | null {
  const text = cardText(modelsDir, id)
  return OTHER_ROLES.includes(roleOf(text)) ? (JSON.parse(text) as { readonly sha256: string }) : null
}

function cardText(modelsDir: string, id: string): string {
  return readFile(join(modelsDir, id, 'card.json'), `the card of the model ${id}`).toString('utf8')
}

function textModelSha256(modelsDir: string, id: string): string {
  const pinned = textCard(modelsDir, id)!.sha256
  const name = id.startsWith(LANGUAGE_ID) ? 'data.traineddata' : MODEL_FILE
  checkDigest(id, pinned, readFile(join(modelsDir, id, name), `the file of the model ${id}`))
  return pinned
}

function isHead(modelsDir: string, id: string): boolean {
  return isHeadCard(cardText(modelsDir, id))
}

function headCheck(modelsDir: string, id: string): ModelCheck {
  const { sha256, problem } = sealedHead(modelsDir, id)
  return { id, sha256, problem }
}

function isTranscriber(modelsDir: string, id: string): boolean {
  return isTranscriberCard(cardText(modelsDir, id))
}

function isHasher(modelsDir: string, id: string): boolean {
  return isHasherCard(cardText(modelsDir, id))
}

function hasherCheck(modelsDir: string, id: string): ModelCheck {
  const file = join(modelsDir, id, HASHER_FILE)
  const sha256 = existsSync(file) ? sha256Of(readFileSync(file)) : null
  return { id, sha256, problem: hasherProblem(modelsDir, id) }
}

function checkDigest(id: string, pinned: string, bytes: Buffer): void {
  checkPinned(id, pinned, sha256Of(bytes))
}

function checkPinned(id: string, pinned: string, sha256: string): void {
  if (sha256 === pinned) return
  throw new ModelRefused(
    `The model ${id} was refused: its card pins SHA-256 ${pinned}, the file has ${sha256}. Restore the file, or install again.`,
  )
}

function readCard(modelsDir: string, id: string): ModelCard {
  const path = join(modelsDir, id, 'card.json')
  const card = parseModelCard(readFile(path, `the card of the model ${id}`).toString('utf8'), path)
  if (card.id !== id) throw new ModelRefused(`The card ${path} is of the model ${card.id}, not ${id}.`)
  return card
}

function ids(modelsDir: string): string[] {
  return readdirSync(modelsDir, { withFileTypes: true })
    .filter((item) => item.isDirectory() && existsSync(join(modelsDir, item.name, 'card.json')))
    .map((item) => item.name)
    .sort()
}

function readFile(path: string, what: string): Buffer {
  return ofFile(path, what, () => readFileSync(path))
}

function ofFile<T>(path: string, what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    // A machine short of resources proves no fault of the file.
    if (isScarce(error)) throw error
    throw new ModelRefused(`${path}: ${what} could not be read (${(error as NodeJS.ErrnoException).code}).`, {
      cause: error,
    })
  }
}
