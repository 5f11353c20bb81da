/** The court's edition in its own language: codes, numbers, times and names of categories; and results by meaning and strength. */
import { describe, expect, it } from 'vitest'
import { CUSTODY_EVENTS } from '../../src/contracts/custody.ts'
import { BYTE_CLASSES } from '../../src/contracts/image-exhibit.ts'
import { REASONS } from '../../src/contracts/reason.ts'
import { STAGES } from '../../src/contracts/stage.ts'
import { shippedScales } from '../../src/match/records/scale.ts'
import { hasMeaning } from '../../src/report/court/categories.ts'
import { type CourtWishes, NO_COURT_WISHES } from '../../src/report/court/report.ts'
import { standardRows } from '../../src/report/court/standards.ts'
import { COURT_LANGUAGES, CourtTexts } from '../../src/report/court/texts.ts'
import { type CodedKind, coded } from '../../src/report/court/words.ts'
import { htmlReport } from '../../src/report/html/html.ts'
import { IMAGE_SOURCE_SHA256, IMAGE_WORDS } from '../../src/report/model/image-words.ts'
import en from '../../src/report/texts/en.json' with { type: 'json' }
import { decidedLedger } from './exchange/decided-ledger.ts'
import { textOf } from './exchange/exported-with.ts'
import { caseViews } from './ledgers.ts'
import { parseHtml } from './parsed-html.ts'
import { hit, syntheticLedger, unreadView, view } from './synthetic-ledger.ts'

const LANGUAGES = COURT_LANGUAGES.map(({ language }) => language)
const textIn = (html: string) =>
  parseHtml(html)
    .find(({ name }) => name === 'main')!
    .text.replace(/\s+/g, ' ')
const spaced = (text: string) => text.replace(/\s+/g, ' ')
const words = async (ledger = decidedLedger(), wishes: Partial<CourtWishes> = {}) =>
  textIn(
    await textOf(htmlReport, ledger, { court: { ...NO_COURT_WISHES, scales: shippedScales(), ...wishes } }),
  )

const CODES: Readonly<Record<CodedKind, readonly string[]>> = {
  reason: Object.keys(REASONS),
  stage: STAGES,
  bytes: BYTE_CLASSES,
  status: ['deleted', 'deleted-overwritten', 'orphan', 'carved'],
  event: CUSTODY_EVENTS,
  process: ['walk', 'list', 'read', 'look', 'open', 'records', 'text', 'reveal', 'typeset'],
}
/** Where the working edition has the same words. */
const WORKING: Partial<Record<CodedKind, Readonly<Record<string, string>>>> = {
  reason: en.reason,
  stage: en.stage,
  bytes: en['byte-class'],
  status: en.status,
}

it('says in every language where ISO/IEC 17025 and ISO 21043-5 are answered, by the names of its own sections', async () => {
  for (const language of LANGUAGES) {
    const texts = new CourtTexts(language)
    const said = await words(decidedLedger(), { language })
    for (const [asked, clause, part, where] of standardRows(texts, true)) {
      expect([language, said.includes(spaced(asked!))]).toEqual([language, true])
      expect([asked, /^(?:7\.(?:8|11)|–)/.test(clause!), /^(?:[56]|–)/.test(part!)]).toEqual([
        asked,
        true,
        true,
      ])
      expect([language, where, said.includes(spaced(where!))]).toEqual([language, where, true])
    }
  }
  expect(standardRows(new CourtTexts('en'), false).map((row) => row[3])).toContain('–')
})

it.each(IMAGE_WORDS)(
  'sentences about an image are of the English that stands here now: $language',
  ({ sourceSha256 }) => {
    expect(sourceSha256).toBe(IMAGE_SOURCE_SHA256)
  },
)

it('says in every language what the codes in a place mean', async () => {
  for (const { language } of COURT_LANGUAGES) {
    const sentence = new CourtTexts(language).say('about-place')
    for (const code of [
      'volume',
      'member',
      'attachment',
      'embedded',
      'thumbnail',
      'frame',
      'stream',
      'record',
      '$Orphan',
    ])
      expect([language, sentence.includes(code)]).toEqual([language, true])
    expect(await words(undefined, { language })).toContain(sentence)
  }
})

it('says of what only looks encrypted (detail looks-encrypted) in no language that it is', () => {
  expect(en.reason.encrypted).toBe('the content is encrypted, or looks so')
  expect(en.detail).toHaveProperty('looks-encrypted')
  expect(coded(new CourtTexts('lt'), 'reason', 'encrypted')).toContain('arba atrodo')
})

