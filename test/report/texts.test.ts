import { describe, expect, it } from 'vitest'
import { ATTRIBUTES } from '../../src/contracts/attribute.ts'
import { CLOCK_AGAINST } from '../../src/contracts/clock.ts'
import type { CodeTable } from '../../src/contracts/coded.ts'
import { DETAILS } from '../../src/contracts/detail.ts'
import { PRIORITIES } from '../../src/contracts/finding.ts'
import { MEANINGS } from '../../src/contracts/hash-set.ts'
import type { EntryStatus, RecoveryBasis } from '../../src/contracts/image.ts'
import { BYTE_CLASSES } from '../../src/contracts/image-exhibit.ts'
import { REASONS } from '../../src/contracts/reason.ts'
import { RECORDS } from '../../src/contracts/record.ts'
import { RECORD_TIMES } from '../../src/contracts/record-time.ts'
import { REVIEW_REASONS } from '../../src/contracts/review-reason.ts'
import { STAGE_OUTCOMES, STAGES } from '../../src/contracts/stage.ts'
import { TEXT_NOTES } from '../../src/contracts/text-note.ts'
import { FINDINGS } from '../../src/findings/index.ts'
import { OTHERS } from '../../src/report/html/gather.ts'
import { LANGUAGES, type MessageKind, Texts } from '../../src/report/texts/index.ts'
import { Message } from '../../src/report/texts/message.ts'

const plain = (codes: readonly (string | number)[]): CodeTable =>
  Object.fromEntries(codes.map((code) => [String(code), {}]))

const SAID_OF_FINDINGS: CodeTable = Object.fromEntries(
  FINDINGS.filter(({ kind }) => kind !== 'attribute').map(({ kind, says }) => [kind, says]),
)

const BASES = Object.keys({
  mft: true,
  inode: true,
  journal: true,
  'directory-slack': true,
  'index-slack': true,
  catalog: true,
  'catalog-slack': true,
  'change-journal': true,
  'assumed-contiguous': true,
  contiguous: true,
  chain: true,
  'shadow-copy': true,
  snapshot: true,
  checkpoint: true,
  'free-leaf': true,
  signature: true,
  'known-beginning': true,
  reconstructed: true,
} satisfies Record<RecoveryBasis, true>)

/** The closed codes of each kind of fact. */
const TABLES: readonly (readonly [MessageKind, CodeTable])[] = [
  ['reason', plain(Object.keys(REASONS))],
  ['detail', DETAILS],
  ['note', TEXT_NOTES],
  ['attribute', ATTRIBUTES],
  ['review', REVIEW_REASONS],
  ['record', RECORDS],
  ['finding', SAID_OF_FINDINGS],
  ['byte-class', plain(BYTE_CLASSES)],
  ['clock-against', plain(CLOCK_AGAINST)],
  ['status', plain(['live', 'deleted', 'deleted-overwritten', 'orphan', 'carved'] satisfies EntryStatus[])],
  ['basis', plain(BASES)],
  ['stage', plain(STAGES)],
  ['stage-means', plain(STAGES)],
  ['outcome', plain(STAGE_OUTCOMES)],
  ['list-meaning', plain(MEANINGS)],
  ['record-time', plain(RECORD_TIMES)],
  ['priority', plain(PRIORITIES)],
  ['title', plain(OTHERS.map(({ kind }) => kind))],
  ['meaning', plain(OTHERS.map(({ kind }) => kind))],
]

describe.each(Object.keys(LANGUAGES))('words in %s', (language) => {
  const texts = new Texts(language)

  it.each(TABLES)('of every %s say each of its parameters, and no other', (kind, table) => {
    const said = Object.entries(table).map(([code]) => [
      code,
      [...(texts.message(kind, code)?.parameters ?? ['no words'])].sort(),
    ])
    expect(said).toEqual(Object.entries(table).map(([code, params]) => [code, Object.keys(params).sort()]))
  })

  it.each(TABLES)('of every %s are of a code that there is', (kind, table) => {
    expect(Object.keys(LANGUAGES[language]![kind]).filter((code) => !Object.hasOwn(table, code))).toEqual([])
  })

  it('say of a lead what a model estimates, never what a picture shows, and use no words of a verdict', () => {
    for (const text of Object.values(LANGUAGES[language]!.review)) {
      expect(text).not.toMatch(/shows an? (apparent )?(minor|child)|\bfinds? it\b/i)
      expect(text).not.toMatch(/csam|abuse|guilty|offen|victim|\bis illegal\b|evidence of|child porn/i)
    }
  })
})

describe('a message', () => {
  const write = (text: string, params: Parameters<Message['write']>[0] = {}) =>
    new Message(text, 'en').write(params)

  it('counts by the rules of its language', () => {
    const text = '{files, plural, one {# file} other {# files}}'
    expect([0, 1, 2, 1_000_000].map((files) => write(text, { files }))).toEqual([
      '0 files',
      '1 file',
      '2 files',
      '1,000,000 files',
    ])
  })

  it('chooses by what a parameter says, whatever it says', () => {
    const text = '{kind, select, a {first} absent {none} other {another, {kind}}}'
    expect(['a', 'b', 'constructor', '__proto__'].map((kind) => write(text, { kind }))).toEqual([
      'first',
      'another, b',
      'another, constructor',
      'another, __proto__',
    ])
    expect(write(text)).toBe('none')
    expect(write('{ids, select, empty {nothing} other {{ids}}}', { ids: [] })).toBe('nothing')
  })

  it('never reads a parameter as a message', () => {
    expect(write('it says {text}', { text: '{other} # {{' })).toBe('it says {other} # {{')
  })

  it('lists ten and says how many more', () => {
    expect(write('{ids}', { ids: Array.from({ length: 12 }, (_, i) => `T${i}`) })).toBe(
      'T0, T1, T2, T3, T4, T5, T6, T7, T8, T9 and 2 more',
    )
  })

  it('writes scores in full, sizes, and times of a film', () => {
    expect(
      write('{a, score} {b, score} {c, bytes} {d, clock}', { a: 5000, b: 4999, c: 12_300, d: 3_723_004 }),
    ).toBe('0.50 0.4999 12 kB 1:02:03.004')
  })

  it.each(['{', '{a', '{a, money}', '}', '{a, select, x}', '{1}'])('refuses %j', (text) => {
    expect(() => new Message(text, 'en')).toThrow(SyntaxError)
  })
})

it('calls no priority the last but the sixth, which stands after all others', () => {
  const english = new Texts('en')
  const words = PRIORITIES.map((priority) => english.word('priority', String(priority)))
  expect(words.filter((one) => one === 'last')).toEqual([])
  expect(words.at(-1)).toMatch(/^after all others/)
})
