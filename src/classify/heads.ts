/**
 * Heads in the models folder: `models/<id>/card.json` beside `models/<id>/head.sealed`. The file stays sealed there: a head
 * may remember its rows, so it is kept like the material that it was trained on.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256Of } from './card-file.ts'
import { HEAD_FILE, type HeadCard, isHeadCard, parseHeadCard } from './head-card.ts'
import { ModelRefused } from './model-card.ts'

export interface SealedHead {
  readonly cardText: string
  readonly card: HeadCard
  readonly sealed: Buffer
}

export function listHeads(modelsDir: string): HeadCard[] {
  return readdirSync(modelsDir, { withFileTypes: true })
    .filter((item) => item.isDirectory() && existsSync(join(modelsDir, item.name, 'card.json')))
    .map((item) => join(modelsDir, item.name, 'card.json'))
    .sort()
    .flatMap((path) => {
      const text = readFileSync(path, 'utf8')
      return isHeadCard(text) ? [parseHeadCard(text, path)] : []
    })
}

/** @throws ModelRefused when there is no such head, or its file is not the one that the card pins */
export function readHead(modelsDir: string, id: string): SealedHead {
  const heads = listHeads(modelsDir).map((card) => card.id)
  if (!heads.includes(id))
    throw new ModelRefused(
      `There is no model of the agency’s own named ${id} in ${modelsDir}${heads.length === 0 ? '' : `; there are ${heads.join(', ')}`}. \`seized model add\` installs one that \`seized model train\` made.`,
    )
  const { sha256: _, problem, ...head } = sealedHead(modelsDir, id)
  if (problem !== null) throw new ModelRefused(problem)
  return head
}

/** The head with its present digest. @throws ModelRefused when its card is not valid */
export function sealedHead(
  modelsDir: string,
  id: string,
): SealedHead & { readonly sha256: string | null; readonly problem: string | null } {
  const path = join(modelsDir, id, 'card.json')
  const cardText = readFileSync(path, 'utf8')
  const card = parseHeadCard(cardText, path)
  const file = join(modelsDir, id, HEAD_FILE)
  const sealed = existsSync(file) ? readSealed(id, file) : null
  const sha256 = sealed && sha256Of(sealed)
  const problem =
    sha256 === card.sealedSha256
      ? null
      : `The model ${id} was refused: its card pins SHA-256 ${card.sealedSha256} of ${HEAD_FILE}, the file has ${sha256 ?? 'none'}. Restore the file, or add it again.`
  return { cardText, card, sealed: sealed ?? Buffer.alloc(0), sha256, problem }
}

/** @throws ModelRefused when the card is not valid or the file is not the one that it pins */
export function addHead(cardText: string, cardPath: string, sealed: Buffer, modelsDir: string): HeadCard {
  const card = parseHeadCard(cardText, cardPath)
  const folder = join(modelsDir, card.id)
  if (existsSync(folder))
    throw new ModelRefused(`There is a model ${card.id} already; train the new one under another id.`)
  const found = sha256Of(sealed)
  if (found !== card.sealedSha256)
    throw new ModelRefused(
      `The model ${card.id} was refused: its card pins SHA-256 ${card.sealedSha256}, the file has ${found}.`,
    )
  const unfinished = join(modelsDir, `.${card.id}.adding`)
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true })
  writeFileSync(join(unfinished, HEAD_FILE), sealed, { mode: 0o600 })
  // By the umask, as cards of other models: who sees the folder can read the card, which names no content.
  writeFileSync(join(unfinished, 'card.json'), cardText)
  renameSync(unfinished, folder)
  return card
}

function readSealed(id: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new ModelRefused(
      `The model ${id} could not be read (${(cause as NodeJS.ErrnoException).code}): ${file} is for the account that added it.`,
      { cause },
    )
  }
}
