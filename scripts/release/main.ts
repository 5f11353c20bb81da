/**
 * `npm run release-check [-- PART…] [--out DIR] [--soak N] [--again]`: the release gate. Runs its parts one after the other, keeps
 * what each came to, and writes docs/evidence/validation/<version>.md. A part that was run on the same program is not run again unless
 * --again; one that was interrupted goes on where it can. Ends with 1 when something was missed or not run.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { PROGRAM_ROOT, VERSION } from '../../src/base/version.ts'
import { digestParts } from '../../src/parts/digest-parts.ts'
import { type PartRan, releasePage } from './page.ts'
import { cpuSeconds, type Part, runner } from './part.ts'
import { PARTS } from './parts.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: 'release-out' },
    page: { type: 'string', default: join(PROGRAM_ROOT, 'docs/evidence/validation', `${VERSION}.md`) },
    soak: { type: 'string', default: '30' },
    again: { type: 'boolean', default: false },
  },
})
const soakRuns = Number(values.soak)
const isOf = ({ id }: Part, name: string) => id === name || id.startsWith(`${name}-`)
const strange = positionals.filter((name) => !PARTS.some((part) => isOf(part, name)))
if (strange.length > 0 || !(Number.isInteger(soakRuns) && soakRuns > 0)) {
  console.error(
    `${strange.length > 0 ? `There is no part ${strange.join(', ')}.` : `--soak ${values.soak} is no number of runs.`} Parts: ${PARTS.map(({ id }) => id).join(', ')}.`,
  )
  process.exit(2)
}

const out = resolve(values.out)
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
const program = {
  commit:
    git('rev-parse', 'HEAD') +
    (git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ', changed'),
  partsSha256: (await digestParts(null)).sha256,
}
mkdirSync(join(out, 'parts'), { recursive: true })

for (const part of PARTS) {
  if (stop.signal.aborted) break
  if (positionals.length > 0 && !positionals.some((name) => isOf(part, name))) continue
  const kept = keptOf(part)
  if (kept?.partsSha256 === program.partsSha256 && kept.broke === null && !values.again) {
    console.log(`${part.id}: kept from ${kept.began}`)
    continue
  }
  console.log(`${part.id}: ${part.what}`)
  const ran = await runPart(part)
  if (stop.signal.aborted) break
  writeFileSync(`${fileOf(part)}.partial`, `${JSON.stringify(ran, null, 1)}\n`)
  renameSync(`${fileOf(part)}.partial`, fileOf(part))
  for (const { claim, measured } of ran.claims.filter((one) => one.met === false))
    console.log(`  MISSED ${claim}: ${measured}`)
  if (ran.broke !== null) console.log(`  BROKE OFF ${ran.broke}`)
  console.log(`  ${(ran.cpuSeconds / 60).toFixed(1)} min of CPU`)
}

const all = PARTS.flatMap((part) => keptOf(part) ?? [])
const notRun = PARTS.filter((part) => keptOf(part) === null).map(({ id }) => id)
mkdirSync(join(values.page, '..'), { recursive: true })
writeFileSync(values.page, releasePage(VERSION, machine(), all, notRun))
const missed = all.filter(({ broke, claims }) => broke !== null || claims.some(({ met }) => met === false))
console.log(
  `${values.page}\n${all.length - missed.length} parts without a miss, ${missed.length} with one, ${notRun.length} not run`,
)
process.exit(missed.length + notRun.length === 0 ? 0 : 1)

async function runPart(part: Part): Promise<PartRan> {
  const folder = join(out, 'work', `${part.id}-${program.partsSha256.slice(0, 12)}`)
  const log = join(out, `${part.id}.log`)
  if (values.again) rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  rmSync(log, { force: true })
  const [began, before] = [new Date().toISOString(), cpuSeconds()]
  let claims: PartRan['claims'] = []
  let broke: string | null = null
  try {
    claims = await part.work({ folder, soakRuns, run: runner(log, stop.signal) })
  } catch (error) {
    broke = error instanceof Error ? error.message : String(error)
  }
  const { id, what } = part
  const ended = new Date().toISOString()
  return { id, what, ...program, began, ended, cpuSeconds: cpuSeconds() - before, broke, claims }
}

function fileOf({ id }: Part): string {
  return join(out, 'parts', `${id}.json`)
}

function keptOf(part: Part): PartRan | null {
  return existsSync(fileOf(part)) ? JSON.parse(readFileSync(fileOf(part), 'utf8')) : null
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: PROGRAM_ROOT, encoding: 'utf8' }).trim()
}

function machine() {
  return {
    processor: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release()}`,
    node: process.version,
  }
}
