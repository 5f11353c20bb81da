import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UsageError } from '../../src/base/errors.ts'
import { filePath } from '../../src/base/evidence-path.ts'
import { attribute } from '../../src/contracts/attribute.ts'
import type { CustodyEvent } from '../../src/contracts/custody.ts'
import type { LedgerReader } from '../../src/contracts/ledger-reader.ts'
import type { EntryView } from '../../src/contracts/view.ts'
import { NO_FINDINGS } from '../../src/findings/index.ts'
import { digestsOf } from '../../src/hash/digest.ts'
import { FIELD_NAMES, FIELD_TABLE } from '../../src/search/fields.ts'
import { foldWords, wordsOf } from '../../src/search/fold-words.ts'
import { parseQuery } from '../../src/search/query.ts'
import { search } from '../../src/search/search.ts'
import { editDistance } from '../../src/search/spelling.ts'
import { TextIndex, TextIndexWriter } from '../../src/search/text-index.ts'
import { recoveredOf } from '../report/synthetic-ledger.ts'

/** Name, text, language, day of modification. */
const TEXTS: readonly (readonly [name: string, text: string, language: string | null, day: string])[] = [
  ['Laiškai/žvejai.txt', 'Ąžuolas žaliuoja prie kelio, o žvejai grįžta namo su žuvimi.', 'lt', '2026-01-05'],
  [
    'Γράμματα/βάρκα.txt',
    'Η Βάρκα έφυγε από το λιμάνι πριν την ανατολή. Ο ΝΑΎΤΗΣ περίμενε.',
    'el',
    '2026-01-06',
  ],
  ['বাংলা/নৌকা.txt', 'নৌকাটি সূর্যোদয়ের আগে বন্দর ছেড়ে গেছে। আমি ভালো আছি।', 'bn', '2026-01-07'],
  ['Письма/лодка.txt', 'Лодка вышла из гавани до восхода солнца. Ёлка и йод.', 'ru', '2026-01-08'],
  [
    'work/offer.txt',
    'They take your passport on arrival. You work abroad in a hotel without a contract.',
    'en',
    '2026-02-01',
  ],
  ['DCIM/IMG_2031.JPG', '', null, '2026-03-01'],
  ['odd.txt', 'before C:\\Users\\x <b>\u001b[2J zebra\u202e» & after', 'en', '2026-01-01'],
  ['手紙/電車.txt', '明日の朝、駅の前で会いましょう。電車は七時に出ます。', 'ja', '2026-01-09'],
  ['ไทย/รถไฟ.txt', 'พรุ่งนี้เช้าพบกันที่สถานีรถไฟ', 'th', '2026-01-10'],
]

let folder: string
let index: TextIndex
let ledger: LedgerReader
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seized-search-'))
  const writer = new TextIndexWriter(join(folder, 'case.sqlite.text.sqlite'))
  for (const [name, text, language] of TEXTS)
    if (text !== '') writer.add({ digests: digestsOf(Buffer.from(name)) }, text, language)
  writer.finish()
  writer.close()
  index = new TextIndex(writer.path)
  const views = TEXTS.map(viewOf)
  ledger = ledgerOf(views)
})
afterAll(() => {
  index.close()
  rmSync(folder, { recursive: true, force: true })
})

function ledgerOf(views: readonly EntryView[]): LedgerReader {
  const all = () => views.values()
  return {
    entries: all,
    places: all,
    recovered: () => recoveredOf(views),
    custody: () => [DECIDED],
  } as unknown as LedgerReader
}

function named(name: string): LedgerReader {
  return ledgerOf([viewOf([name, '', null, '2026-01-01'])])
}

const DECIDED: CustodyEvent = {
  number: 1,
  utc: '2026-04-01T00:00:00.000Z',
  account: 'examiner',
  operator: 'A. Example',
  event: 'decided',
  detail: {},
  head: '00',
  fact: {
    kind: 'decision',
    sha256: digestsOf(Buffer.from('work/offer.txt')).sha256,
    scale: 'vics-us',
    act: 'decided',
    category: '2',
    note: '',
    pass: null,
    session: null,
  },
}

/** Search reads entries through the ledger's contract; the end-to-end test does the same with a real one. */
function viewOf([name, , language, day]: (typeof TEXTS)[number]): EntryView {
  const picture = name.endsWith('.JPG')
  return {
    entry: {
      path: filePath(Buffer.from(name)),
      kind: 'file',
      sizeBytes: picture ? 2_000_000n : 1_000n,
      ...(name.includes('лодка') ? { onImage: { status: 'deleted' } } : {}),
      times: { modified: { ns: BigInt(Date.parse(day)) * 1_000_000n } },
    },
    content: {
      digests: digestsOf(Buffer.from(name)),
      mediaType: picture ? 'image/jpeg' : 'text/plain',
      sizeBytes: 1n,
    },
    copyOf: null,
    followsFrom: null,
    placesLeftOut: 0n,
    ...NO_FINDINGS,
    hits: picture
      ? [{ kind: 'hit', hashSet: 'list-a', meaning: 'illegal', category: '1', categoryLabel: null }]
      : [],
    leads: picture ? [{ classifier: 'nsfwjs', label: 'explicit', scorePer10k: 9_000 }] : [],
    ranked: { priority: picture ? 1 : null, reasons: [] },
    attributes:
      language === null
        ? [attribute('camera-model', { text: 'Canon EOS' })]
        : [attribute('language', { language })],
  } as unknown as EntryView
}

