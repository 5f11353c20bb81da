/**
 * Trains the grooming stage model: `node dist/scripts/train/grooming.js DATA_DIR`.
 *
 * Learns from authored lines, texts made of the rules, and benign rows that are never committed; writes
 * models/grooming/model.onnx and its card. Benign figures come from models that saw nothing of the row's near-duplicates;
 * what is found in authored conversations says that the program works as meant, and nothing of the world.
 */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { groomingWith } from '../../src/classify-text/grooming.ts'
import type { ModelHead } from '../../src/classify-text/model-signs.ts'
import { MODEL_STAGES } from '../../src/classify-text/stage-model.ts'
import { readAuthored } from './authored.ts'
import { authoredTable, benignTables, lineTable, longTextTable } from './grooming-measures.ts'
import { scorerOf } from './stage-linear.ts'
import { writeStageModel } from './stage-onnx.ts'
import { readBenign, readOffers, readStageLines, romanised, ruleTexts } from './stage-rows.ts'
import { FOLDS, fitWithout, heldLogits, trainingRows } from './stage-training.ts'

/** Shares of benign sentences that reach a degree: about one sign of a stage to be read in 3,000 sentences. */
const RATES = { weak: 0.002, medium: 0.0003, strong: 0.0001 } as const
/** Texts of each pattern of a rule. */
const MADE = 6

const dataFolder = process.argv[2]
if (!dataFolder) throw new Error('Usage: node dist/scripts/train/grooming.js DATA_DIR')

const root = join(import.meta.dirname, '../../..')
const models = join(root, 'models')
const authored = join(root, 'scripts/train/authored')
const lines = readStageLines(join(authored, 'stages.txt'))
const made = ruleTexts(join(models, 'grooming'), lines, MADE)
const benign = readBenign(dataFolder)
const rows = trainingRows(lines, made, [...benign, ...romanised(benign)])

const folds = Array.from({ length: FOLDS }, (_, fold) => fitWithout(rows, fold))
const held = await heldLogits(rows, folds)
const full = fitWithout(rows, null)
const heads: readonly ModelHead[] = MODEL_STAGES.map((stage, h) => {
  const sorted = Float32Array.from(held.sentences, (logits) => logits[h]!)
    .sort()
    .reverse()
  const at = (rate: number) => round(sorted[Math.floor(rate * sorted.length)]!)
  return {
    stage,
    bias: full.bias[h]!,
    weak: at(RATES.weak),
    medium: at(RATES.medium),
    strong: at(RATES.strong),
  }
})
const bytes = writeStageModel(full.weights)
const classifier = groomingWith(models, scorerOf(full), heads)
const unseen = folds.map((weights) => groomingWith(models, scorerOf(weights), heads))
const rulesAlone = groomingWith(models, null, heads)
const conversations = [
  'grooming',
  'benign',
  'fresh-grooming',
  'fresh-benign',
  'third-grooming',
  'third-benign',
].flatMap((name) =>
  readAuthored(authored, name).map((conversation) => ({
    ...conversation,
    concerning: name.endsWith('grooming'),
  })),
)

const card = {
  cardVersion: 1,
  id: 'grooming',
  title:
    'Grooming stages: hashed words, word pairs and runs of letters, one linear head a stage, beside rules',
  role: 'text-classifier',
  sha256: createHash('sha256').update(bytes).digest('hex'),
  sizeBytes: bytes.length,
  threshold: 0.5,
  reviewedBy: [],
  heads,
  provenance: {
    authoredLines: countBy(lines.map(({ language }) => language)),
    madeOfRules: made.length,
    benign: countBy(rows.benign.map(({ source }) => source)),
    clusters: rows.clusters,
    sources:
      'Authored lines and texts made of the rules: ours. Benign: Topical-Chat (CDLA-Sharing-1.0), Xpersona (MIT), chatterbot-corpus (BSD-3-Clause), SMS Spam Collection (free for all purposes, as its authors say), Tatoeba (CC BY 2.0 FR); Greek and Bengali once more in Latin letters. No row is shipped. No chat of an offender was used.',
  },
  limits: [
    'No real conversation with a child was seen: what it finds in the world was never measured.',
    'Adults who court, and parents who fetch their children, are marked: see the authored benign conversations.',
    'There were no benign chats in Lithuanian, Greek, Bengali, or in Latin letters of the last two: only sentences.',
    'How much the signs of the model may add, its caps and the windows were set with these benign rows, with text messages of half of the senders of the NUS SMS Corpus, and with all authored conversations in view: expect more false positives and less recall elsewhere. On the messages of the other half, which nobody tuned on: docs/evidence/models.md.',
    'Nobody who knows the languages has reviewed rules or lines yet.',
  ],
  measured: {
    benignNote:
      'Rows that rules, thresholds of the heads, caps and windows were tuned on, each scored by weights that never saw it: a low count says little about other text (docs/evidence/models.md has rows that nobody tuned on).',
    benign: await benignTables(benign, rows.foldOfBenign, unseen),
    longBenign: await longTextTable(benign, readOffers(dataFolder), classifier),
    authoredLines: lineTable(lines, held.lines, heads),
    authoredConversations: {
      withModel: await authoredTable(conversations, classifier),
      rulesAlone: await authoredTable(conversations, rulesAlone),
    },
  },
}
writeFileSync(join(models, 'grooming', 'model.onnx'), bytes)
writeFileSync(join(models, 'grooming', 'card.json'), `${JSON.stringify(card, null, 2)}\n`)
console.log(JSON.stringify(card.measured, null, 1))

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
