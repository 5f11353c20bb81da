import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { childPath, filePath } from '../../src/base/evidence-path.ts'
import { openScanTerms, reopenScanTerms } from '../../src/cli/services/scan-terms.ts'
import type { ModelUse, Plan, PlanOptions } from '../../src/contracts/case.ts'
import { DEFAULT_OPTIONS, makePlan, WHOLE_EXHIBIT } from '../../src/plan.ts'
import { importTerms } from '../../src/terms/import-terms.ts'
import { sealPathModel, trainPathClassifier } from '../../src/terms/path-classifier.ts'
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
  const finder = termFinder({ terms: { list: TERMS, asOf: TODAY, sha256: 'ab' }, paths: null })
  const path = (text: string) => filePath(Buffer.from(text))
  const inWords = (findings: ReturnType<typeof finder.inText>) =>
    findings.map((one) =>
      one.kind === 'attribute'
        ? `${one.code} ${Object.values(one.params).join(' ').slice(0, 5)}`
        : `${one.label} ${one.scorePer10k}`,
    )
  const found = (of: Parameters<typeof finder.inName>[0]) => inWords(finder.inName(of))

  it('tells the name from the folders, also of what lies inside an archive', () => {
    const inside = childPath(path('plimfer/a.zip'), 'member', Buffer.from('x/Zorbelquist.jpg'))
    expect(found(inside)).toEqual([
      'term-in-name T1',
      'term-in-name 5000',
      'term-in-folder T2',
      'term-in-folder 5000',
    ])
    const archive = childPath(path('plimfer.zip'), 'member', Buffer.from('x/y.jpg'))
    expect(found(archive)).toEqual(['term-in-folder T2', 'term-in-folder 5000'])
  })

  it('says a term once, the name before a folder, counts different ones, and leaves expired terms out', () => {
    expect(found(path('plimfer/plimfer.jpg'))).toEqual(['term-in-name T2', 'term-in-name 5000'])
    expect(found(path('oldwordle.jpg'))).toEqual([])
    expect(found(path('zorbelquist plimfer'))).toEqual([
      'term-in-name T1',
      'term-in-name T2',
      'term-in-name 7500',
    ])
  })

  it('looks for no name where this program gave it', () => {
    expect(found(childPath(path('plimfer.jpg'), 'thumbnail', Buffer.from('thumbnail')))).toEqual([])
  })

  it('reads names that are not UTF-8 as far as they go', () => {
    expect(found(filePath(Buffer.from('\xff plimfer.jpg', 'latin1')))).toEqual([
      'term-in-name T2',
      'term-in-name 5000',
    ])
  })

  it('says when a text was too long to be searched to its end', () => {
    const long = `plimfer ${'a '.repeat(2_000_000)} zorbelquist`
    expect(inWords(finder.inText(long))).toEqual(['term-in-text T2', 'term-in-text 5000', 'terms-cut 40000'])
  }, 180_000)
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
  const pathModel = (name: string, word: string) => {
    const rows = Array.from({ length: 60 }, (_, i) => ({
      path: `dir${i % 6}/${i % 2 ? word : 'holiday'} ${i}.jpg`,
      concerning: i % 2 === 1,
    }))
    const file = join(folder, `${name}.model`)
    writeFileSync(file, sealPathModel(trainPathClassifier(rows), PASSPHRASE))
    return file
  }

  it('are the same store as of the same date', async () => {
    const first = store('first', 'T1,zorbelquist')
    const scan = await openScanTerms({ ...given, terms: first }, 'warrant 1')
    const plan = planOf({ ...scan!.options, termsAsOf: '2026-01-02' }, scan!.models)
    expect((await reopenScanTerms(plan, { ...given, ...scan!.files }))?.options.termsAsOf).toBe('2026-01-02')
    const other = store('other', 'T1,plimfer')
    await expect(reopenScanTerms(plan, { ...given, terms: other })).rejects.toThrow(
      /not the store that the run began with/,
    )
    await expect(reopenScanTerms(plan, given)).rejects.toThrow(/--terms/)
    expect(await reopenScanTerms(planOf({}, []), { terms: first })).toBeNull()
  })

  it('and the same path model, which needs no terms beside it', async () => {
    const [first, other] = [pathModel('paths', 'plimfer'), pathModel('others', 'zorbelquist')]
    const scan = await openScanTerms({ ...given, pathModel: first }, 'warrant 1')
    expect(scan!.models.map(({ id, thresholds }) => [id, thresholds])).toEqual([
      ['agency-paths', { path: 5000 }],
    ])
    const plan = planOf(scan!.options, scan!.models)
    expect((await reopenScanTerms(plan, { ...given, ...scan!.files }))?.models).toEqual(scan!.models)
    await expect(reopenScanTerms(plan, { ...given, pathModel: other })).rejects.toThrow(
      /not the model that the run began with/,
    )
    await expect(reopenScanTerms(plan, given)).rejects.toThrow(/--path-model/)
  })
})

function planOf(options: Partial<PlanOptions>, models: readonly ModelUse[]): Plan {
  return makePlan({
    phases: ['inventory', 'known', 'unknown'],
    scope: WHOLE_EXHIBIT,
    hashSets: [],
    models,
    options: { ...DEFAULT_OPTIONS, ...options },
  })
}