function found(query: string, where: TextIndex | null = index): string[] {
  return [...search({ ledger }, where, parseQuery(query), { from: 0, count: 100 }).results()].map(
    ({ view }) => view.entry.path.bytes.toString('utf8'),
  )
}

const [LT, EL, BN, RU, EN, PICTURE, , JA, TH] = TEXTS.map(([name]) => name)

describe('words in any script', () => {
  it.each([
    ['azuolas', LT],
    ['ĄŽUOLAS', LT],
    ['žuvimi', LT],
    ['βαρκα', EL],
    ['ναυτησ', EL],
    ['ΝΑΥΤΗΣ', EL],
    ['ЛОДКА', RU],
    ['елка', RU],
    ['নৌকাটি', BN],
    ['ভালো', BN],
    ['駅', JA],
    ['会いましょう', JA],
    ['"駅の前"', JA],
    ['name:電車', JA],
    ['สถานี', TH],
  ])('%s is found whatever its case and accents', (query, expected) => {
    expect(found(query)).toEqual([expected])
  })

  it('a Bengali word without its vowel sign is another word', () => {
    expect(found('ভাল')).toEqual([])
    expect(found('ভাল*')).toEqual([BN])
  })

  it('characters that do not stand beside each other are no word of a script without spaces', () => {
    expect(found('前駅')).toEqual([])
  })

  it('composed and decomposed letters are the same', () => {
    expect(foldWords('é')).toBe(foldWords('e\u0301'))
    expect(wordsOf('ভালো'.normalize('NFD'))).toEqual(wordsOf('ভালো'.normalize('NFC')))
  })
})

describe('how words stand together', () => {
  it.each<[string, (string | undefined)[]]>([
    ['"work abroad"', [EN]],
    ['"abroad work"', []],
    ['NEAR(passport arrival, 2)', [EN]],
    ['NEAR(passport hotel, 3)', []],
    ['passp*', [EN]],
    ['~pasport', [EN]],
    ['~βαρκες', [EL]],
    ['~ποταμος', []],
    ['passport OR лодка', [RU, EN]],
    ['passport -hotel', []],
    ['passport NOT лодка', [EN]],
    ['(passport OR лодка) hotel', [EN]],
    ['text:passport', [EN]],
  ])('%s', (query, expected) => {
    expect(found(query).sort()).toEqual([...expected].sort())
  })
})

