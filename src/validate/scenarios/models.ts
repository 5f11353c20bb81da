/** Models on drawn pictures: the scores of their first measurement, and leads by the thresholds in the plan. */
import { mkdirSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import { drawnFaces } from '../../../fixtures/drawn-face.ts'
import { drawing } from '../../../fixtures/pictures.ts'
import type { ModelUse } from '../../contracts/case.ts'
import expected from '../exhibits/model-scores.json' with { type: 'json' }
import { Checks, type Observation } from '../model/observation.ts'
import type { Bench, Scenario } from '../model/scenario.ts'

/** Parts per 10,000: processors differ in the last digits of float32. */
const TOLERANCE = 30

export const models: Scenario = {
  id: 'models',
  title: 'models on drawn pictures, and thresholds as the plan records them',
  speaksOf: ['scores-repeat', 'thresholds-of-plan', 'benign-no-lead'],
  weight: { quick: 4, full: 12 },
  async run(bench) {
    return [await scoresRepeat(bench), ...(await leadsByPlan(bench))]
  },
}

/** The same pictures for every seed, because their scores are fixed in the requirements. */
export async function measuredPictures(): Promise<ReadonlyMap<string, Buffer>> {
  const pictures = new Map<string, Buffer>()
  for (const seed of [1, 2, 3, 4])
    pictures.set(`drawing-${seed}.png`, await drawing({ seed, width: 480, height: 360 }).png().toBuffer())
  for (const [i, faces] of [
    [{ x: 200, y: 190, radius: 110 }],
    [
      { x: 140, y: 150, radius: 70 },
      { x: 330, y: 210, radius: 80 },
    ],
  ].entries()) {
    const { width, height, rgb } = await drawnFaces(480, 360, faces)
    pictures.set(
      `faces-${i + 1}.png`,
      await sharp(rgb, { raw: { width, height, channels: 3 } })
        .png()
        .toBuffer(),
    )
  }
  return pictures
}

export interface ClassifiedScore {
  readonly classifier: string
  readonly label: string
  readonly score: number
}

interface ScoreRow {
  readonly classifier: string
  readonly label: string
  readonly sha256: string
  readonly score: number
  readonly threshold: number | null
}

async function scoresRepeat(bench: Bench): Promise<Observation> {
  const checks = new Checks(
    'scores-repeat',
    'seized classify of drawn pictures and faces whose scores were written down when the models were measured',
    `each score within ${TOLERANCE} in 10,000 of what is written down`,
  )
  const folder = bench.at('measured')
  mkdirSync(folder)
  for (const [name, bytes] of await measuredPictures()) {
    writeFileSync(bench.at('measured', name), bytes)
    const { out } = bench.seized('classify', bench.at('measured', name), '--json')
    const { scores }: { scores: readonly ClassifiedScore[] } = JSON.parse(out.trim() || '{"scores":[]}')
    const wanted: Readonly<Record<string, number>> = (expected as Record<string, Record<string, number>>)[
      name
    ]!
    const seen = new Map(
      scores.map((one) => [`${one.classifier} ${one.label}`, Math.round(one.score * 10_000)]),
    )
    for (const [which, score] of Object.entries(wanted))
      checks.see(
        Math.abs((seen.get(which) ?? -1e6) - score) <= TOLERANCE,
        () => `${name}: ${which} is ${seen.get(which) ?? 'missing'}, was ${score}`,
      )
    checks.equal(seen.size, Object.keys(wanted).length, `scores of ${name}`)
  }
  return checks.observation
}

/** Neutral terms must give leads that are added to those of models; harmless drawings must give none. */
async function leadsByPlan(bench: Bench): Promise<Observation[]> {
  const root = bench.at('exhibit')
  mkdirSync(root)
  const count = bench.of(16, 60)
  for (let i = 0; i < count; i++)
    writeFileSync(
      bench.at('exhibit', `benign-${i}.jpg`),
      await drawing({ seed: bench.seed * 59 + i, width: 400, height: 300 })
        .jpeg()
        .toBuffer(),
    )
  for (let i = 0; i < 4; i++) {
    const { width, height, rgb } = await drawnFaces(480, 360, [
      { x: 160 + i * 40, y: 180, radius: 70 + i * 12 },
    ])
    writeFileSync(
      bench.at('exhibit', `face-${i}.jpg`),
      await sharp(rgb, { raw: { width, height, channels: 3 } })
        .jpeg()
        .toBuffer(),
    )
  }
  const ledger = bench.at('models.sqlite')
  bench.scan(root, ledger)
  const benign = new Checks(
    'benign-no-lead',
    `seized scan of ${count} drawings of shapes`,
    'no lead of a model',
  )
  const entries = bench.entries(ledger)
  for (const entry of entries.filter(({ path }) => path.startsWith('benign')))
    benign.equal(entry.leads.length, 0, entry.path)
  const byPlan = new Checks(
    'thresholds-of-plan',
    'every score of the ledger beside the thresholds and digests of its plan',
    'the threshold and the model beside a score are those of the plan, and a lead is what reaches them, nothing else',
  )
  const database = new Database(ledger, { readonly: true })
  const plan = database.prepare(`SELECT value FROM meta WHERE key = 'plan'`).pluck().get() as string
  const rows = database
    .prepare<[], ScoreRow>(
      'SELECT classifier, label, model_sha256 AS sha256, score_per_10k AS score, threshold_per_10k AS threshold FROM score',
    )
    .all()
  database.close()
  const uses = new Map(
    (JSON.parse(plan) as { models: readonly ModelUse[] }).models.map((one) => [one.id, one]),
  )
  let reached = 0
  for (const { classifier, label, sha256, score, threshold } of rows) {
    const use = uses.get(classifier)
    byPlan.equal(use?.sha256, sha256, `the model of ${classifier}`)
    if (threshold === null) continue
    byPlan.see(
      Object.values(use?.thresholds ?? {}).includes(threshold),
      () => `${classifier} ${label}: threshold ${threshold}, the plan has ${JSON.stringify(use?.thresholds)}`,
    )
    if (score >= threshold) reached++
  }
  const leads = entries.flatMap((entry) => entry.leads)
  byPlan.equal(leads.length, reached, 'leads, as many as scores that reach their threshold')
  return [benign.observation, byPlan.observation]
}