describe('codes of the record', () => {
  it.each(Object.entries(CODES) as [CodedKind, readonly string[]][])(
    'have words of their own in every language: %s',
    (kind, codes) => {
      const english = new CourtTexts('en')
      for (const code of codes) {
        if (WORKING[kind]) expect([code, coded(english, kind, code)]).toEqual([code, WORKING[kind]![code]])
        for (const language of LANGUAGES.slice(1)) {
          const said = coded(new CourtTexts(language), kind, code)
          expect([language, code, said === code || said === coded(english, kind, code)]).toEqual([
            language,
            code,
            false,
          ])
        }
      }
    },
  )

  it('that another version wrote are quoted as they stand', () => {
    expect(coded(new CourtTexts('lt'), 'reason', 'of-the-future')).toBe('of-the-future')
    expect(coded(new CourtTexts('lt'), 'event', 'constructor')).toBe('constructor')
  })
})

/** Every reason in every stage that can have it, every byte class, event and list: what the edition can print at all. */
function everything() {
  const codes = Object.keys(REASONS) as (keyof typeof REASONS)[]
  const ledger = decidedLedger()
  return {
    ...ledger,
    exhibit: {
      ...ledger.exhibit,
      image: { format: 'e01', sizeBytes: 66, segments: [], remarks: [] } as never,
    },
    byteClasses: () =>
      BYTE_CLASSES.map((name, i) => ({ class: name, bytes: 10 ** i, volume: null })) as never,
    reasons: () =>
      codes.flatMap((reason) =>
        STAGES.map((stage) => ({ stage, reason, result: 'not-done' as const, entries: 1_234 })),
      ),
    custody: () =>
      CUSTODY_EVENTS.flatMap((event, i) =>
        ledger
          .custody()
          .slice(i, i + 1)
          .concat(ledger.custody().slice(0, 1))
          .slice(0, 1)
          .map((one) => ({ ...one, event })),
      ),
  }
}

/** Names, codes and quoted texts of the ledgers above, which no language changes. */
const QUOTED =
  /DCIM\S*|Backup\S*|\(copy\)\.jpg|Downloads\S*|member inner\S*|National list|Old list|Operating system files|A\. Example|B\. Example|sha256:\S+|image\/jpeg|vics-us|agency|LTU-07\.E01|seized verify|seized|OpenSSL|SQLite|FORMAT\.md|nsfwjs\S*|explicitness\S*|apparent-minor|seen “?"twice"\S*|[“„«][^”“»]*[”“»]|--no-open|ISO\/IEC|SHA-256|examiner|root|grooming/g

describe('in another language than English', () => {
  it.each(LANGUAGES.slice(1))(
    'no word of English is left but names, paths and quoted codes, before the annexed English: %s',
    async (language) => {
      const html = await textOf(htmlReport, everything(), {
        court: { ...NO_COURT_WISHES, language, scales: shippedScales(), ledgerSha256: 'ab'.repeat(32) },
      })
      const own = textIn(
        html
          .replace(/<section lang="en"[\s\S]*?<p class="end">[\s\S]*?<\/section>/, '')
          .replace(/<section id="custody-log"[\s\S]*?<\/section>/, '')
          .replace(/<p class="left-out" lang="en">.*?<\/p>/, '')
          .replace(/<table class="categories">[\s\S]*?<\/table>/, ''),
      )
      const of = new CourtTexts(language)
      const known = new Set(
        wordsOf(
          [of.of.messages, imageWords(language)].flatMap((messages) => Object.values(messages)).join(' '),
        ),
      )
      const english = new Set(
        wordsOf(
          [COURT_LANGUAGES[0]!.messages, imageWords('en')].flatMap((one) => Object.values(one)).join(' '),
        ).filter((word) => !known.has(word)),
      )
      expect(english.size).toBeGreaterThan(400)
      const left = wordsOf(own.replace(QUOTED, ' ')).filter((word) => english.has(word))
      expect([...new Set(left)]).toEqual([])
    },
  )

  it('says what the names of the shipped scales mean, and quotes the names themselves', async () => {
    for (const { categories } of shippedScales())
      for (const { label } of Object.values(categories))
        expect([label, hasMeaning(label)]).toEqual([label, true])
    const text = await words(undefined, { language: 'lt' })
    expect(text).toContain(
      'kategorija 1 „Child Abuse Material“ (vics-us)'.replace('Material“', 'Material (CAM)“'),
    )
    expect(text).toMatch(/vics-us ?1 ?Child Abuse Material \(CAM\) ?vaikų seksualinio išnaudojimo medžiaga/)
  })
})

function imageWords(language: string): Readonly<Record<string, string>> {
  return IMAGE_WORDS.find((one) => one.language === language)!.messages
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/(?<![\p{L}\p{M}])[a-z]{3,}(?![\p{L}\p{M}])/gu) ?? []
}

