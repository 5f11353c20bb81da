import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openScanTerms, reopenScanTerms } from '../../src/cli/scan-terms.ts'
import { childPath, filePath } from '../../src/evidence-path.ts'
import { DEFAULT_OPTIONS } from '../../src/plan.ts'
import { importTerms } from '../../src/terms/import-terms.ts'
import type { Term } from '../../src/terms/term.ts'
import { termFinder } from '../../src/terms/term-finder.ts'

const folder = mkdtempSync(join(tmpdir(), 'seized-scan-terms-'))
afterAll(() => rmSync(folder, { recursive: true }))

const PASSPHRASE = 'correct horse battery'
const TODAY = '2026-11-24'

// Made-up words: no real term stands in this project.
const TERMS: readonly Term[] = [
  ['T1', 'zorbelquist', null],
  ['T2', 'plimfer', null],
  ['T3', 'oldwordle', '2026-01-01'],
].map(([id, term, expires]) => ({
  id: id!,
  term: term!,
  language: null,
  category: null,
  source: null,
  expires: expires ?? null,
  match: 'word',
}))

describe('terms over what a scan comes by', () => {
  const finder = termFinder(TERMS, TODAY)
  const path = (text: string) => filePath(Buffer.from(text))
  const found = (...paths: Parameters<typeof finder.inPaths>[0]) =>
    finder.inPaths(paths).map(({ name, value }) => `${name} ${value}`)

  it('tells the name from the folders, also of what lies inside an archive', () => {
    const inside = childPath(path('plimfer/a.zip'), 'member', Buffer.from('x/Zorbelquist.jpg'))
    expect(found(inside)).toEqual(['term-in-name T1', 'term-in-folder T2'])
    const archive = childPath(path('plimfer.zip'), 'member', Buffer.from('x/y.jpg'))
    expect(found(archive)).toEqual(['term-in-folder T2'])
  })

  it('says once what several copies show, the name before a folder, and leaves expired terms out', () => {
    expect(found(path('a/plimfer.jpg'), path('plimfer/b.jpg'), path('oldwordle.jpg'))).toEqual([
      'term-in-name T2',
    ])
  })

  it('reads names that are not UTF-8 as far as they go', () => {
    expect(found(filePath(Buffer.from('\xff plimfer.jpg', 'latin1')))).toEqual(['term-in-name T2'])
  })

  it('says when a text was too long to be searched to its end', () => {
    const long = `plimfer ${'a '.repeat(2_000_000)} zorbelquist`
    expect(finder.inText(long).map(({ name, value }) => `${name} ${value.slice(0, 5)}`)).toEqual([
      'term-in-text T2',
      'text-note terms',
    ])
  }, 30_000)
})

describe('the terms of a scan and of the run that goes on', () => {
  const secret = join(folder, 'secret')
  writeFileSync(secret, PASSPHRASE)
  const store = (name: string, terms: string) => {
    const list = join(folder, `${name}.csv`)
    writeFileSync(list, `id,term\n${terms}\n`)
    const file = join(folder, `${name}.sealed`)
    importTerms(list, file, PASSPHRASE, TODAY)
    return file
  }
  const given = { passphraseFile: secret }

  it('are the same store as of the same date', async () => {
    const first = store('first', 'T1,zorbelquist')
    const scan = await openScanTerms(first, 'warrant 1', given)
    const options = { ...DEFAULT_OPTIONS, termsSha256: scan!.sha256, termsAsOf: '2026-01-02' }
    expect((await reopenScanTerms(options, scan!.file, given))?.asOf).toBe('2026-01-02')
    const other = store('other', 'T1,plimfer')
    await expect(reopenScanTerms(options, other, given)).rejects.toThrow(
      /not the store that the run began with/,
    )
    await expect(reopenScanTerms(options, undefined, given)).rejects.toThrow(/--terms/)
    expect(await reopenScanTerms(DEFAULT_OPTIONS, undefined, {})).toBeNull()
  })
})
