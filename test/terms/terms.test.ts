import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkTerms } from '../../src/terms/check-terms.ts'
import { importTerms, openTerms } from '../../src/terms/import-terms.ts'
import { neutralPaths, neutralTexts } from '../../src/terms/neutral.ts'
import {
  openPathModel,
  pathScorer,
  scorePath,
  sealPathModel,
  trainPathClassifier,
} from '../../src/terms/path-classifier.ts'
import { seal, unseal } from '../../src/terms/sealed-file.ts'
import type { Term } from '../../src/terms/term.ts'
import { parseTermList } from '../../src/terms/term-list.ts'
import { termMatcher } from '../../src/terms/term-matcher.ts'

const folder = mkdtempSync(join(tmpdir(), 'seized-terms-'))
afterAll(() => rmSync(folder, { recursive: true }))

const TODAY = '2026-11-24'
const PASSPHRASE = 'correct horse battery'

// Made-up words: no real term stands in this project.
const TERMS: readonly Term[] = [
  {
    id: 'T1',
    term: 'zorbelquist',
    language: 'en',
    category: 'a',
    source: 'made up',
    expires: null,
    match: 'word',
  },
  {
    id: 'T2',
    term: 'blue plimfer',
    language: 'en',
    category: 'b',
    source: null,
    expires: null,
    match: 'word',
  },
  { id: 'T3', term: 'quonk', language: null, category: null, source: null, expires: null, match: 'anywhere' },
  { id: 'T4', term: 'vexilorp', language: null, category: null, source: null, expires: null, match: 'whole' },
  {
    id: 'T5',
    term: 'oldwordle',
    language: null,
    category: null,
    source: null,
    expires: '2020-01-01',
    match: 'word',
  },
]

describe('matching terms', () => {
  const matcher = termMatcher(TERMS, TODAY)

  it.each([
    ['plain', 'Users/x/zorbelquist.jpg'],
    ['upper case', 'ZORBELQUIST.JPG'],
    ['accents', 'zórbelqüist.png'],
    ['digits for letters', 'z0rb3lqu1st.mp4'],
    ['signs for letters', 'zorbe|qui$t'],
    ['separators', 'z.o.r.b.e.l.q.u.i.s.t.avi'],
    ['spaced out', 'z o r b e l q u i s t'],
    ['stretched', 'zorbelquiiist.avi'],
    ['full width', 'ｚｏｒｂｅｌｑｕｉｓｔ'],
    ['Cyrillic look-alikes', 'zоrbеlquіst.jpg'],
    ['broken by an invisible character', 'zorbel\u200bquist'],
    ['camelCase', 'myZorbelquistFiles/1.jpg'],
    ['underscores', 'my_zorbelquist_files/1.jpg'],
    ['a number after it', 'zorbelquist1.jpg'],
    ['a year after it', 'zorbelquist2024.jpg'],
    ['a number before it', '2zorbelquist.jpg'],
    ['digits for letters and a number', 'z0rb3lquist_z0rb3lqu1st5.jpg'],
    ['a folder', 'a/zorbelquist/b/c.txt'],
  ])('finds a word in spite of %s', (_, path) => {
    expect(matcher.inPath(path).map(({ termId }) => termId)).toEqual(['T1'])
  })

  it('finds words of a phrase across separators, but never across folders', () => {
    expect(matcher.inPath('x/Blue-Plimfer_03.jpg')).toHaveLength(1)
    expect(matcher.inPath('x/bluePlimfer.jpg')).toHaveLength(1)
    expect(matcher.inPath('x/blue/plimfer.jpg')).toEqual([])
  })

  it('keeps the modes apart', () => {
    expect(matcher.inPath('prezorbelquistian.jpg')).toEqual([])
    expect(matcher.inPath('zorbelquist1an.jpg')).toEqual([])
    expect(matcher.inPath('prequonkian.jpg').map(({ termId }) => termId)).toEqual(['T3'])
    expect(matcher.inPath('my vexilorp.jpg')).toEqual([])
    expect(matcher.inPath('vexilorp.jpg').map(({ termId }) => termId)).toEqual(['T4'])
  })

  it('leaves out what has expired', () => {
    expect(matcher.inPath('oldwordle.jpg')).toEqual([])
    expect(matcher.termCount).toBe(4)
  })

  it('tells the place in the original and the folder', () => {
    const path = 'a/b/my Z0RBELQUIST pics/1.jpg'
    const [hit] = matcher.inPath(path)
    expect(path.slice(hit!.start, hit!.end)).toBe('Z0RBELQUIST')
    expect(hit!.component).toBe(2)
    const text = 'so the zorbelquist came'
    const [inText] = matcher.inText(text)
    expect(text.slice(inText!.start, inText!.end)).toBe('zorbelquist')
  })

  it('never carries the words of a term', () => {
    expect(JSON.stringify(matcher.inPath('zorbelquist'))).not.toContain('zorbelquist')
  })
})

