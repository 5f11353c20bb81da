/** `seized model`: the installed models, and whether their digests match their cards. */
import { existsSync, readFileSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { MODELS_DIR } from '../../base/version.ts'
import { addModel } from '../../classify/add-model.ts'
import { type Evaluation, evaluateModel } from '../../classify/evaluate.ts'
import type { HasherCard } from '../../classify/hasher-card.ts'
import { type HeadCard, headUse, OWN_LABEL } from '../../classify/head-card.ts'
import { listHeads } from '../../classify/heads.ts'
import { listHashers, listModels, verifyModels } from '../../classify/index.ts'
import type { ModelCard } from '../../classify/model-card.ts'
import { listTranscribers, type TranscriberCard } from '../../classify/transcriber-card.ts'
import { openGrooming } from '../../classify-text/grooming.ts'
import {
  addLanguage,
  isLanguageCard,
  type LanguageCard,
  listLanguages,
} from '../../classify-text/language-card.ts'
import { evaluatePan12File, type Pan12Result } from '../../classify-text/pan12.ts'
import { measuredError } from '../../report/pages/measured-error.ts'
import type { Given } from '../arguments/option.ts'
import type { MODEL_EVALUATE, MODEL_LIST } from '../arguments/options-table.ts'
import { lookAtOne, readOne, startChildren } from '../services/one-file.ts'
import { openHeads } from '../services/own-heads.ts'
import { passphraseOnce } from '../services/passphrase.ts'

export async function add([card = '', file = '']: readonly string[]): Promise<number> {
  const language = existsSync(card) ? readFileSync(card, 'utf8') : ''
  const added = isLanguageCard(language)
    ? addLanguage(language, card, file, MODELS_DIR)
    : await addModel(card, file, MODELS_DIR)
  process.stdout.write(`${added.id}: installed, SHA-256 ${added.sha256}\n`)
  return EXIT.complete
}

export async function evaluate(_: readonly string[], given: Given<typeof MODEL_EVALUATE>): Promise<number> {
  const rates = given.pan12 === undefined ? await evaluatePictures(given) : await evaluateChats(given)
  process.stdout.write(`${JSON.stringify(rates, null, 1)}\n`)
  return EXIT.complete
}

export function list(_: readonly string[], { json }: Given<typeof MODEL_LIST>): number {
  for (const card of [...listModels(MODELS_DIR), ...listHashers(MODELS_DIR)])
    process.stdout.write(json ? `${JSON.stringify(card)}\n` : inWords(card))
  for (const card of listTranscribers(MODELS_DIR))
    process.stdout.write(json ? `${JSON.stringify(card)}\n` : transcriberInWords(card))
  for (const card of listLanguages(MODELS_DIR))
    process.stdout.write(json ? `${JSON.stringify(card)}\n` : languageInWords(card))
  for (const card of listHeads(MODELS_DIR))
    process.stdout.write(json ? `${JSON.stringify(card)}\n` : headInWords(card))
  return EXIT.complete
}

export function verify(): number {
  const checks = verifyModels(MODELS_DIR)
  for (const { id, problem } of checks)
    process.stdout.write(problem === null ? `ok       ${id}\n` : `DAMAGED  ${id}: ${problem}\n`)
  return checks.every(({ problem }) => problem === null) ? EXIT.complete : EXIT.ledgerDamaged
}

function inWords(card: ModelCard | HasherCard): string {
  return [
    card.id,
    `  ${card.title}`,
    `  sha256   ${card.sha256}`,
    `  licence  ${card.licence}`,
    ...(card.role === 'hasher'
      ? [
          `  hash     ${card.hash.hashBytes} bytes, “${card.hash.listField}” in lists; ${card.hash.metric}, near from ${card.hash.similar}`,
        ]
      : []),
    ...card.neverMeasured.map((what) => `  never measured: ${what}`),
    '',
  ].join('\n')
}

function transcriberInWords({
  id,
  title,
  licence,
  languages,
  files,
  neverMeasured,
}: TranscriberCard): string {
  return [
    id,
    `  ${title}`,
    ...Object.entries(files).map(([name, sha256]) => `  ${name}: sha256 ${sha256}`),
    `  licence  ${licence}`,
    `  languages  ${languages.join(', ')}`,
    ...neverMeasured.map((what) => `  never measured: ${what}`),
    '',
  ].join('\n')
}

function languageInWords({
  id,
  title,
  language,
  script,
  sha256,
  licence,
  neverMeasured,
}: LanguageCard): string {
  return [
    id,
    `  ${title}`,
    `  sha256   ${sha256}`,
    `  licence  ${licence}`,
    `  words in pictures, with --text-languages ${language} (${script})`,
    ...neverMeasured.map((what) => `  never measured: ${what}`),
    '',
  ].join('\n')
}

function headInWords(card: HeadCard): string {
  return [
    card.id,
    `  ${measuredError({ classifier: card.id, label: OWN_LABEL, scorePer10k: 0 }, [headUse(card, '')])}`,
    `  sha256   ${card.sha256} (sealed: ${card.sealedSha256})`,
    ...card.neverMeasured.map((what) => `  never measured: ${what}`),
    '',
  ].join('\n')
}

async function evaluatePictures({
  labels,
  exhibit,
  prevalence,
  workers,
  allowUnconfined,
  model,
  ...secret
}: Given<typeof MODEL_EVALUATE>): Promise<Evaluation> {
  if (labels === undefined || exhibit === undefined)
    throw new UsageError(
      'model evaluate takes --labels CSV with --exhibit DIR, or --pan12 XML with --truth FILE.',
    )
  const own = await openHeads(model, ['unknown'], passphraseOnce(secret))
  const children = await startChildren(workers, allowUnconfined, undefined, own)
  try {
    return await evaluateModel({
      labelsCsv: labels,
      exhibitDir: exhibit,
      prevalence,
      scoresOf: async (path) => {
        const read = await readOne(path)
        if (!read.read) return null
        const { result, findings } = await lookAtOne(children, path, read)
        return result.result === 'not-done' ? null : findings.filter((finding) => finding.kind === 'score')
      },
    })
  } finally {
    await children.close()
  }
}

async function evaluateChats({
  pan12,
  truth,
  labels,
  exhibit,
}: Given<typeof MODEL_EVALUATE>): Promise<Pan12Result> {
  if (labels !== undefined || exhibit !== undefined)
    throw new UsageError(
      'model evaluate takes pictures (--labels, --exhibit) or chats (--pan12, --truth), not both.',
    )
  if (truth === undefined)
    throw new UsageError('--pan12 needs --truth FILE: the ids of the predators, one a line.')
  return evaluatePan12File(pan12!, truth, await openGrooming(MODELS_DIR))
}
