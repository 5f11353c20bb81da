/** Agencies' hashers in the models folder: `models/<id>/card.json` beside `models/<id>/hasher.wasm`. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelUse } from '../contracts/case.ts'
import { asPlanned, type HasherCard, isHasherCard, parseHasherCard } from './hasher-card.ts'
import { type HasherOf, hasherOf } from './hasher-module.ts'
import { ModelRefused } from './model-card.ts'
import { trialPictures } from './trial-pictures.ts'

export const HASHER_FILE = 'hasher.wasm'

/** Hashers of a run, for its plan, by id. @throws ModelRefused on the first card that is not valid */
export function hasherUses(modelsDir: string): ModelUse[] {
  return hasherIds(modelsDir).map((id) => cardOf(modelsDir, id).use)
}

export function listHashers(modelsDir: string): HasherCard[] {
  return hasherIds(modelsDir).map((id) => cardOf(modelsDir, id).card)
}

/** @returns the problem; null: the file has the digest of its card */
export function hasherProblem(modelsDir: string, id: string): string | null {
  try {
    const { use } = cardOf(modelsDir, id)
    hasherOf(use, pinnedFile(modelsDir, use))
    return null
  } catch (error) {
    if (error instanceof ModelRefused) return error.message
    throw error
  }
}

/**
 * The hashers that a plan names, for a child process.
 * @throws ModelRefused when the folder no longer has exactly those
 */
export function plannedHashers(
  uses: readonly ModelUse[],
  modelsDir: string,
): readonly { readonly id: string; readonly hash: HasherOf }[] {
  return uses.map((planned) => {
    const { use } = cardOf(modelsDir, planned.id)
    if (use.sha256 !== planned.sha256 || use.hasher?.cardSha256 !== planned.hasher?.cardSha256)
      throw new ModelRefused(`The hasher ${planned.id} of the plan is not the one in ${modelsDir}.`)
    return { id: use.id, hash: hasherOf(use, pinnedFile(modelsDir, use)) }
  })
}

/**
 * Takes a hasher whole or not at all, after it was tried on drawn pictures.
 * @throws ModelRefused when the card is not valid, the file is not the one it pins, or the hasher breaks its card
 */
export function addHasher(cardText: string, cardPath: string, wasm: Buffer, modelsDir: string): HasherCard {
  const card = parseHasherCard(cardText, cardPath)
  const use = asPlanned(card, cardText)
  const folder = join(modelsDir, card.id)
  if (existsSync(folder))
    throw new ModelRefused(`There is a model ${card.id} already; give the new one another id.`)
  checkPinned(use, wasm)
  const problem = brokenPromise(hasherOf(use, wasm))
  if (problem !== null) throw new ModelRefused(`The hasher ${card.id} was refused: ${problem}.`)
  const unfinished = join(modelsDir, `.${card.id}.adding`)
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true })
  writeFileSync(join(unfinished, HASHER_FILE), wasm)
  writeFileSync(join(unfinished, 'card.json'), cardText)
  renameSync(unfinished, folder)
  return card
}

function brokenPromise(hash: HasherOf): string | null {
  const made = new Set<string>()
  for (const { width, height, rgb } of trialPictures()) {
    const [first, second] = [0, 1].map(() => hash({ data: rgb, width, height, channels: 3 }))
    if (!first!.ok) return `of a picture of ${width} × ${height} it made no hash (${inWords(first!.detail)})`
    if (!second!.ok || hexOf(first!.bytes) !== hexOf(second!.bytes))
      return 'it gives two hashes of the same picture'
    made.add(hexOf(first!.bytes))
  }
  return made.size === 1 ? 'it gives the same hash to every picture' : null
}

function hexOf(bytes: Uint8Array | null): string {
  return bytes === null ? 'none' : Buffer.from(bytes).toString('hex')
}

function inWords({ code, params }: { readonly code: string; readonly params: object }): string {
  return `${code}: ${Object.values(params).join(', ')}`
}

function hasherIds(modelsDir: string): string[] {
  return readdirSync(modelsDir, { withFileTypes: true })
    .filter((item) => item.isDirectory() && existsSync(join(modelsDir, item.name, 'card.json')))
    .map((item) => item.name)
    .filter((id) => isHasherCard(readFileSync(join(modelsDir, id, 'card.json'), 'utf8')))
    .sort()
}

function cardOf(modelsDir: string, id: string): { readonly card: HasherCard; readonly use: ModelUse } {
  const path = join(modelsDir, id, 'card.json')
  const text = readFileSync(path, 'utf8')
  const card = parseHasherCard(text, path)
  if (card.id !== id) throw new ModelRefused(`The card ${path} is of the hasher ${card.id}, not ${id}.`)
  return { card, use: asPlanned(card, text) }
}

function pinnedFile(modelsDir: string, use: ModelUse): Buffer {
  const path = join(modelsDir, use.id, HASHER_FILE)
  if (!existsSync(path)) throw new ModelRefused(`The hasher ${use.id} was refused: there is no ${path}.`)
  const wasm = readFileSync(path)
  checkPinned(use, wasm)
  return wasm
}

function checkPinned({ id, sha256 }: ModelUse, wasm: Buffer): void {
  const actual = createHash('sha256').update(wasm).digest('hex')
  if (actual !== sha256)
    throw new ModelRefused(
      `The hasher ${id} was refused: its card pins SHA-256 ${sha256}, the file has ${actual}. Restore the file, or install again.`,
    )
}