describe('importing terms', () => {
  it('reads CSV and JSON alike, and names rejected rows by number only', () => {
    const csv = parseTermList(
      'term,language,category,match\nzorbelquist,en,a,word\nab,en,a,word\n"blue, plimfer",en,b,\nquonk,en,a,fuzzy\nZORBELQU1ST,,,\n',
      'csv',
    )
    expect(csv.terms.map(({ term, match }) => [term, match])).toEqual([
      ['zorbelquist', 'word'],
      ['blue, plimfer', 'word'],
    ])
    expect(csv.duplicates).toBe(1)
    expect(csv.rejected.map(({ row }) => row)).toEqual([2, 4])
    expect(JSON.stringify(csv.rejected)).not.toContain('quonk')
    const json = parseTermList(
      JSON.stringify({ terms: [{ term: 'zorbelquist', language: 'en', category: 'a' }] }),
      'json',
    )
    expect(json.terms[0]).toMatchObject({ term: 'zorbelquist', language: 'en', id: 'term-00001' })
  })

  it('seals the list: the words stand nowhere in the file, and only the passphrase opens it', () => {
    const list = join(folder, 'list.csv')
    const store = join(folder, 'agency.terms')
    writeFileSync(list, 'id,term,expires\nT1,zorbelquist,2020-01-01\nT2,blue plimfer,\n')
    const report = importTerms(list, store, PASSPHRASE, TODAY)
    expect(report).toMatchObject({ imported: 2, expired: 1, duplicates: 0, rejected: [] })
    expect(readFileSync(store).includes('zorbelquist')).toBe(false)
    expect(statSync(store).mode & 0o777).toBe(0o600)
    expect(openTerms(store, PASSPHRASE).map(({ id }) => id)).toEqual(['T1', 'T2'])
    expect(() => openTerms(store, 'correct horse batterx')).toThrow(/passphrase is another/)
    expect(() => importTerms(list, store, PASSPHRASE, TODAY)).toThrow(/EEXIST/)
  })

  it('finds every changed byte of a sealed file', () => {
    const sealed = seal('terms', Buffer.from('content'), PASSPHRASE)
    expect(unseal('terms', sealed, PASSPHRASE).toString()).toBe('content')
    expect(() => unseal('path-model', sealed, PASSPHRASE)).toThrow(/not one of path-model/)
    // Costs of the key stand at 9–11: changing those asks for another key, at more time.
    for (const at of [0, 7, 12, 30, sealed.length - 20]) {
      const changed = Buffer.from(sealed)
      changed[at] = changed[at]! ^ 1
      expect(() => unseal('terms', changed, PASSPHRASE)).toThrow()
    }
    expect(() => seal('terms', Buffer.from(''), 'short')).toThrow(/at least 12/)
  })
})

describe('checking terms', () => {
  it('names the term that stands in ordinary names, by id and rate', async () => {
    const check = await checkTerms(
      [...TERMS, { ...TERMS[0]!, id: 'T9', term: 'holiday', match: 'anywhere' }],
      TODAY,
      { paths: neutralPaths(5000), texts: neutralTexts(700) },
    )
    expect(check).toMatchObject({ paths: 5000, texts: 700 })
    expect(check.terms[0]!.termId).toBe('T9')
    expect(check.terms[0]!.perMillionPaths).toBeGreaterThan(1000)
    expect(check.terms.slice(1).every(({ pathHits, textHits }) => pathHits + textHits === 0)).toBe(true)
    expect(check.pathShare).toBeCloseTo(check.terms[0]!.pathHits / 5000)
  })
})

describe('training a path classifier', () => {
  const benign = [...neutralPaths(3000)].map((path) => ({ path, concerning: false }))
  const strange = ['zorbelquist', 'plimfer', 'quonkady', 'vexilorp', 'drimble']
  const concerning = Array.from({ length: 300 }, (_, i) => ({
    path: `hidden${i % 30}/set ${i % 7}/${strange[i % 5]}${i % 3 ? '_' : ' '}${strange[(i * 3 + 1) % 5]} ${i}.jpg`,
    concerning: true,
  }))

  it('learns made-up words, by folder apart, and says what it was measured on', () => {
    const model = trainPathClassifier([...benign, ...concerning])
    expect(model.measured).toMatchObject({ concerning: 300, benign: 3000 })
    expect(model.measured.falsePositiveRate).toBeLessThanOrEqual(0.002)
    expect(model.measured.recall).toBeGreaterThan(0.9)
    expect(scorePath(model, 'x/y/Z0rbelqu1st-plimfer.png')).toBeGreaterThanOrEqual(5000)
    expect(scorePath(model, 'Users/anna/Documents/invoice 2019.pdf')).toBeLessThan(5000)
  })

  it('gives the same model for the same rows in any order, and opens again from its sealed file', () => {
    const rows = [...benign.slice(0, 400), ...concerning.slice(0, 100)]
    const model = trainPathClassifier(rows)
    expect(trainPathClassifier([...rows].reverse())).toEqual(model)
    const opened = openPathModel(sealPathModel(model, PASSPHRASE), PASSPHRASE)
    expect(scorePath(opened, concerning[0]!.path)).toBe(scorePath(model, concerning[0]!.path))
  })

  it('scores folder by folder what it scores one by one', () => {
    const rows = [...benign.slice(0, 400), ...concerning.slice(0, 100)]
    const model = trainPathClassifier(rows)
    const fast = pathScorer(model)
    const paths = [...rows.map(({ path }) => path), 'alone.jpg', 'a//b', 'dir.name/', '', 'x\\y/z.tar.gz']
    expect(paths.map(fast)).toEqual(paths.map((path) => scorePath(model, path)))
  })

  it('refuses too few paths', () => {
    expect(() => trainPathClassifier(concerning)).toThrow(/benign paths are needed/)
  })
})
