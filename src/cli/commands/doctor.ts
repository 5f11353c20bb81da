/** `seized doctor`: tests whether this machine can examine exhibits, and tells a person how to fix each failure. */
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { requireConfinement } from '../../host/confine/gate.ts'
import type { Given } from '../arguments/option.ts'
import type { DOCTOR } from '../arguments/options-table.ts'
import type { Check } from '../doctor/check.ts'
import { children, sources } from '../doctor/children.ts'
import { clock, disk, journal, memory, runtime } from '../doctor/machine.ts'
import { languages, models, parts } from '../doctor/program.ts'
import { trials } from '../doctor/trial.ts'

export async function doctor(_: readonly string[], given: Given<typeof DOCTOR>): Promise<number> {
  // A failed check is reported here; a scan refuses by itself.
  requireConfinement(true)
  const all: Check[] = []
  const say = (...checks: readonly Check[]) => {
    all.push(...checks)
    for (const check of checks) process.stdout.write(given.json ? inJson(check) : inWords(check))
  }
  // A group of checks takes seconds, and its lines come together.
  const begins = (work: string) => {
    if (!given.json && process.stderr.isTTY) process.stderr.write(`        ${work} …\n`)
  }
  say(runtime(), memory(), ...disk(given.dir), clock(given.heads), journal())
  begins('comparing the parts of the program with their digests')
  say(await parts(), ...models(), ...languages())
  begins('starting the processes that read exhibits')
  say(...(await sources()), ...(await children()))
  begins('examining a small folder and a small archive')
  say(...(await trials()))
  const exitCode = exitCodeOf(all)
  const open = all.filter(({ state }) => state === 'todo').length
  if (given.json)
    process.stdout.write(`${JSON.stringify({ event: 'doctor', ready: open === 0, todo: open, exitCode })}\n`)
  else
    process.stdout.write(
      open === 0
        ? '\nThis machine is ready.\n'
        : `\n${open === 1 ? 'One thing has' : `${open} things have`} to be done before this machine examines as it should.\n`,
    )
  return exitCode
}

/** A damaged program decides the exit code first: its other checks cannot be believed. */
export function exitCodeOf(checks: readonly Check[]): number {
  const exits = checks.filter(({ state }) => state === 'todo').map(({ exit }) => exit ?? 'usage')
  const worst = (['ledgerDamaged', 'usage', 'tryAgain'] as const).find((exit) => exits.includes(exit))
  return worst === undefined ? EXIT.complete : EXIT[worst]
}

function inJson({ name, state, found, todo }: Check): string {
  return `${JSON.stringify({ event: 'check', name, state, found: printText(found), todo })}\n`
}

const WORDS = { ok: 'ok', advice: 'advice', todo: 'TO DO' } as const

function inWords({ name, state, found, todo }: Check): string {
  const line = `${WORDS[state].padEnd(6)}  ${name.padEnd(11)}  ${printText(found)}\n`
  return todo === null ? line : `${line}${' '.repeat(21)}→ ${todo}\n`
}
