import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareWithExpected } from '../../fixtures/compare.ts'
import { type Fixture, makeFixture } from '../../fixtures/make.ts'
import { WHOLE } from '../whole.ts'
import { exported, listsOf, type Result, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

let folder: string
let fixture: Fixture
/** One scan of all, and its ledger. */
let whole: { readonly ledger: string; readonly run: Result }
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seized-scan-'))
  fixture = await makeFixture(folder)
  const ledger = join(folder, 'whole.sqlite')
  whole = { ledger, run: seized(scanArgs(fixture.exhibit, ledger, listsOf(fixture))) }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('seized scan', () => {
  it('agrees with every expected answer of the fixture, and each stage adds up to the entries walked', () => {
    const summary = summaryOf(whole.run)
    expect(whole.run.status).toBe(13)
    expect(summary.exitCode).toBe(13)
    expect(compareWithExpected(fixture.expected, exported(whole.ledger, temporaryFolder()))).toEqual([])
    for (const [stage, counts] of Object.entries<Record<string, number>>(summary.stages))
      expect(
        Object.values(counts).reduce((a, b) => a + b, 0),
        stage,
      ).toBe(fixture.expected.length)
    expect(summary.entries).toBe(fixture.expected.length)
  })

  it('gives the same evidence digest with 1 and 8 workers, and another after one changed byte', () => {
    const out = temporaryFolder()
    const digest = (name: string, workers: string) =>
      summaryOf(seized(scanArgs(fixture.exhibit, join(out, name), listsOf(fixture), '--workers', workers)))
        .evidenceDigest
    const first = summaryOf(whole.run).evidenceDigest
    expect(digest('a.sqlite', '1')).toBe(first)
    expect(digest('b.sqlite', '8')).toBe(first)
    if (WHOLE) {
      expect(digest('c.sqlite', '1')).toBe(first)
      expect(digest('d.sqlite', '8')).toBe(first)
    }
    const letter = join(fixture.exhibit, 'Documents/letter.txt')
    const [times, text] = [statSync(letter), readFileSync(letter, 'utf8')]
    const change = (to: string) => {
      writeFileSync(letter, to)
      utimesSync(letter, times.atime, times.mtime)
    }
    change(text.replace('nine', 'nina'))
    try {
      expect(digest('e.sqlite', '8')).not.toBe(first)
    } finally {
      change(text)
    }
  })

  it('does not depend on the order of lists', () => {
    const lists = [...listsOf(fixture)].reverse()
    const turned = summaryOf(seized(scanArgs(fixture.exhibit, join(temporaryFolder(), 'b.sqlite'), lists)))
    const { evidenceDigest, analysisDigest } = summaryOf(whole.run)
    expect(turned).toMatchObject({ evidenceDigest, analysisDigest })
  })

  it('refuses a ledger inside the exhibit, a writable mount, an empty list and an existing ledger, each before the first read', () => {
    const out = temporaryFolder()
    const ledger = join(out, 'case.sqlite')
    const inside = seized(scanArgs(fixture.exhibit, join(fixture.exhibit, 'case.sqlite'), []))
    expect([inside.status, inside.stderr]).toEqual([2, expect.stringContaining('inside the exhibit')])
    const writable = seized(
      scanArgs(fixture.exhibit, ledger, []).filter((arg) => arg !== '--allow-writable-mount'),
    )
    expect([writable.status, writable.stderr]).toEqual([2, expect.stringContaining('--allow-writable-mount')])
    const missing = seized(scanArgs(fixture.exhibit, ledger, ['illegal:/nowhere.txt']))
    expect(missing.status).toBe(2)
    const noDeclaration = seized(scanArgs(fixture.exhibit, ledger, [fixture.lists.illegal]))
    expect(noDeclaration.status).toBe(2)
    const meaningOnScale = seized(scanArgs(fixture.exhibit, ledger, [`illegal:${fixture.lists.vics}`]))
    expect(meaningOnScale.status).toBe(2)
    expect(existsSync(ledger)).toBe(false)
    expect(seized(scanArgs(fixture.exhibit, ledger, [], '--stages', 'inventory')).status).toBe(3)
    expect(seized(scanArgs(fixture.exhibit, ledger, [], '--stages', 'inventory')).status).toBe(2)
  })

  it('counts what scope leaves out, and does not read it', () => {
    const out = temporaryFolder()
    const ledger = join(out, 'case.sqlite')
    summaryOf(seized(scanArgs(fixture.exhibit, ledger, listsOf(fixture), '--scope', 'include=DCIM/**')))
    const lines = exported(ledger, out)
    const files = lines.filter((line) => line.kind === 'file')
    const read = files.filter((line) => line.sha256)
    const inScope = fixture.expected.filter(({ kind, path }) => kind === 'file' && /^DCIM\//.test(`${path}`))
    expect(read.map((line) => line.path).sort()).toEqual(inScope.map(({ path }) => `${path}`).sort())
    const left = files.filter((line) => line.stages.read.result === 'out-of-scope')
    expect(left.length).toBe(files.length - inScope.length)
  })
})
