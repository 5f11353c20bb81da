/**
 * `npm run faults [-- NAME…]`: builds copies of this program with one seeded fault each, and runs the validation on them. A fault
 * that is not found is a requirement that is missing. Ends with 1 when there is one, or when the unchanged program fails.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
}

const FAULTS: readonly Fault[] = JSON.parse(
  readFileSync(join(PROGRAM_ROOT, 'scripts/faults/faults.json'), 'utf8'),
)

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

const wanted = process.argv.slice(2)
const faults = FAULTS.filter(
  ({ id, scenario }) =>
    wanted.length === 0 || wanted.includes(scenario) || wanted.some((name) => id.includes(name)),
)
const folder = mkdtempSync(join(tmpdir(), 'seized-faults-'))
// Decoding processes of root become nobody, who must be able to read the program.
chmodSync(folder, 0o755)
const copy = join(folder, 'program')
mkdirSync(copy)
for (const name of COPIED)
  cpSync(join(PROGRAM_ROOT, name), join(copy, name), { recursive: true, preserveTimestamps: true })
symlinkSync(join(PROGRAM_ROOT, 'node_modules'), join(copy, 'node_modules'))

let missed = 0
try {
  for (const scenario of new Set(faults.map((fault) => fault.scenario))) {
    const failed = failing(scenario)
    console.log(
      `${failed.length === 0 ? 'as it is  ' : 'NOT CLEAN '} ${scenario}${failed.length === 0 ? '' : `: ${failed.join(', ')}`}`,
    )
    if (failed.length > 0) missed++
  }
  for (const fault of faults) {
    const file = join(copy, 'src', fault.file)
    const text = readFileSync(file, 'utf8')
    const at = text.indexOf(fault.find)
    if (at < 0)
      throw new Error(`${fault.file} has no "${fault.find}": the fault "${fault.id}" must be written anew`)
    writeFileSync(file, `${text.slice(0, at)}${fault.replace}${text.slice(at + fault.find.length)}`)
    build()
    const found = failing(fault.scenario)
    if (found.length === 0) missed++
    console.log(
      `${found.length === 0 ? 'NOT FOUND ' : 'found     '} ${fault.id} (${fault.scenario}${found.length === 0 ? '' : `: ${found.join(', ')}`})`,
    )
    writeFileSync(file, text)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`\n${faults.length} faults, ${missed} not found`)
process.exit(missed === 0 ? 0 : 1)

function build(): void {
  execFileSync(process.execPath, [join(copy, 'scripts/build.js')], {
    cwd: copy,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** Requirements that the copy does not meet, of those that the scenario speaks of. */
function failing(scenario: string): string[] {
  const out = mkdtempSync(join(folder, 'run-'))
  const bin = join(copy, 'bin/seized.js')
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 })
  const made = run('validate', 'plan')
  // A program that does not even start is found, too.
  if (made.status !== 0) return ['the program does not start']
  const plan: ValidationPlan = JSON.parse(made.stdout)
  const { speaksOf } = SCENARIOS.find(({ id }) => id === scenario)!
  const requirements = plan.requirements
    .filter(({ id }) => speaksOf.includes(id))
    // Other scenarios of the same requirement are not waited for.
    .map((one) => ({ ...one, accept: { ...one.accept, least: 1 } }))
  const file = join(out, 'plan.json')
  writeFileSync(
    file,
    JSON.stringify({ ...plan, requirements, scenarios: plan.scenarios.filter(({ id }) => id === scenario) }),
  )
  const ran = run('validate', 'run', file, '--out', join(out, 'seen'))
  if (ran.status !== 0 && ran.status !== 4) return [`the validation ended with ${ran.status}`]
  const record: ValidationRecord = JSON.parse(readFileSync(join(out, 'seen/record.json'), 'utf8'))
  rmSync(out, { recursive: true, force: true })
  if (process.env.SEIZED_TRACE)
    for (const { observations } of record.results)
      for (const { requirement, examples } of observations)
        if (examples.length > 0) console.log(`  ${requirement}: ${examples.slice(0, 3).join('; ')}`)
  return record.results.filter(({ verdict }) => verdict !== 'pass').map(({ requirement }) => requirement.id)
}
