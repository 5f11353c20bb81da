/** What each suite of lying processes asks: the run goes on, its ledger verifies, and nothing is in it that an honest one would not say. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../src/base/exit-codes.ts'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import {
  copyLedger,
  type Line,
  type LyingProgram,
  ledgerOf,
  lyingInstallation,
  run,
  tellIt,
} from './lied-to.ts'
import { LIES } from './lies.mjs'

export interface Suite {
  readonly program: LyingProgram
  /** Makes the exhibit in a folder; @returns its path */
  readonly exhibit: (folder: string) => string
  /** Where an honest run is killed, so that a lying process has its occasion in the run that goes on. */
  readonly crashAt: string
  /** What a lie may change of what an honest run says. @throws where it changes more */
  readonly mayDiffer: (lines: ReadonlyMap<string, Line>, honest: ReadonlyMap<string, Line>) => void
}

const COMPLETE: readonly unknown[] = [EXIT.complete, EXIT.findings]
const INCOMPLETE: readonly unknown[] = [EXIT.incomplete, EXIT.findingsIncomplete]

export function lying({ program, exhibit, crashAt, mayDiffer }: Suite): void {
  const lies = Object.entries(LIES[program]!)
  let folder: string
  let root: string
  let path: string
  let list: string
  let honest: ReadonlyMap<string, Line>
  let interrupted: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'seized-lying-'))
    path = exhibit(folder)
    list = join(folder, 'list.txt')
    writeFileSync(list, `${'f'.repeat(64)}\n`)
    const whole = join(folder, 'whole', 'case.sqlite')
    interrupted = join(folder, 'interrupted', 'case.sqlite')
    for (const ledger of [whole, interrupted]) mkdirSync(dirname(ledger))
    expect(COMPLETE).toContain(scan(undefined, whole).status)
    honest = ledgerOf(whole).lines
    expect(scan(undefined, interrupted, { SEIZED_CRASH_AT: crashAt }).signal).toBe('SIGKILL')
    root = lyingInstallation(join(folder, 'program'), program)
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('has thirty lies or more', () => {
    expect(lies.length).toBeGreaterThanOrEqual(30)
  })

  describe.each(lies)('that says %s', (lie, { harmless }) => {
    const ended = ({ status, stdout, stderr }: ReturnType<typeof run>, ledger: string) => {
      const last = stdout.trim().split('\n').at(-1) ?? ''
      expect(last.startsWith('{"event":"summary"'), `${last} ${stderr}`).toBe(true)
      const { problems, lines } = ledgerOf(ledger)
      expect(problems).toEqual([])
      if (harmless && COMPLETE.includes(status)) expect(lines).toEqual(honest)
      else {
        expect(INCOMPLETE).toContain(status)
        mayDiffer(lines, honest)
      }
    }

    it('costs its item, never the run, nor a run that goes on', () => {
      tellIt(root, program, lie)
      const ledger = copyLedger(interrupted, join(folder, 'resumed'))
      ended(run(root, ['resume', ledger, '--progress', 'json', '--allow-writable-mount']), ledger)
    })

    // The same in a run from the beginning: a fourth of them, because each takes as long again.
    if (lies.findIndex(([name]) => name === lie) % 4 === 0)
      it('costs no more in a scan', () => {
        tellIt(root, program, lie)
        const ledger = join(folder, 'scanned', 'case.sqlite')
        rmSync(dirname(ledger), { recursive: true, force: true })
        mkdirSync(dirname(ledger))
        ended(scan(root, ledger), ledger)
      })
  })

  if (program === 'image-lister')
    it('that knows nothing of an image ends the run by a sentence, and an honest one goes on', () => {
      tellIt(root, program, 'null for facts', 'describing')
      const ledger = copyLedger(interrupted, join(folder, 'refused'))
      const resume = ['resume', ledger, '--progress', 'json']
      const { status, stdout } = run(root, resume)
      expect(status).toBe(EXIT.usage)
      expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({
        event: 'error',
        code: 'image-refused',
      })
      expect(COMPLETE).toContain(run(PROGRAM_ROOT, resume).status)
      expect(ledgerOf(ledger)).toEqual({ problems: [], lines: honest })
    })

  function scan(from: string | undefined, ledger: string, env: NodeJS.ProcessEnv = {}) {
    const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger]
    const how = [
      '--progress',
      'json',
      '--phases',
      'inventory,known',
      '--workers',
      '1',
      '--allow-writable-mount',
    ]
    return run(from ?? PROGRAM_ROOT, ['scan', path, ...who, ...how, '--hashset', `illegal:${list}`], env)
  }
}