describe('numbers, times and sizes', () => {
  const said = (language: string) => {
    const { custom } = new CourtTexts(language)
    return [
      custom.count(1_234_567),
      custom.count(1_234),
      custom.bytes(1_250_000),
      custom.bytes(12),
      custom.score(7_450),
      custom.when('2026-11-24T09:05:07.412Z'),
      custom.day('2026-11-24'),
      custom.month('2026-11'),
      custom.list(['MD5', 'SHA-1']),
    ].map((text) => text.replace(/[\u00a0\u202f]/g, '_'))
  }

  it.each([
    [
      'en',
      '1,234,567',
      '1,234',
      '1.3 MB',
      '12 bytes',
      '0.7450',
      '24 November 2026 at 09:05 UTC',
      '24 November 2026',
      'November 2026',
      'MD5 and SHA-1',
    ],
    [
      'lt',
      '1_234_567',
      '1_234',
      '1,3_MB',
      '12_baitų',
      '0,7450',
      '2026 m. lapkričio 24 d. 09:05 UTC',
      '2026 m. lapkričio 24 d.',
      '2026 m. lapkritis',
      'MD5 ir SHA-1',
    ],
    [
      'es',
      '1.234.567',
      '1.234',
      '1,3 MB',
      '12 bytes',
      '0,7450',
      '24 de noviembre de 2026 a las 9:05 UTC',
      '24 de noviembre de 2026',
      'noviembre de 2026',
      'MD5 y SHA-1',
    ],
    [
      'pt',
      '1_234_567',
      '1_234',
      '1,3_MB',
      '12 bytes',
      '0,7450',
      '24 de novembro de 2026 às 09:05 UTC',
      '24 de novembro de 2026',
      'novembro de 2026',
      'MD5 e SHA-1',
    ],
    [
      'fr',
      '1_234_567',
      '1_234',
      '1,3_Mo',
      '12_octets',
      '0,7450',
      '24 novembre 2026 à 09:05 UTC',
      '24 novembre 2026',
      'novembre 2026',
      'MD5 et SHA-1',
    ],
    [
      'el',
      '1.234.567',
      '1.234',
      '1,3 MB',
      '12 byte',
      '0,7450',
      '24 Νοεμβρίου 2026 στις 09:05 UTC',
      '24 Νοεμβρίου 2026',
      'Νοέμβριος 2026',
      'MD5 και SHA-1',
    ],
    [
      'bn',
      '12,34,567',
      '1,234',
      '1.3 MB',
      '12 বাইট',
      '0.7450',
      '24 নভেম্বর, 2026 এ 09:05 UTC',
      '24 নভেম্বর, 2026',
      'নভেম্বর 2026',
      'MD5 এবং SHA-1',
    ],
  ])('are written by the custom of the language: %s', (language, ...expected) => {
    expect(said(language).map((text) => text.replaceAll('_', ' '))).toEqual(
      expected.map((text) => text.replaceAll('_', ' ')),
    )
  })

  it('are not those of English in any sentence that stands in a file of another custom', () => {
    for (const language of ['lt', 'es', 'pt', 'fr', 'el'])
      for (const text of Object.values(new CourtTexts(language).of.messages)) {
        expect(text).not.toMatch(/\d,\d{3}(?!\d)/)
        expect(text).not.toMatch(/\d\.\d+[ \u00a0]?%/)
      }
  })

  it('of the machine’s zone are never used: a time is UTC wherever the report is made', async () => {
    const before = process.env.TZ
    try {
      process.env.TZ = 'Pacific/Auckland'
      expect(new CourtTexts('lt').custom.when('2026-11-24T23:30:00Z')).toBe(
        '2026 m. lapkričio 24 d. 23:30 UTC',
      )
    } finally {
      if (before === undefined) delete process.env.TZ
      else process.env.TZ = before
    }
    expect(await words()).toContain('24 November 2026 at 10:02 UTC')
  })
})

