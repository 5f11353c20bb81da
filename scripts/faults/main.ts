/**
 * `npm run faults [-- [--kept FILE] NAME…]`: builds copies of this program with one seeded fault each, and runs the validation on
 * them. A run ends at the first failed check that finds the fault. A fault that is not found, or not by the requirement that it names, is a requirement that is missing. Ends with 1 when there is
 * one, when a fault has no place in the program, or when the unchanged program fails.
 *
 * FILE has a line for each answer. What it says of the same source, fixtures and fault is not run again, so that a run may be made in
 * parts, and go on.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastGlob from 'fast-glob'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import type { ValidationPlan } from '../../src/validate/plan.ts'
import type { ValidationRecord } from '../../src/validate/record.ts'
import { SCENARIOS } from '../../src/validate/scenarios/index.ts'

interface Fault {
  readonly id: string
  /** Below src. */
  readonly file: string
  readonly find: string
  readonly replace: string
  /** The scenario that is expected to find it. */
  readonly scenario: string
  /** The requirement that has to fail; any of the scenario where none is named. */
  readonly requirement?: string
}

/** What became of a fault, or of the unchanged program in a scenario (then `id` is empty). */
interface Answer {
  readonly of: string
  readonly id: string
  readonly scenario: string
  readonly failed: readonly string[]
  readonly seconds: number
}

const FAULTS: readonly Fault[] = JSON.parse(
  readFileSync(join(PROGRAM_ROOT, 'scripts/faults/faults.json'), 'utf8'),
)

/** Requirements of which one failed check decides: then the rest of the scenario is not waited for. */
const DECISIVE = 'SEIZED_FAULTS_DECISIVE'
const FOUND = 70
/** What is added to the copy where it counts a failed check. */
const COUNTS = '    this.#failures++\n'
const ENDS = `    if ((process.env.${DECISIVE} ?? '').split(',').includes(this.#requirement)) {
      process.stderr.write(\`\\ndecisive: \${this.#requirement}\\n\`)
      process.exit(${FOUND})
    }
`
const NO_START = 'the program does not start'
/** Answer for a fault whose words are no longer in the program: it must be written anew. */
const NO_PLACE: readonly string[] = ['its place is not in the program']

const COPIED = [
  'bin',
  'src',
  'fixtures',
  'scripts',
  'bench',
  'models',
  'hashsets',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'dist',
]

const words = process.argv.slice(2)
const kept = words[0] === '--kept' ? words.splice(0, 2)[1] : undefined
const wanted = words
const faults = FAULTS.filter(
  ({ id, scenario }) =>
    wanted.length === 0 || wanted.includes(scenario) || wanted.some((name) => id.includes(name)),
)
const source = digestOfSource()
const folder = mkdtempSync(join(tmpdir(), 'seized-faults-'))
// Decoding processes of root become nobody, who must be able to read the program.
chmodSync(folder, 0o755)
const copy = join(folder, 'program')
mkdirSync(copy)
for (const name of COPIED)
  cpSync(join(PROGRAM_ROOT, name), join(copy, name), { recursive: true, preserveTimestamps: true })
endAtDecisiveChecks()
symlinkSync(join(PROGRAM_ROOT, 'node_modules'), join(copy, 'node_modules'))

