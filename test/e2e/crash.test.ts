import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fixture, makeFixture } from '../../fixtures/make.ts'
import { png } from '../../fixtures/pictures.ts'
import {
  exported,
  listsOf,
  processesNaming,
  scanArgs,
  seized,
  start,
  summaryOf,
  temporaryFolder,
  withoutAccessTimes,
} from './seized.ts'

let folder: string
let fixture: Fixture
interface Whole {
  readonly digests: unknown
  readonly lines: unknown[]
}
/** What an undisturbed run gives: of all stages, and of the first two, which are enough to kill those. */
let whole: { readonly all: Whole; readonly known: Whole }
const KNOWN_ONLY = ['--stages', 'inventory,known']
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seized-crash-'))
  fixture = await makeFixture(folder)
  await addManyFiles(fixture.exhibit)
  whole = { all: undisturbed('all.sqlite', []), known: undisturbed('known.sqlite', KNOWN_ONLY) }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function undisturbed(name: string, more: readonly string[]): Whole {
  const ledger = join(folder, name)
  const summary = summaryOf(seized(scanArgs(fixture.exhibit, ledger, listsOf(fixture), ...more)))
  return { digests: digestsOf(summary), lines: withoutAccessTimes(exported(ledger, folder)) }
}

/** Enough for three commits in every stage: 2,800 small files and 160 pictures. */
async function addManyFiles(exhibit: string): Promise<void> {
  mkdirSync(join(exhibit, 'many'))
  for (let i = 0; i < 2800; i++) writeFileSync(join(exhibit, 'many', `note-${i}.txt`), `number ${i}\n`)
  for (let i = 0; i < 160; i++)
    writeFileSync(
      join(exhibit, 'many', `drawing-${i}.png`),
      await png({ seed: 1000 + i, width: 24, height: 24 }),
    )
}

const digestsOf = (summary: { evidenceDigest: string; analysisDigest: string }) => [
  summary.evidenceDigest,
  summary.analysisDigest,
]

const POINTS = ['inventory', 'known', 'unknown'].flatMap((stage) =>
  ['before-commit', 'after-commit'].flatMap((moment) => [1, 2, 3].map((n) => `${stage}:${moment}:${n}`)),
)

describe('the program killed at any instant', () => {
  it.each([
    ...POINTS,
    'seal:before-commit:1',
    'seal:after-commit:1',
    'seal:before-protection:1',
    'seal:before-custody:1',
  ])('resumes after SIGKILL at %s to the same digests, with no orphan and no duplicate', async (point) => {
    const out = temporaryFolder()
    const ledger = join(out, 'case.sqlite')
    const early = /^(inventory|known):/.test(point)
    const expected = early ? whole.known : whole.all
    const scan = scanArgs(fixture.exhibit, ledger, listsOf(fixture), ...(early ? KNOWN_ONLY : []))
    const killed = seized(scan, { SEIZED_CRASH_AT: point })
    expect(killed.signal).toBe('SIGKILL')
    await expect.poll(() => processesNaming(fixture.exhibit)).toEqual([])
    // Before the first commit there is no ledger yet: the examiner scans again.
    const args = existsSync(ledger)
      ? ['resume', ledger, '--progress', 'json', '--allow-writable-mount']
      : scan
    expect(digestsOf(summaryOf(seized(args)))).toEqual(expected.digests)
    expect(withoutAccessTimes(exported(ledger, out))).toEqual(expected.lines)
    expect(seized(['verify', ledger]).status).toBe(0)
  })

  it('pauses on Ctrl-C with exit 130 and goes on', async () => {
    const out = temporaryFolder()
    const ledger = join(out, 'case.sqlite')
    const child = start(scanArgs(fixture.exhibit, ledger, listsOf(fixture)))
    child.stdout.once('data', () => child.kill('SIGINT'))
    const code = await new Promise((resolve) => child.on('exit', resolve))
    expect([130, 13]).toContain(code)
    if (code === 130) summaryOf(seized(['resume', ledger, '--progress', 'json', '--allow-writable-mount']))
    expect(withoutAccessTimes(exported(ledger, out))).toEqual(whole.all.lines)
  })
})
