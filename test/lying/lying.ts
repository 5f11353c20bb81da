/**
 * What each suite of lying processes asks: the run goes on, its ledger verifies, and nothing is in it that an honest one would not say.
 *
 * One run hears many lies, each about a file of its own, and each is judged by what the ledger says of that file. A lie that is about
 * more than one file has a run of its own.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../src/base/exit-codes.ts'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { WHOLE } from '../whole.ts'
import {
  copyLedger,
  type Line,
  type LyingProgram,
  ledgerOf,
  lyingInstallation,
  run,
  tellIt,
} from './lied-to.ts'
import { LIES, TARGET, targetNumbered } from './lies.mjs'

export type Lines = ReadonlyMap<string, Line>

export interface Suite {
  readonly program: LyingProgram
  /** Makes an exhibit with these files, among others, in a folder; @returns its path */
  readonly exhibit: (folder: string, targets: readonly string[]) => string
  /** Where an honest run is killed, so that a lying process has its occasion in the run that goes on. */
  readonly crashAt: string
  /** Files of one exhibit that are lied about, at most. */
  readonly most: number
  /** Number of the first such file. */
  readonly first: number
  /** Lies that would hide others, or that others would hide: each has an exhibit for itself. */
  readonly alone: readonly string[]
  /** What lies about these files may change of all else. @throws where they change more */
  readonly others: (lines: Lines, honest: Lines, targets: readonly string[]) => void
  /** What a lie may leave of its file. @throws where it leaves more or less */
  readonly target: (lines: Lines, honest: Lines, target: string) => void
  /** Entries that are not the same where a lie was believed about its file. */
  readonly isOf: (path: string, target: string) => boolean
}

interface Honest {
  readonly folder: string
  /** Of the exhibit. */
  readonly path: string
  /** Ledger of a run that was killed. */
  readonly interrupted: string
  readonly honest: Lines
}

const COMPLETE: readonly unknown[] = [EXIT.complete, EXIT.findings]
const INCOMPLETE: readonly unknown[] = [EXIT.incomplete, EXIT.findingsIncomplete]

