import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../scripts/train/metrics.ts'
import { sampleOf } from '../../scripts/train/phrase-sample.ts'
import { MODELS_DIR } from '../../src/base/version.ts'
import { foldText } from '../../src/classify-text/fold-text.ts'
import { parsePhraseSet, readPhraseSets } from '../../src/classify-text/phrase-files.ts'
import { compilePattern } from '../../src/classify-text/phrase-notation.ts'
import {
  matchEveryRule,
  type PhraseSet,
  ruleMatcher,
  type Sign,
} from '../../src/classify-text/phrase-rules.ts'

const SIGN: Sign = { id: 'sign', stage: 'stage', strength: 'medium', says: 'says' }

function quotes(pattern: string, text: string): string[] {
  const json = JSON.stringify({
    language: 'xx',
    reviewedBy: [],
    lists: {},
    rules: [{ sign: 'sign', match: [pattern] }],
  })
  const { rules } = parsePhraseSet(json, new Map([['sign', SIGN]]), 'test.json')
  return ruleMatcher(rules)
    .match(foldText(text))
    .map(({ start, end }) => text.slice(start, end))
}

describe('the notation of phrases', () => {
  it('reads a space inside a character class as one white space or comma', () => {
    expect(quotes('sans[- ]papiers', 'Travail pour sans-papiers ici')).toEqual(['sans-papiers'])
    expect(quotes('sans[- ]papiers', 'Travail pour sans papiers ici')).toEqual(['sans papiers'])
    expect(quotes('\\d[\\d. ,]* ?euros', 'gagnez 1 500 euros vite')).toEqual(['1 500 euros'])
    expect(quotes('\\d[\\d. ,]* ?euros', 'gagnez 1.500 euros vite')).toEqual(['1.500 euros'])
    expect(quotes('urgent[ ?]:', 'Urgent : deux places')).toEqual(['Urgent :'])
    expect(quotes('urgent[ ?]:', 'Urgent{1,3}: deux places')).toEqual([])
  })

  it('reads an apostrophe inside a character class as itself', () => {
    expect(quotes("l['-]eau", "de l'eau")).toEqual(["l'eau"])
    expect(quotes("l['-]eau", 'de l-eau')).toEqual(['l-eau'])
    expect(quotes("l['-]eau", 'de l?eau')).toEqual([])
  })

  it('reads A & B as both in either order, near each other in one sentence', () => {
    expect(quotes('fee & before', 'The fee, 1.500 euros, is due before Monday')).toEqual([
      'fee, 1.500 euros, is due before',
    ])
    expect(quotes('fee & before', 'Before you start, a small fee')).toEqual(['Before you start, a small fee'])
    expect(quotes('fee & before', 'No fee. Come before Monday')).toEqual([])
    expect(quotes('fee & before', `The fee ${'very '.repeat(20)} long before`)).toEqual([])
    expect(quotes('fee & before', 'coffee beforehand')).toEqual([])
  })

  it.each([
    ['more than one “&”', 'a & b & c'],
    ['a class that holds ~', '[a~]b'],
    ['a class that holds a word character', '[\\w ]b'],
    ['a class that makes a range of a space', '[ -z]b'],
    ['a class without an end', 'a[bc'],
    ['a class in a class', '[[ab]]'],
    ['an escape that folding would turn into its opposite', 'a\\Db'],
    ['a list that is not there', '{nothing} b'],
    ['a group without an end', 'a (?:b'],
  ])('refuses %s, naming file and sign', (_, pattern) => {
    expect(() => quotes(pattern, 'text')).toThrow(/test\.json.*“sign”/)
  })
})

describe.each(['grooming', 'job-offer'])('the phrases of %s', (id) => {
  const folder = join(MODELS_DIR, id)
  const sets = readPhraseSets(join(folder, 'phrases'), catalogue(folder))

  it('match every text that the notation can make of them, found by the index as by trying all', () => {
    const random = randomFrom(7)
    const rules = sets.flatMap((set: PhraseSet) => set.rules)
    const indexed = ruleMatcher(rules)
    const misses: string[] = []
    for (const { language, pattern, lists } of writtenPatterns(folder)) {
      const { expression } = compilePattern(pattern, lists)
      for (let n = 0; n < 6; n += 1) {
        const sample = `${pattern.startsWith('^') ? '' : 'so '}${sampleOf(pattern, lists, random)} .`
        const folded = foldText(sample)
        if (folded.text.search(expression) === -1)
          misses.push(`${language}: ${pattern.slice(0, 60)} ← ${sample}`)
        if (n > 0) continue
        const found = indexed.match(folded).map(({ rule, start }) => `${rule.id} ${start}`)
        expect(found).toEqual(matchEveryRule(rules, folded).map(({ rule, start }) => `${rule.id} ${start}`))
      }
    }
    expect(misses.slice(0, 5)).toEqual([])
  }, 120_000)
})

function catalogue(folder: string): readonly Sign[] {
  const name = readdirSync(folder).find((file) => file === 'signs.json' || file === 'indicators.json')!
  const { signs, indicators } = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  return signs ?? indicators
}

function writtenPatterns(folder: string) {
  return readdirSync(join(folder, 'phrases')).flatMap((name) => {
    const file = JSON.parse(readFileSync(join(folder, 'phrases', name), 'utf8'))
    const lists = new Map<string, string>(Object.entries(file.lists))
    return (file.rules as { match: string[] }[]).flatMap(({ match }) =>
      match.map((pattern) => ({ language: String(file.language), pattern, lists })),
    )
  })
}