let missed = 0
try {
  for (const scenario of new Set(faults.map((fault) => fault.scenario))) {
    const failed = answered('', scenario, source, () => failing(scenario))
    console.log(
      `${failed.length === 0 ? 'as it is  ' : 'NOT CLEAN '} ${scenario}${failed.length === 0 ? '' : `: ${failed.join(', ')}`}`,
    )
    if (failed.length > 0) missed++
  }
  for (const fault of faults) {
    const { id, scenario, requirement } = fault
    const of = createHash('sha256')
      .update(source)
      .update(JSON.stringify({ ...fault, requirement: undefined }))
      .digest('hex')
    const failed = answered(id, scenario, of, () => failingWith(fault))
    const found =
      failed !== NO_PLACE &&
      failed.length > 0 &&
      (requirement === undefined || failed.includes(requirement) || failed.includes(NO_START))
    if (!found) missed++
    console.log(
      `${found ? 'found     ' : 'NOT FOUND '} ${id} (${scenario}: ${failed.join(', ') || 'all met'})`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`\n${faults.length} faults, ${missed} not found`)
process.exit(missed === 0 ? 0 : 1)

/** Read anew each time: several runs may share the work and the file. */
function keptAnswers(): readonly Answer[] {
  if (kept === undefined || !existsSync(kept)) return []
  const lines = readFileSync(kept, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line))
}

/** The kept answer for the same source, or a new one, which is kept. */
function answered(id: string, scenario: string, of: string, ask: () => readonly string[]): readonly string[] {
  const before = keptAnswers().find((one) => one.of === of && one.id === id && one.scenario === scenario)
  if (before !== undefined) return before.failed
  const began = Date.now()
  const failed = ask()
  const answer: Answer = { of, id, scenario, failed, seconds: Math.round((Date.now() - began) / 1000) }
  if (kept !== undefined && failed !== NO_PLACE) appendFileSync(kept, `${JSON.stringify(answer)}\n`)
  return failed
}

function endAtDecisiveChecks(): void {
  const file = join(copy, 'src/validate/model/observation.ts')
  const text = readFileSync(file, 'utf8')
  if (!text.includes(COUNTS)) throw new Error(`${file} counts failed checks in another way`)
  writeFileSync(
    file,
    text.replace(COUNTS, () => `${COUNTS}${ENDS}`),
  )
}

/** What the scenario of the fault finds in a program that has it. */
function failingWith(fault: Fault): readonly string[] {
  const file = join(copy, 'src', fault.file)
  const text = readFileSync(file, 'utf8')
  const at = text.indexOf(fault.find)
  if (at < 0) return NO_PLACE
  writeFileSync(file, `${text.slice(0, at)}${fault.replace}${text.slice(at + fault.find.length)}`)
  try {
    build()
    return failing(fault.scenario, fault)
  } finally {
    writeFileSync(file, text)
  }
}

/** SHA-256 of the names and bytes of what the program and its exhibits are built of. */
function digestOfSource(): string {
  const hash = createHash('sha256')
  for (const path of fastGlob.sync('{src,fixtures}/**', { cwd: PROGRAM_ROOT, dot: true }).sort())
    hash.update(`${path}\0`).update(readFileSync(join(PROGRAM_ROOT, path)))
  return hash.digest('hex')
}

function build(): void {
  execFileSync(process.execPath, [join(copy, 'scripts/build.js')], {
    cwd: copy,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/**
 * Requirements that the copy does not meet, of those that the scenario speaks of.
 *
 * @param fault the run ends at the first failed check that finds it
 */
function failing(scenario: string, fault?: Fault): string[] {
  const out = mkdtempSync(join(folder, 'run-'))
  const bin = join(copy, 'bin/seized.js')
  let decisive: readonly string[] = []
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [bin, ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...process.env, [DECISIVE]: decisive.join(',') },
    })
  const made = run('validate', 'plan')
  // A program that does not even start is found, too.
  if (made.status !== 0) return [NO_START]
  const plan: ValidationPlan = JSON.parse(made.stdout)
  const { speaksOf } = SCENARIOS.find(({ id }) => id === scenario)!
  const requirements = plan.requirements
    .filter(({ id }) => speaksOf.includes(id))
    // Other scenarios of the same requirement are not waited for.
    .map((one) => ({ ...one, accept: { ...one.accept, least: 1 } }))
  if (fault !== undefined)
    decisive = requirements
      .filter(({ id, accept }) => accept.kind === 'none-fails' && (fault.requirement ?? id) === id)
      .map(({ id }) => id)
  const file = join(out, 'plan.json')
  writeFileSync(
    file,
    JSON.stringify({ ...plan, requirements, scenarios: plan.scenarios.filter(({ id }) => id === scenario) }),
  )
  const ran = run('validate', 'run', file, '--out', join(out, 'seen'))
  if (ran.status === FOUND) {
    rmSync(out, { recursive: true, force: true })
    return [/^decisive: (.*)$/m.exec(ran.stderr)?.[1] ?? 'a requirement']
  }
  if (ran.status !== 0 && ran.status !== 4) return [`the validation ended with ${ran.status}`]
  const record: ValidationRecord = JSON.parse(readFileSync(join(out, 'seen/record.json'), 'utf8'))
  rmSync(out, { recursive: true, force: true })
  if (process.env.SEIZED_TRACE)
    for (const { observations } of record.results)
      for (const { requirement, examples } of observations)
        if (examples.length > 0) console.log(`  ${requirement}: ${examples.slice(0, 3).join('; ')}`)
  return record.results.filter(({ verdict }) => verdict !== 'pass').map(({ requirement }) => requirement.id)
}
