import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fixture, makeFixture } from '../../fixtures/make.ts'
import { png } from '../../fixtures/pictures.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { entryRecord } from '../../src/report/exchange/jsonl.ts'
import { drawn } from '../whole.ts'
import {
  listsOf,
  processesNaming,
  scanArgs,
  seized,
  start,
  summaryOf,
  temporaryFolder,
  withoutAccessTimes,
} from './seized.ts'

interface Exhibit {
  readonly fixture: Fixture
  readonly stages: readonly string[]
  /** What an undisturbed run gives. */
  readonly whole: { readonly digests: unknown; readonly lines: unknown[] }
}
let folder: string
/** One of many files, of which the first two stages are killed, and one of many pictures, of which all stages run. */
let exhibits: { readonly files: Exhibit; readonly pictures: Exhibit }
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seized-crash-'))
  exhibits = {
    files: await exhibitOf('files', ['--stages', 'inventory,known'], (many) => {
      for (let i = 0; i < FILES; i++) writeFileSync(join(many, `note-${i}.txt`), `number ${i}\n`)
    }),
    pictures: await exhibitOf('pictures', [], async (many) => {
      for (let i = 0; i < PICTURES; i++)
        writeFileSync(join(many, `drawing-${i}.png`), await png({ seed: 1000 + i, width: 24, height: 24 }))
    }),
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Enough for three commits of the inventory, which are the largest: of 1,024 entries. */
const FILES = 2100
/** Enough for three commits of what children look at: of 32 contents. */
const PICTURES = 80

async function exhibitOf(
  name: string,
  stages: readonly string[],
  addMany: (folder: string) => void | Promise<void>,
): Promise<Exhibit> {
  const place = join(folder, name)
  mkdirSync(place)
  const fixture = await makeFixture(place)
  const many = join(fixture.exhibit, 'many')
  mkdirSync(many)
  await addMany(many)
  const ledger = join(place, 'whole.sqlite')
  const summary = summaryOf(seized(scanArgs(fixture.exhibit, ledger, listsOf(fixture), ...stages)))
  return { fixture, stages, whole: { digests: digestsOf(summary), lines: linesOf(ledger) } }
}

/** Its entries, without what reading changes. */
function linesOf(ledger: string): unknown[] {
  const opened = openLedger(ledger)
  try {
    return withoutAccessTimes([...opened.places()].map((view) => entryRecord(view)))
  } finally {
    opened.close()
  }
}

const digestsOf = (summary: { evidenceDigest: string; analysisDigest: string }) => [
  summary.evidenceDigest,
  summary.analysisDigest,
]

/** Six kinds of moment; of the first, second and third commit of each, an ordinary run draws one, so each number comes twice. */
const POINTS = ['inventory', 'known', 'unknown']
  .flatMap((stage) => ['before-commit', 'after-commit'].map((moment) => `${stage}:${moment}`))
  .flatMap((point, at) => drawn([1, 2, 3], at, 1).map((n) => `${point}:${n}`))

describe('the program killed at any instant', () => {
  it.each([
    ...POINTS,
    'seal:before-commit:1',
    'seal:after-commit:1',
    'seal:before-protection:1',
    'seal:before-custody:1',
  ])('resumes after SIGKILL at %s to the same digests, with no orphan and no duplicate', async (point) => {
    const ledger = join(temporaryFolder(), 'case.sqlite')
    const { fixture, stages, whole } = exhibits[/^(inventory|known):/.test(point) ? 'files' : 'pictures']
    const scan = scanArgs(fixture.exhibit, ledger, listsOf(fixture), ...stages)
    const killed = seized(scan, { SEIZED_CRASH_AT: point })
    expect(killed.signal).toBe('SIGKILL')
    await expect.poll(() => processesNaming(fixture.exhibit)).toEqual([])
    // Before the first commit there is no ledger yet: the examiner scans again.
    const args = existsSync(ledger)
      ? ['resume', ledger, '--progress', 'json', '--allow-writable-mount']
      : scan
    expect(digestsOf(summaryOf(seized(args)))).toEqual(whole.digests)
    expect(linesOf(ledger)).toEqual(whole.lines)
    expect(seized(['verify', ledger]).status).toBe(0)
  })

  it('pauses on Ctrl-C with exit 130 and goes on', async () => {
    const { fixture, whole } = exhibits.pictures
    const ledger = join(temporaryFolder(), 'case.sqlite')
    const child = start(scanArgs(fixture.exhibit, ledger, listsOf(fixture)))
    child.stdout.once('data', () => child.kill('SIGINT'))
    const code = await new Promise((resolve) => child.on('exit', resolve))
    expect([130, 13]).toContain(code)
    if (code === 130) summaryOf(seized(['resume', ledger, '--progress', 'json', '--allow-writable-mount']))
    expect(linesOf(ledger)).toEqual(whole.lines)
  })
})
