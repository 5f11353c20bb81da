/** Help and the labels of the review's page in other languages: what is translated, what falls back to English, and that it is said. */
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { helpAsked } from '../../src/cli/help-language.ts'
import { FRAME, helpTexts } from '../../src/cli/help-texts.ts'
import { programOf } from '../../src/cli/program.ts'
import { LANGUAGES as ALL_LANGUAGES } from '../../src/contracts/languages.ts'
import { COURT_LANGUAGES } from '../../src/report/court/texts.ts'
import en from '../../src/report/texts/en.json' with { type: 'json' }
import { HELP_TRANSLATIONS } from '../../src/report/texts/help-words.ts'
import { Message } from '../../src/report/texts/message.ts'
import { PAGE_LANGUAGES, PAGE_TRANSLATIONS, pageWords } from '../../src/report/texts/page-words.ts'
import { digestOf, isReviewed, type Translation, translated } from '../../src/report/texts/translation.ts'
import { phrase } from '../../src/review/page/phrase.ts'
import { BIN } from '../e2e/seized.ts'

const LANGUAGES = COURT_LANGUAGES.map(({ language }) => language).slice(1)
const page = Object.values(en.page)
const help = helpTexts()
const helpTranslations: readonly Translation[] = await Promise.all(
  LANGUAGES.map((language) => HELP_TRANSLATIONS[language]!()),
)

/** What changed since somebody translated is said in English, so it may lag behind, but not far. */
const MOST_BEHIND = 0.1

describe.each([
  ['the review’s page', PAGE_TRANSLATIONS, page],
  ['help', helpTranslations, help],
] as const)('%s', (name, translations, english) => {
  const all = [...new Set(english)]

  it('is in every language of the court’s edition', () => {
    expect(translations.map(({ language }) => language)).toEqual(LANGUAGES)
  })

  it.each(translations.map((one) => [one.language, one] as const))(
    'in %s lacks little, in the order of the English, and says who made and who reviewed it',
    (language, { name: calls, messages, translatedBy, reviewedBy, reviewedOn, sourceSha256 }) => {
      const missing = all.filter((text) => !Object.hasOwn(messages, text))
      const stale = Object.keys(messages).filter((text) => !all.includes(text))
      if (missing.length + stale.length > 0)
        process.stdout.write(
          `${name}, ${language}: ${missing.length} missing, ${stale.length} of an English that is gone\n`,
        )
      expect([missing, missing.length <= all.length * MOST_BEHIND]).toEqual([missing, true])
      expect([stale, stale.length <= all.length * MOST_BEHIND]).toEqual([stale, true])
      const known = Object.keys(messages).filter((text) => all.includes(text))
      expect(known).toEqual(all.filter((text) => Object.hasOwn(messages, text)))
      expect(calls).toBe(COURT_LANGUAGES.find((one) => one.language === language)!.name)
      expect(translatedBy).not.toBe('')
      expect(sourceSha256).toMatch(/^[0-9a-f]{64}$/)
      expect((reviewedBy === null) === (reviewedOn === null)).toBe(true)
      // Numbers are written with the same digits in every language, and no text is empty.
      for (const text of Object.values(messages)) expect(text).toMatch(/^\S[^০-৯٠-٩]+$/)
    },
  )
})

it('languages that options name are those of the words', () => {
  expect(ALL_LANGUAGES).toEqual(COURT_LANGUAGES.map(({ language }) => language))
  expect(ALL_LANGUAGES).toEqual(PAGE_LANGUAGES)
  expect(ALL_LANGUAGES.slice(1)).toEqual(Object.keys(HELP_TRANSLATIONS))
})

describe('a translation', () => {
  const made = (more: Partial<Translation>): Translation => ({
    language: 'lt',
    name: 'Lietuvių',
    sourceSha256: digestOf(['Yes', 'No']),
    translatedBy: 'somebody',
    reviewedBy: null,
    reviewedOn: null,
    messages: { Yes: 'Taip' },
    ...more,
  })

  it('says in English what it lacks, and what was changed in English since', () => {
    expect([
      translated('Yes', made({})),
      translated('Yes, now', made({})),
      translated('No', made({})),
    ]).toEqual(['Taip', 'Yes, now', 'No'])
    expect(translated('constructor', made({}))).toBe('constructor')
  })

  it('is reviewed by a person and of these sentences only', () => {
    const by = { reviewedBy: 'A. Example', reviewedOn: '2026-11-26' }
    expect(isReviewed(made({}), ['No', 'Yes'])).toBe(false)
    expect(isReviewed(made(by), ['No', 'Yes'])).toBe(true)
    expect(isReviewed(made(by), ['No', 'Yes', 'Perhaps'])).toBe(false)
  })
})

