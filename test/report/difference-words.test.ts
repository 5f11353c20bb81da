/** Every kind of difference and cause has words in every language of the court's edition, with what it is of. */
import { describe, expect, it } from 'vitest'
import { inWords, type Said, titleOf } from '../../src/report/court/difference-words.ts'
import { COURT_LANGUAGES, CourtTexts } from '../../src/report/court/texts.ts'

const SAID: readonly (readonly [Said, readonly string[]])[] = [
  [
    { code: 'diff-of-setting', params: { key: 'limits.pixels', old: '1', new: '2' } },
    ['limits.pixels: 1 → 2'],
  ],
  [{ code: 'diff-of-content', params: { path: 'a.jpg', old: 'abc' } }, ['a.jpg: abc → ']],
  [
    {
      code: 'diff-of-match',
      params: { kind: 'hit', meaning: 'illegal', path: 'a.jpg', categories: ['1 (x)', '2 (x)'] },
    },
    ['a.jpg (1 (x), 2 (x))'],
  ],
  [
    {
      code: 'diff-of-category',
      params: { kind: 'conflict', meaning: 'known', path: 'a.jpg', old: [], new: ['1 (x)'] },
    },
    ['a.jpg: ', ' → 1 (x)'],
  ],
  [
    { code: 'diff-of-lead', params: { classifier: 'c', label: 'l', path: 'a.jpg', old: 5000, new: 6000 } },
    ['c l: a.jpg, 5000 → 6000 ', '10,000'],
  ],
  [{ code: 'diff-of-lead', params: { classifier: 'c', label: 'l', path: 'a.jpg' } }, ['c l: a.jpg']],
  [
    { code: 'diff-of-stage', params: { path: 'a.jpg', stage: 's', old: 'done', new: 'x' } },
    ['a.jpg: s: done → x'],
  ],
  [
    {
      code: 'diff-of-decision',
      params: { sha256: 'abc', operator: 'A. Example', category: '1', scale: 'x' },
    },
    ['abc', 'A. Example', '1', 'x'],
  ],
  [
    { code: 'diff-of-totals', params: { kind: 'reference', old: 1000, gained: 2, lost: 1, new: 1001 } },
    ['1,000 + 2 ', '− 1 ', ' = 1,001'],
  ],
  [
    {
      code: 'diff-of-match',
      params: { kind: 'reference', meaning: 'illegal', digest: 'sha1:ab', path: 'a.met', categories: [] },
    },
    ['sha1:ab: a.met ('],
  ],
  [
    { code: 'diff-of-signal', params: { classifier: 'c', rule: 'r', path: 'a.txt', count: 1000 } },
    ['c r (1,000): a.txt'],
  ],
  [{ code: 'diff-of-record', params: { record: 'message', path: 'a.db', count: 2 } }, ['message (2): a.db']],
  [{ code: 'cause-settings', params: {} }, []],
  [{ code: 'cause-program', params: { new: '0.2.0' } }, [' → 0.2.0']],
  [{ code: 'cause-model-one', params: { model: 'm' } }, ['m']],
  [{ code: 'cause-model-other', params: { model: 'm' } }, ['m']],
  [{ code: 'cause-threshold', params: { model: 'm', label: 'l', old: 5000 } }, ['m', 'l', ': 5000 → ']],
]

const CHANGES = [
  ['plan', 'differs'],
  ['exhibit', 'only-old'],
  ['exhibit', 'only-new'],
  ['exhibit', 'other-content'],
  ['matches', 'gained'],
  ['matches', 'lost'],
  ['matches', 'other-category'],
  ['leads', 'crossed-up'],
  ['leads', 'crossed-down'],
  ['leads', 'score-moved'],
  ['stages', 'matched'],
  ['decided', 'to-be-looked-at-again'],
  ['totals', 'hit'],
  ['totals', 'means'],
] as const

describe.each(COURT_LANGUAGES.map(({ language }) => language))('differences in %s', (language) => {
  const texts = new CourtTexts(language)

  it('say all that they are of, and nothing of how messages are written', () => {
    for (const [said, parts] of SAID) {
      const words = inWords(said, texts)
      for (const part of parts)
        expect(words).toContain(
          part.replace(/\d{1,2},\d{3}/g, (count) => texts.custom.count(Number(count.replace(',', '')))),
        )
      expect(words).not.toMatch(/[{}]|undefined|→ *$/)
    }
  })

  it('say what is the same and what is not, each in words of its own', () => {
    const all = {
      lists: true,
      models: true,
      options: true,
      program: true,
      asked: 'other',
      unexplained: false,
    }
    const none = { lists: false, models: false, options: false, program: false }
    const meant = [
      { image: 'image', ...none, asked: 'same', unexplained: false },
      { image: 'image', ...none, asked: 'same', unexplained: true },
      { image: 'contents', ...none, options: true, asked: 'other', unexplained: false },
      { image: 'other', ...all },
    ].map((params) => inWords({ code: 'diff-means', params }, texts))
    expect(new Set(meant).size).toBe(meant.length)
    for (const words of meant) expect(words).toMatch(/^[^{}]{10,}$/)
    expect(meant[3]!.split(', ').length).toBeGreaterThanOrEqual(5)
  })

  it('have a title each', () => {
    const path: Said = { code: 'path', params: { path: 'a' } }
    const titles = CHANGES.map(([section, what]) =>
      titleOf({ section, what, said: path, cause: null }, texts),
    )
    expect(new Set(titles).size).toBe(CHANGES.length)
    for (const title of titles) expect(title).toMatch(/\S/)
  })
})

it('words of a difference are harmless on a terminal', () => {
  const english = new CourtTexts('en')
  expect(inWords({ code: 'path', params: { path: 'a\u202eb\n' } }, english)).toBe('a\\u{202e}b\\u{a}')
  // Printed already: a backslash of the exhibit stands twice, as everywhere.
  expect(inWords({ code: 'path', params: { path: 'a\\\\b\\xff' } }, english)).toBe('a\\\\b\\xff')
})