export function lying(suite: Suite): void {
  const { program, alone } = suite
  const lies = Object.keys(LIES[program]!)
  let folder: string
  let root: string
  let list: string
  const exhibits = new Map<string, Honest>()
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'seized-lying-'))
    list = join(folder, 'list.txt')
    writeFileSync(list, `${'f'.repeat(64)}\n`)
    root = lyingInstallation(join(folder, 'program'), program)
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('has thirty lies or more', () => {
    expect(lies.length).toBeGreaterThanOrEqual(30)
    expect(alone.filter((lie) => !lies.includes(lie))).toEqual([])
  })

  const isFourth = (lie: string) => lies.indexOf(lie) % 4 === 0
  // A lie that has a run of its own is told in one kind of run, with SEIZED_WHOLE=1 in both.
  for (const told of groupsOf(lies.filter((lie) => WHOLE || !alone.includes(lie) || !isFourth(lie))))
    describe(`${titleOf(told)}, in a run that goes on`, () => {
      heard('costs its item, never the run, nor a run that goes on', told, () => {
        const { folder: here, interrupted, honest } = exhibitOf(told)
        tellIt(root, program, Object.fromEntries(told))
        const ledger = copyLedger(interrupted, join(here, 'resumed'))
        const resume = ['resume', ledger, '--progress', 'json', '--allow-writable-mount']
        return { ...run(root, resume), ledger, honest }
      })
    })

  // The same in a run from the beginning: a fourth of the lies, because each run takes as long again.
  for (const told of groupsOf(lies.filter(isFourth)))
    describe(`${titleOf(told)}, in a scan`, () => {
      heard('costs no more in a scan', told, () => {
        const { folder: here, path, honest } = exhibitOf(told)
        tellIt(root, program, Object.fromEntries(told))
        const ledger = emptied(join(here, 'scanned'))
        return { ...scan(root, path, ledger), ledger, honest }
      })
    })

  if (program === 'image-lister')
    it('that knows nothing of an image ends the run by a sentence, and an honest one goes on', () => {
      const { folder: here, interrupted, honest } = honestOf([TARGET])
      tellIt(root, program, 'null for facts', 'describing')
      const ledger = copyLedger(interrupted, join(here, 'refused'))
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

  /** By the names of their files, the lies of each run. */
  function groupsOf(some: readonly string[]): ReadonlyMap<string, string>[] {
    const together = some.filter((lie) => !alone.includes(lie))
    const found: Map<string, string>[] = []
    for (let at = 0; at < together.length; at += suite.most)
      found.push(new Map(together.slice(at, at + suite.most).map((lie, i) => [numbered(i), lie])))
    return [
      ...found,
      ...some.filter((lie) => alone.includes(lie)).map((lie) => new Map([[TARGET as string, lie]])),
    ]
  }

  function numbered(i: number): string {
    return targetNumbered(suite.first + i)
  }

  /** The same exhibit for all runs of numbered files, whether a lie is told about each of them or about some. */
  function exhibitOf(told: ReadonlyMap<string, string>): Honest {
    if (told.has(TARGET)) return honestOf([TARGET])
    const count = Math.min(suite.most, lies.length - alone.length)
    return honestOf(Array.from({ length: count }, (_, i) => numbered(i)))
  }

  /** An exhibit, what an honest run says of it, and the ledger of one that was killed. */
  function honestOf(targets: readonly string[]): Honest {
    const known = exhibits.get(targets.join())
    if (known) return known
    const here = join(folder, `exhibit-${exhibits.size}`)
    mkdirSync(here)
    const path = suite.exhibit(here, targets)
    const whole = emptied(join(here, 'whole'))
    const interrupted = emptied(join(here, 'interrupted'))
    expect(COMPLETE).toContain(scan(undefined, path, whole).status)
    expect(scan(undefined, path, interrupted, { SEIZED_CRASH_AT: suite.crashAt }).signal).toBe('SIGKILL')
    const honest: Lines = ledgerOf(whole).lines
    for (const target of targets) expect([...honest.keys()].some((one) => suite.isOf(one, target))).toBe(true)
    const made = { folder: here, path, interrupted, honest }
    exhibits.set(targets.join(), made)
    return made
  }

  function heard(
    costs: string,
    told: ReadonlyMap<string, string>,
    how: () => ReturnType<typeof run> & { readonly ledger: string; readonly honest: Lines },
  ): void {
    const targets = [...told.keys()]
    const isHarmless = (target: string) => LIES[program]![told.get(target)!]!.harmless === true
    const ran = once(() => {
      const { status, stdout, stderr, ledger, honest } = how()
      return { status, stdout, stderr, honest, ...ledgerOf(ledger) }
    })
    it(`the run ends, its ledger verifies, and of all else it says what an honest one says: ${costs}`, () => {
      const { status, stdout, stderr, problems, lines, honest } = ran()
      const last = stdout.trim().split('\n').at(-1) ?? ''
      expect(last.startsWith('{"event":"summary"'), `${last} ${stderr}`).toBe(true)
      expect(problems).toEqual([])
      if (targets.every(isHarmless) && COMPLETE.includes(status)) expect(lines).toEqual(honest)
      else {
        expect(INCOMPLETE).toContain(status)
        suite.others(lines, honest, targets)
      }
    })
    it.each([...told].map(([target, lie]) => [lie, target]))(`that says %s ${costs}`, (_, target) => {
      const { lines, honest } = ran()
      const isAsItIs = [...honest].every(([path, line]) => {
        return !suite.isOf(path, target) || isSame(lines.get(path), line)
      })
      if (!isHarmless(target) || !isAsItIs) suite.target(lines, honest, target)
    })
  }

  function scan(from: string | undefined, path: string, ledger: string, env: NodeJS.ProcessEnv = {}) {
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

function titleOf(told: ReadonlyMap<string, string>): string {
  return told.size === 1
    ? `that says ${[...told.values()]}`
    : `of ${told.size} lies, each about a file of its own`
}

/** @returns place of a ledger in a new folder */
function emptied(folder: string): string {
  const ledger = join(folder, 'case.sqlite')
  rmSync(dirname(ledger), { recursive: true, force: true })
  mkdirSync(dirname(ledger))
  return ledger
}

const isSame = (one: Line | undefined, other: Line) => JSON.stringify(one) === JSON.stringify(other)

/** Made when it is asked for first; a test alone (`-t`) makes what it needs. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | { readonly error: unknown } | null = null
  return () => {
    made ??= attempt(make)
    if ('error' in made) throw made.error
    return made.value
  }
}

function attempt<T>(make: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: make() }
  } catch (error) {
    return { error }
  }
}