describe('results', () => {
  const TWICE = {
    hashSet: 'Old list',
    edition: null,
    scale: null,
    category: null,
    categoryLabel: null,
  } as const

  it('are split by what lists are of, each content once, with the category by name and the strength of its match', async () => {
    const ledger = syntheticLedger({
      views: () => [
        view('a.jpg', {
          hits: [hit({ algorithms: ['md5', 'sha1'], weak: false }), hit({ ...TWICE, meaning: 'interest' })],
        }),
        view('b.jpg', { hits: [hit({ ...TWICE, meaning: 'interest', algorithms: ['md5'], weak: true })] }),
        view('c.jpg', { hits: [hit({ ...TWICE, meaning: 'illegal', algorithms: ['sha1'], weak: true })] }),
      ],
    })
    const text = await words(ledger)
    expect(text).toContain(
      '2 contents of this exhibit, at 2 places, equal records of lists of illegal material.',
    )
    expect(text).toContain('1 content of this exhibit, at 1 place, is on no list of illegal material')
    expect(text).toContain(
      'The matches of 2 of these contents are weak: only MD5, or only SHA-1, was compared.',
    )
    expect(text).toMatch(
      /illegal material ?category 1 “Child Abuse Material \(CAM\)” \(vics-us\); list National list, edition 2026-10 ?1 ?1 ?–/,
    )
    expect(text).toContain('equal by MD5 and SHA-1')
    expect(text).toContain('weak: equal by MD5 alone')
    expect(text).toContain('weak: equal by SHA-1 alone')
    const at = (part: string) => text.indexOf(part, text.indexOf('Where it lies'))
    expect(at('a.jpg')).toBeLessThan(at('Contents on lists of material of interest (1)'))
    expect(at('c.jpg')).toBeLessThan(at('Contents on lists of material of interest (1)'))
    expect(at('b.jpg')).toBeGreaterThan(at('Contents on lists of material of interest (1)'))
    expect(text).toMatch(/known, unremarkable contents ?Operating system files, edition not stated ?3/)
  })

  it('list matches by strong digests before weak ones, whatever their lists are called', async () => {
    const weak = hit({ hashSet: 'A list', algorithms: ['md5'], weak: true })
    const strong = hit({ hashSet: 'Z list', algorithms: ['md5', 'sha1'], weak: false })
    const text = await words(
      syntheticLedger({ views: () => [view('a.jpg', { hits: [weak] }), view('z.jpg', { hits: [strong] })] }),
    )
    const at = (part: string) => text.indexOf(part, text.indexOf('Where it lies'))
    expect([at('z.jpg') > 0, at('z.jpg') < at('a.jpg')]).toEqual([true, true])
  })

  it('give what persons graded not pertinent, and no such list names, as a number alone', async () => {
    const text = await words()
    expect(text).toContain(
      '1 content that is on no such list was graded not pertinent by persons; it is counted here and not listed.',
    )
    expect(text).not.toContain('DCIM/IMG_0007.jpg')
    // Two persons differ about this one, and this one is on a list: both are listed.
    expect(text).toContain('DCIM/IMG_0004.jpg')
    expect(text).toContain('DCIM/IMG_0001.jpg')
    expect(await words(undefined, { scales: [] })).toContain('DCIM/IMG_0007.jpg')
  })

  it('name what was not read once, and not again in every later stage', async () => {
    const text = await words(syntheticLedger({ views: () => [unreadView('x.bin', 'permission-denied')] }))
    expect(text.split('permission denied')).toHaveLength(2)
    expect(text).not.toContain('the content was not read')
    expect(text).toContain('What could not be read was not examined in any later stage either')
  })

  it('say each sentence about hits, decisions and models once', async () => {
    const text = await words()
    for (const key of ['about-hit', 'about-decision', 'about-model', 'about-content'] as const)
      expect(text.split(new CourtTexts('en').say(key))).toHaveLength(2)
  })
})

describe('the end', () => {
  it('has the custody log in sums, and whole behind the report, but not where names are left out', async () => {
    const text = await words()
    expect(text).toMatch(/decision on a content ?9 ?24 November 2026 at 12:00 UTC/)
    expect(text).toContain('The whole log, 10 events, stands at the end of this document.')
    expect(text).toMatch(/Annex: the custody log, whole.*decided.*End of report ?$/)
    const long = 'x'.repeat(3_000)
    const detailed = {
      ...decidedLedger(),
      custody: () =>
        decidedLedger()
          .custody()
          .map((one) => ({ ...one, detail: { text: long } })),
    }
    expect((await words(detailed)).split(`text: ${long}`)).toHaveLength(11)
    const chosen = await words(undefined, { redact: ['Backup/**'] })
    expect(chosen).toContain('The whole log goes not with this edition')
    expect(chosen).not.toContain('Annex: the custody log, whole')
  })

  it('has a place for the signature of each examiner, in the language of the court', async () => {
    expect(await words()).toMatch(
      /Signature of the examiner ?Name ?A\. Example ?Position and qualification ?Date ?Signature/,
    )
    expect(await words(undefined, { language: 'lt' })).toMatch(
      /Tyrimą atlikusio asmens parašas ?Vardas ir pavardė ?A\. Example ?Pareigos ir kvalifikacija ?Data ?Parašas/,
    )
  })

  it('counts the pages of print in its language', async () => {
    const html = await textOf(htmlReport, decidedLedger(caseViews), {
      court: { ...NO_COURT_WISHES, language: 'lt' },
    })
    expect(html).toContain('counter(page) " psl. iš " counter(pages)'.replace('š', '\\161 '))
  })
})