describe('labels of the page', () => {
  it.each(PAGE_LANGUAGES)(
    'in %s have the parameters of the English, and count as reports count',
    (language) => {
      const { words } = pageWords(language)
      for (const [key, english] of Object.entries(en.page)) {
        const message = new Message(words[key]!, language)
        expect([key, [...message.parameters].sort()]).toEqual([
          key,
          [...new Message(english, 'en').parameters].sort(),
        ])
        for (const n of [0, 1, 2, 9, 10, 21, 111]) {
          const params = { ...Object.fromEntries(message.parameters.map((one) => [one, 'x'])), n }
          expect(phrase(words[key]!, params, language).trim()).toBe(message.write(params))
        }
      }
    },
  )

  it('have the plural forms of Lithuanian where they differ', () => {
    const { words } = pageWords('lt')
    const said = [1, 2, 10, 21].map((n) => phrase(words['ask-many']!, { n, category: '2' }, 'lt'))
    expect(said).toEqual([
      'Įvertinti 1 turinį kaip 2?',
      'Įvertinti 2 turinius kaip 2?',
      'Įvertinti 10 turinių kaip 2?',
      'Įvertinti 21 turinį kaip 2?',
    ])
  })

  it('fill in what is no part of a label as it is', () => {
    expect(phrase('{a} and {b}', { a: '{b}', b: '#' }, 'en')).toBe('{b} and #')
    expect(phrase('{n, plural, one {# of {a}} other {# of #}}', { n: 1_234 }, 'en')).not.toContain(
      '1,234 of 1,234',
    )
    expect(phrase('{n, plural, one {#} other {# files}}', { n: 1_234 }, 'bn')).toBe('1,234 files')
  })

  it('say in both languages that they are not reviewed; the English ones do not', () => {
    expect(pageWords('en').unreviewed).toBe('')
    for (const language of LANGUAGES) {
      const { unreviewed, words } = pageWords(language)
      expect(unreviewed).toContain(en.page.unreviewed)
      expect(unreviewed).toContain(words.unreviewed)
    }
  })
})

describe('help', () => {
  const node = ['node', 'seized']
  const asked = (words: string[], environment = {}) => helpAsked([...node, ...words], environment)

  it('takes its language from the command line, else as POSIX says from the environment', async () => {
    const languageOf = async (words: string[], environment = {}) => {
      const { say } = await asked(words, environment)
      return (
        helpTranslations.find(({ messages }) => messages[FRAME.usage] === say(FRAME.usage))?.language ?? 'en'
      )
    }
    expect(await languageOf(['--help'])).toBe('en')
    expect(await languageOf(['--help'], { LANG: 'el_GR.UTF-8' })).toBe('el')
    expect(await languageOf(['--help'], { LANG: 'el_GR', LC_MESSAGES: 'bn' })).toBe('bn')
    expect(await languageOf(['--help'], { LANG: 'el_GR', LC_ALL: 'C.UTF-8' })).toBe('en')
    expect(await languageOf(['--help'], { LANG: 'el_GR', LC_ALL: '' })).toBe('el')
    expect(await languageOf(['--language', 'lt', 'scan', '--help'], { LANG: 'el_GR' })).toBe('lt')
    expect(await languageOf(['report', '-h', '--language=lt'])).toBe('lt')
    expect(await languageOf(['help', 'report'], { LANG: 'xx' })).toBe('en')
    expect(await languageOf(['--help', '--language', 'constructor'])).toBe('en')
  })

  it('leaves every other command as it was given', async () => {
    const words = ['report', 'x.sqlite', '--language', 'lt']
    const { argv, say, note } = await asked(words, { LANG: 'lt_LT' })
    expect([argv, say(FRAME.usage), note]).toEqual([[...node, ...words], FRAME.usage, ''])
  })

  it('has a text for every description that a command shows', async () => {
    const seen = new Set<string>()
    const walk = (command: ReturnType<typeof programOf>) => {
      command.helpInformation()
      for (const one of command.commands) walk(one)
    }
    const say = (text: string) => {
      seen.add(text)
      return text
    }
    walk(programOf(() => {}, { say, note: '' }))
    const words = [...seen].filter((text) => /[a-z]{2,} [a-z]{2,}/i.test(text))
    expect(words.filter((text) => !help.includes(text))).toEqual([])
    expect(words.length).toBeGreaterThan(200)
  })

  it('is shown by the program, with options and commands as they are typed, and says that nobody reviewed it', () => {
    const { status, stdout } = spawnSync(process.execPath, [BIN, 'decide', '--help'], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'lt_LT.UTF-8' },
    })
    const lt = helpTranslations.find(({ language }) => language === 'lt')!
    expect(status).toBe(0)
    expect(stdout).toContain(lt.messages[FRAME.options])
    expect(stdout).toContain(lt.messages['who decides'])
    expect(stdout).toContain(lt.messages[FRAME.unreviewed])
    expect(stdout).toContain(FRAME.unreviewed)
    expect(stdout).toContain('--category <value>')
    expect(stdout).toContain('seized decide case.sqlite --from decisions.csv')
    expect(stdout).not.toContain('who decides')
  })
})
