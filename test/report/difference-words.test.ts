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
    { code: 'diff-of-totals', params: { old: 1000, gained: 2, lost: 1, new: 1001 } },
    ['1,000 + 2 ', '− 1 ', ' = 1,001'],
  ],
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
  ['totals', 'matches'],
] as const

describe.each(COURT_LANGUAGES.map(({ language }) => language))('differences in %s', (language) => {
  const texts = new CourtTexts(language)

  it('say all that they are of, and nothing of how messages are written', () => {
    for (const [said, parts] of SAID) {
      const words = inWords(said, texts)
      for (const part of parts) expect(words).toContain(part)
      expect(words).not.toMatch(/[{}]|undefined|→ *$/)
    }
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
})