describe('fields and dates', () => {
  it.each<[string, (string | undefined)[]]>([
    ['name:img_20', [PICTURE]],
    ['path:dcim/*', [PICTURE]],
    ['2031', [PICTURE]],
    ['type:image', [PICTURE]],
    ['type:image/*', [PICTURE]],
    ['hit:illegal', [PICTURE]],
    ['hit:list-a', [PICTURE]],
    ['lead:explicit', [PICTURE]],
    ['attr:canon', [PICTURE]],
    ['canon', [PICTURE]],
    ['lang:bn', [BN]],
    ['name:βαρκα', [EL]],
    ['from:2026-01-06 to:2026-01-07', [EL, BN]],
    ['from:2026-02-02', [PICTURE]],
    ['type:text lang:lt from:2026-01-01', [LT]],
  ])('%s', (query, expected) => {
    expect(found(query)).toEqual(expected)
  })

  it.each<[string, (string | undefined)[]]>([
    ['size:>1M', [PICTURE]],
    ['size:<=1k type:text lang:lt', [LT]],
    ['size:1Ki..2M', [PICTURE]],
    ['score:>=0.9', [PICTURE]],
    ['score:>0.9', []],
    ['priority:1', [PICTURE]],
    ['priority:<=2', [PICTURE]],
    ['priority:2..5', []],
    ['priority:none name:offer', [EN]],
    ['lead:any', [PICTURE]],
    ['hit:any NOT lead:any', []],
    ['camera:"canon eos"', [PICTURE]],
    ['camera:canon lang:lt', []],
    ['decided:any', [EN]],
    ['decided:vics-us', [EN]],
    ['decided:vics-us:2', [EN]],
    ['decided:2', [EN]],
    ['decided:example', [EN]],
    ['decided:none name:boat*', []],
    ['decided:none type:image', [PICTURE]],
    ['status:deleted', [RU]],
    ['status:live type:image', [PICTURE]],
    ['status:carved', []],
  ])('%s', (query, expected) => {
    expect(found(query)).toEqual(expected)
  })

  it.each([
    'colour:red',
    'sice:>1M',
    '-colour:red',
    'size:big',
    'size:>',
    'score:2',
    'priority:first',
    'status:gone',
    'decided:',
    'direction:up',
    'gps:here',
    'gps:55..54/25..26',
    'gps:54..91/25..26',
    'gps:54..55',
  ])('refuses %s in one sentence', (query) => {
    expect(() => parseQuery(query)).toThrow(UsageError)
  })

  it('names the fields that there are where one is unknown, and takes a colon in quotation marks as text', () => {
    expect(() => parseQuery('colour:red')).toThrow(
      `There is no field colour: the fields are ${FIELD_NAMES.join(', ')}. `,
    )
    expect(parseQuery('"colour:red"')).toMatchObject({ kind: 'words', words: ['colour', 'red'] })
    expect(parseQuery('12:30')).toMatchObject({ kind: 'words' })
  })

  it('docs/reference/text.md has the table of fields', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/reference/text.md'), 'utf8')
    const rows = [...text.matchAll(/^\| `([^`]+)` +\| (.*?) +\|$/gm)].map(([, form, means]) => [form, means])
    expect(rows.filter(([form]) => form!.includes(':'))).toEqual(
      Object.values(FIELD_TABLE).map(({ form, means }) => [form, means]),
    )
  })

  it('without an index names, attributes and findings are still found, and text is not', () => {
    expect(found('2031', null)).toEqual([PICTURE])
    expect(found('βαρκα', null)).toEqual([EL])
    expect(found('passport', null)).toEqual([])
  })
})

describe('answers', () => {
  it('give at most 200 characters around what was found', () => {
    const results = [...search({ ledger }, index, parseQuery('λιμανι'), { from: 0, count: 1 }).results()]
    expect(results[0]).toMatchObject({ where: 'text' })
    expect(results[0]!.context).toContain('λιμάνι')
    expect(results[0]!.context.length).toBeLessThanOrEqual(200)
  })

  it('give the context as it is written: each output escapes it once', () => {
    const [result] = [...search({ ledger }, index, parseQuery('zebra'), { from: 0, count: 1 }).results()]
    expect(result!.context).toBe('before C:\\Users\\x <b>\u001b[2J zebra\u202e» & after')
    const [name] = [
      ...search({ ledger: named('odd \\ » zebra.txt') }, null, parseQuery('zebra'), {
        from: 0,
        count: 1,
      }).results(),
    ]
    expect([name!.where, name!.context]).toEqual(['name', 'odd \\ » zebra.txt'])
  })

  it('count everything and give back the page that was asked for', () => {
    const answer = search({ ledger }, index, parseQuery('type:text'), { from: 2, count: 2 })
    expect(answer.hits).toBe(8)
    expect([answer.shown, [...answer.results()].length]).toEqual([2, 2])
  })

  it('name words near the one that occurs nowhere', () => {
    expect(search({ ledger }, index, parseQuery('pasport'), { from: 0, count: 1 }).suggestions).toEqual([
      'passport',
    ])
  })

  it('take nothing in a query for syntax of the database', () => {
    for (const query of [
      '"a"b"',
      'x" OR "y',
      `';DROP TABLE part;--`,
      'NEAR()',
      '(((',
      'from:never',
      'text:',
      '""',
      '*',
      'a^b',
      'col:x {y}',
    ])
      expect(() => found(query), query).not.toThrow(/SQL|fts5|syntax error near/)
  })
})

describe('the index', () => {
  it('adds a content once, however often it is read', () => {
    const path = join(folder, 'twice.sqlite')
    for (let run = 0; run < 2; run++) {
      const writer = new TextIndexWriter(path)
      writer.add({ digests: digestsOf(Buffer.from('a')) }, 'one text only', null)
      expect(writer.finish()).toEqual({ contents: 1 })
      writer.close()
    }
    const again = new TextIndex(path)
    expect(again.matching('"text"').size).toBe(1)
    again.close()
    expect(statSync(path).size).toBeGreaterThan(0)
  })

  it('keeps a text of several parts, and finds what stands in the last', () => {
    const path = join(folder, 'long.sqlite')
    const writer = new TextIndexWriter(path)
    writer.add(
      { digests: digestsOf(Buffer.from('long')) },
      `${'filler words and nothing else\n'.repeat(80_000)}the needle`,
      null,
    )
    writer.finish()
    writer.close()
    const long = new TextIndex(path)
    const [sha256] = long.matching('"needle"')
    expect(long.textMatching(sha256!, '"needle"')).toMatch(/the needle$/)
    long.close()
  })
})

describe('edit distance', () => {
  it('is symmetric, counts swaps as one and gives up past the limit', () => {
    expect(editDistance('abcd', 'abdc', 2)).toBe(1)
    expect(editDistance('kitten', 'sitting', 3)).toBe(3)
    expect(editDistance('kitten', 'sitting', 2)).toBeNull()
    for (const [a, b] of [
      ['žvejas', 'zvejas'],
      ['', 'ab'],
      ['βαρκα', 'βαρκες'],
    ] as const)
      expect(editDistance(a, b, 5)).toBe(editDistance(b, a, 5))
  })
})
