/**
 * Adds an agency's own model: `seized model add card.json model.onnx`, for weights that cannot be shipped. The same
 * command adds a hasher: `seized model add card.json hasher.wasm`, and a head that `seized model train` made, which stays
 * sealed: `seized model add card.json head.sealed`; and a model that transcribes speech, as a folder: `seized model add card.json FOLDER`.
 *
 * The card defines the meaning of the outputs. The model is run on empty pictures first, and is added completely or not
 * at all. From then on its digest is pinned like that of any other model.
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { requireBackbones } from './backbones.ts'
import { contractProblems } from './card-contract.ts'
import { readNamed } from './card-file.ts'
import { type HasherCard, isHasherCard } from './hasher-card.ts'
import { addHasher } from './hashers.ts'
import { type HeadCard, isHeadCard, parseHeadCard } from './head-card.ts'
import { addHead } from './heads.ts'
import { type ModelCard, ModelRefused, parseModelCard } from './model-card.ts'
import { checkModel, listModels } from './models.ts'
import { runnerOf } from './session.ts'
import { isTranscriberCard } from './transcriber-card.ts'
import { type AddedTranscriber, addTranscriber } from './transcribers.ts'

/** @throws ModelRefused when the card is not valid, the file is not the one it pins, or the model breaks its card */
export async function addModel(
  cardPath: string,
  onnxPath: string,
  modelsDir: string,
): Promise<ModelCard | HasherCard | HeadCard | AddedTranscriber> {
  const text = readNamed(cardPath).toString('utf8')
  if (isHeadCard(text)) {
    requireBackbones(modelsDir, parseHeadCard(text, cardPath).features)
    return addHead(text, cardPath, readNamed(onnxPath), modelsDir)
  }
  if (isHasherCard(text)) return addHasher(text, cardPath, readNamed(onnxPath), modelsDir)
  if (isTranscriberCard(text)) return addTranscriber(text, cardPath, onnxPath, modelsDir)
  const card = parseModelCard(text, cardPath)
  if (!ADDABLE.includes(card.role)) {
    throw new ModelRefused(
      `The model ${card.id} was refused: its role is ${card.role}; only ${ADDABLE.join(' and ')} can be added.`,
    )
  }
  const folder = join(modelsDir, card.id)
  if (existsSync(folder)) {
    const known = listModels(modelsDir).find((c) => c.id === card.id)
    throw new ModelRefused(
      `There is a model ${card.id} already${known ? ` (SHA-256 ${known.sha256})` : ''}; give the new one another id.`,
    )
  }
  const bytes = readNamed(onnxPath)
  checkModel(card, bytes)
  await checkRuns(card, bytes)
  const unfinished = join(modelsDir, `.${card.id}.adding`)
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true })
  writeFileSync(join(unfinished, 'model.onnx'), bytes)
  writeFileSync(join(unfinished, 'card.json'), text)
  renameSync(unfinished, folder)
  return card
}

const ADDABLE: readonly string[] = ['classifier', 'face-classifier']

async function checkRuns(card: ModelCard, bytes: Buffer): Promise<void> {
  let problems: string[]
  try {
    problems = await contractProblems(runnerOf({ card, bytes }))
  } catch (error) {
    throw new ModelRefused(
      `The model ${card.id} was refused: it does not run (${(error as Error).message}).`,
      {
        cause: error,
      },
    )
  }
  if (problems.length > 0) {
    throw new ModelRefused(`The model ${card.id} was refused: ${problems.join('; ')}.`)
  }
}
