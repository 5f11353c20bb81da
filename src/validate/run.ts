/**
 * Runs the scenarios of a plan in sequence. The results of each are stored, so that a run can continue after an
 * interruption.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { SeizedError, UsageError } from '../base/errors.ts'
import { VERSION } from '../base/version.ts'
import { digestPartsAside } from '../parts/index.ts'
import { Checks } from './model/observation.ts'
import { Bench, type Scenario } from './model/scenario.ts'
import type { ReadPlan } from './plan.ts'
import { makeRecord, type ScenarioSeen, type ValidationRecord } from './record.ts'
import { SCENARIOS } from './scenarios/index.ts'

export interface RunAsked {
  readonly plan: ReadPlan
  readonly planFile: string
  readonly out: string
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** @throws UsageError when the folder belongs to another plan; SeizedError when it was interrupted */
export async function runPlan({
  plan: read,
  planFile,
  out,
  signal,
  say,
}: RunAsked): Promise<ValidationRecord> {
  const { plan } = read
  claim(out, read, planFile)
  const wanted = new Set(plan.requirements.map(({ id }) => id))
  const planned = new Set(plan.scenarios.map(({ id }) => id))
  const scenarios = SCENARIOS.filter(
    ({ id, speaksOf }) => planned.has(id) && speaksOf.some((one) => wanted.has(one)),
  )
  const program = { version: VERSION, partsSha256: (await digestPartsAside()).sha256 }
  const seen: ScenarioSeen[] = []
  const pace = new Pace(scenarios.map(({ weight }) => weight[plan.size]))
  for (const [i, scenario] of scenarios.entries()) {
    if (signal.aborted) throw interrupted()
    const file = join(out, 'scenarios', `${scenario.id}.json`)
    const kept = keptOf(file, program.partsSha256)
    say(`${i + 1} of ${scenarios.length}: ${scenario.title}${kept ? ' (already run)' : pace.left()}`)
    const one = kept ?? {
      ...(await runOne(scenario, out, plan.seed, plan.size, signal)),
      partsSha256: program.partsSha256,
    }
    if (!kept) writeWhole(file, one)
    pace.step(i, kept === null)
    seen.push(one)
  }
  const record = makeRecord(read, program, seen)
  writeWhole(join(out, 'record.json'), record)
  return record
}

/** Results of other parts of the program do not count: the scenario runs again. */
function keptOf(file: string, partsSha256: string): ScenarioSeen | null {
  if (!existsSync(file)) return null
  const kept = JSON.parse(readFileSync(file, 'utf8')) as ScenarioSeen
  return kept.partsSha256 === partsSha256 ? kept : null
}

async function runOne(
  scenario: Scenario,
  out: string,
  seed: number,
  size: Bench['size'],
  signal: AbortSignal,
): Promise<Omit<ScenarioSeen, 'partsSha256'>> {
  const folder = join(out, 'work', scenario.id)
  const log = join('logs', `${scenario.id}.log`)
  rmSync(folder, { recursive: true, force: true })
  rmSync(join(out, log), { force: true })
  mkdirSync(folder, { recursive: true })
  const bench = new Bench(folder, join(out, log), seed, size)
  const began = new Date().toISOString()
  let observations: ScenarioSeen['observations'] = []
  let broke: string | null = null
  try {
    observations = await scenario.run(bench)
  } catch (error) {
    // Programs that were interrupted together with this one end oddly, which is no result. The signal arrives while the
    // program waits.
    await after(100)
    if (signal.aborted) throw interrupted()
    broke = error instanceof Error ? error.message : String(error)
    // A scenario that broke fails each of its requirements.
    observations = scenario.speaksOf.map((id) => {
      const checks = new Checks(id, scenario.title, 'the scenario runs to its end')
      checks.see(false, () => broke!)
      return checks.observation
    })
  }
  rmSync(folder, { recursive: true, force: true })
  return {
    id: scenario.id,
    title: scenario.title,
    began,
    ended: new Date().toISOString(),
    observations,
    missing: bench.missing,
    listFormats: bench.listFormats,
    deviations: bench.deviations,
    broke,
    log,
  }
}

function interrupted(): SeizedError {
  return new SeizedError(
    'Interrupted: the same command goes on with the scenario that was under way.',
    'interrupted',
    'interrupted',
  )
}

function claim(out: string, { sha256 }: ReadPlan, planFile: string): void {
  for (const name of ['scenarios', 'logs', 'work']) mkdirSync(join(out, name), { recursive: true })
  const mark = join(out, 'plan.sha256')
  if (existsSync(mark) && readFileSync(mark, 'utf8').trim() !== sha256)
    throw new UsageError(
      `${out} holds the run of another plan (${readFileSync(mark, 'utf8').trim().slice(0, 16)}…). Give another folder.`,
    )
  writeFileSync(join(out, 'plan.json'), readFileSync(planFile))
  writeFileSync(mark, `${sha256}\n`)
}

function writeWhole(file: string, value: unknown): void {
  writeFileSync(`${file}.partial`, `${JSON.stringify(value, null, 1)}\n`)
  renameSync(`${file}.partial`, file)
}

/** Estimates the remaining time by the weights of the finished scenarios. */
class Pace {
  readonly #weights: readonly number[]
  readonly #began = performance.now()
  #doneWeight = 0
  #next = 0

  constructor(weights: readonly number[]) {
    this.#weights = weights
  }

  step(index: number, wasRun: boolean): void {
    if (wasRun) this.#doneWeight += this.#weights[index]!
    this.#next = index + 1
  }

  left(): string {
    if (this.#doneWeight === 0) return ''
    const rest = this.#weights.slice(this.#next).reduce((a, b) => a + b, 0)
    const minutes = (((performance.now() - this.#began) / this.#doneWeight) * rest) / 60_000
    return `, about ${Math.max(1, Math.round(minutes))} min left`
  }
}
