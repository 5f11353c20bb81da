/** The court's edition: results first, persons beside every decision, what is missing said, every language complete. */
import { describe, expect, it } from 'vitest'
import type { DecisionFact } from '../../src/contracts/custody.ts'
import { findScale } from '../../src/match/records/scale.ts'
import { type CourtWishes, NO_COURT_WISHES } from '../../src/report/court/report.ts'
import { COURT_LANGUAGES, type CourtKey, CourtTexts, SOURCE_SHA256 } from '../../src/report/court/texts.ts'
import { htmlReport } from '../../src/report/html/html.ts'
import { MEASURED_CODES, measuredErrors, measuredTiers } from '../../src/report/pages/measured-error.ts'
import en from '../../src/report/texts/en.json' with { type: 'json' }
import { Message } from '../../src/report/texts/message.ts'
import { decidedLedger } from './exchange/decided-ledger.ts'
import { textOf } from './exchange/exported-with.ts'
import { caseLedger, deletedArchiveLedger, emptyLedger, hostileLedger } from './ledgers.ts'
import { parseHtml } from './parsed-html.ts'
import { hit, view } from './synthetic-ledger.ts'

const court: CourtWishes = { ...NO_COURT_WISHES, ledgerSha256: 'ab'.repeat(32) }
const courtOf = (ledger = decidedLedger(), wishes: Partial<CourtWishes> = {}) =>
  textOf(htmlReport, ledger, { court: { ...court, ...wishes } })
const words = async (...given: Parameters<typeof courtOf>) =>
  parseHtml(await courtOf(...given))
    .find(({ name }) => name === 'main')!
    .text.replace(/\s+/g, ' ')

describe('the words of the court’s edition', () => {
  const english = COURT_LANGUAGES[0]!
  const keys = Object.keys(english.messages) as CourtKey[]

  it.each(COURT_LANGUAGES.map((one) => [one.language, one] as const))(
    '%s has every sentence, with every parameter, and is of the English that stands here now',
    (_code, { language, messages, sourceSha256, reviewedBy, reviewedOn, translatedBy }) => {
      expect(Object.keys(messages)).toEqual(keys)
      for (const key of keys) {
        const parameters = (text: string, of: string) => [...new Message(text, of).parameters].sort()
        expect([key, parameters(messages[key], language)]).toEqual([
          key,
          parameters(english.messages[key], 'en'),
        ])
      }
      expect(sourceSha256).toBe(SOURCE_SHA256)
      expect((reviewedBy === null) === (reviewedOn === null)).toBe(true)
      expect(language === 'en' || translatedBy !== null).toBe(true)
    },
  )

  it('has the four plural forms of Lithuanian where they differ', () => {
    const lt = new CourtTexts('lt')
    const said = [1, 2, 10, 21].map((contents) => lt.say('lead-row', { priority: 1, contents }))
    expect(said).toEqual([
      'eilė 1: 1 turinys',
      'eilė 1: 2 turiniai',
      'eilė 1: 10 turinių',
      'eilė 1: 21 turinys',
    ])
  })
})

describe('the words of Bengali', () => {
  it('write numbers with the digits of digests and tables, in their own groups', () => {
    const bn = new CourtTexts('bn')
    expect(bn.say('lead-row', { priority: 1, contents: 1_234_567 })).toBe('ক্রম 1: 12,34,567টি বিষয়বস্তু')
    for (const key of Object.keys(bn.of.messages) as CourtKey[])
      expect(bn.of.messages[key]).not.toMatch(/[০-৯]/)
  })
})

describe('the court’s edition', () => {
  it('begins with what was found, in one sentence, and with what was not examined', async () => {
    const text = await words()
    const at = (part: string) => text.indexOf(part)
    expect(text).toContain(
      '1 content of this exhibit, at 2 places, equals a record of lists of illegal material. 2 contents of this exhibit, at 2 places, are on no list of illegal material and equal records of lists of material of interest.',
    )
    expect(text).toContain(
      'Persons decided on 4 contents.On 1 content their decisions differ, and no third person has settled it.',
    )
    expect(at('1 content of this exhibit')).toBeLessThan(at('What was not examined'))
    expect(at('What was not examined')).toBeLessThan(at('Contents on lists, or decided on'))
    expect(text).toContain('No model that comes with this program detects child abuse')
    expect(text.trim().endsWith('End of report')).toBe(true)
  })

  it('shows each decision with who and when beside the content and every place of it', async () => {
    const text = await words()
    expect(text).toMatch(
      /DCIM\/IMG_0001\.jpg ?Backup\/IMG_0001 \(copy\)\.jpg.*A\. Example, 24 November 2026 at 12:00 UTC: category 1 .*? ?B\. Example, 24 November 2026 at 12:00 UTC: category 1 .* ?vics-us: agreed/,
    )
    expect(text).toContain('vics-us: they differ')
    expect(text).not.toContain('UTC: category 2')
  })

  it('lists near matches only where a person decided, and leads as numbers alone', async () => {
    const decided = await words()
    expect(decided).toContain('looks like a picture of list National list: 18 of 256 bits apart')
    const undecided = await words(caseLedger())
    expect(undecided).not.toContain('bits apart')
    expect(undecided).toContain('1 further content looks like a listed picture; no person confirmed that')
    expect(undecided).not.toContain('DCIM/IMG_0005.jpg')
    expect(undecided).toMatch(/Models marked \d+ contents for a person to look at\./)
    expect(await courtOf()).not.toContain('<img')
  })

  it('shows the statements of the laboratory, and names missing ones', async () => {
    const lab = {
      laboratory: 'Forensic laboratory',
      reportNumber: 'R-12/2026',
      replaces: { number: 'R-11/2026', why: 'a list was missing' },
    }
    const text = await words(undefined, { lab })
    expect(text).toContain('R-11/2026, because a list was missing')
    expect(text).toContain(
      '7.8.2.1 asks for it: Address, Customer, Exhibit received, Issued, Authorised by, Validation record.',
    )
    expect(await words()).toContain('asks for it: Report number, Laboratory, Address')
    for (const sentence of ['The results relate only to the items examined.', 'reproduced only in full'])
      expect(text).toContain(sentence)
  })

  it('names the legal basis on which text was read, in every language, and none where none was', async () => {
    const ledger = decidedLedger()
    const plan = { ...ledger.plan, options: { ...ledger.plan.options, textBasis: 'warrant 12/2026' } }
    for (const { language } of COURT_LANGUAGES)
      expect(await words({ ...ledger, plan }, { language })).toMatch(
        new RegExp(`${new CourtTexts(language).say('text-basis')} ?warrant 12/2026`),
      )
    expect(await words()).not.toContain('Text was read')
  })

  it('counts as compared what was compared, and claims of nothing that it was read that was not', async () => {
    const ledger = decidedLedger()
    const summary = ledger.summary()
    const { matched } = summary.stages
    const said = (done: number) =>
      words({
        ...ledger,
        summary: () => ({ ...summary, stages: { ...summary.stages, matched: { ...matched, done } } }),
      })
    // Empty files are read, and there is nothing to compare.
    expect(await said(2772)).toContain('2,772 files were read whole and compared')
    const text = await words()
    expect(text).toContain('The digests of every content that was read were compared with the lists')
    expect(text).toContain('A category is that of the list, or was given by the person named beside it.')
  })

  it('counts listed contents without a time beside those of each month', async () => {
    const ledger = decidedLedger()
    const bars = async (isTimeless: (n: number) => boolean) => {
      const found = [...ledger.findings()].map((view, n) =>
        isTimeless(n)
          ? { ...view, entry: { ...view.entry, times: { ...view.entry.times, modified: null } } }
          : view,
      )
      const html = await courtOf({ ...ledger, findings: () => found.values() })
      const table = html.slice(html.indexOf('Last modified, by month'))
      return [...table.slice(0, table.indexOf('</table>')).matchAll(/<td>(\d+)<\/td>/g)].map(([, n]) =>
        Number(n),
      )
    }
    const all = (await bars(() => false)).reduce((sum, n) => sum + n, 0)
    const listed = [...ledger.findings()].findIndex(
      ({ copyOf, hits }) => copyOf === null && hits.some(({ meaning }) => meaning !== 'known'),
    )
    const one = await bars((n) => n === listed)
    expect([one.at(-1), one.reduce((sum, n) => sum + n, 0)]).toEqual([1, all])
  })

  it('says in both languages that a translation is not reviewed, and annexes the English text', async () => {
    for (const { language } of COURT_LANGUAGES.slice(1)) {
      const html = await courtOf(undefined, { language })
      expect(html).toContain(`<html lang="${language}">`)
      const text = parseHtml(html).find(({ name }) => name === 'main')!.text
      expect(text).toContain(new CourtTexts(language).say('unreviewed'))
      expect(text).toContain(new CourtTexts('en').say('unreviewed'))
      expect(text).toContain('1 content of this exhibit, at 2 places')
    }
    expect(await words()).not.toContain('was not reviewed')
  })

  it('says in its language how many pictures no model looked at, because they share a look, as the working edition does', async () => {
    const shared = { ...decidedLedger(), sharedLooks: () => 12 }
    expect(await textOf(htmlReport, shared)).toContain(
      'Of the models only the quick face detector looked at 12 pictures',
    )
    expect(await textOf(htmlReport, decidedLedger())).not.toContain('only the quick face detector')
    for (const { language } of COURT_LANGUAGES) {
      const sentence = new CourtTexts(language).say('method-shared', { contents: 12 }).replace(/\s+/g, ' ')
      expect(sentence).toContain('12')
      expect(await words(shared, { language })).toContain(sentence)
      expect(await words(undefined, { language })).not.toContain(sentence.slice(-60))
    }
  })

  it('says in its language what was measured of the errors of each model that looked, as the working edition does', async () => {
    const ids = caseLedger().plan.models.map(({ id }) => id)
    const measured = ids.filter((id) => measuredErrors(id).length > 0)
    expect(measured.length).toBeGreaterThan(0)
    const english = await words()
    for (const id of measured) for (const error of measuredErrors(id)) expect(english).toContain(error)
    for (const code of MEASURED_CODES) expect(en.report[code]).toBe(COURT_LANGUAGES[0]!.messages[code])
    for (const { language } of COURT_LANGUAGES) {
      const text = await words(undefined, { language })
      const texts = new CourtTexts(language)
      expect(text).toContain(texts.say('method-not-measured').replace(/\s+/g, ' '))
      for (const model of measured) {
        const errors = measuredTiers(model).map(({ words: code, fromPer10k }) =>
          texts.say(code, { threshold: fromPer10k }),
        )
        expect(text).toContain(
          texts.say('method-measured', { model, errors: texts.custom.clauses(errors) }).replace(/\s+/g, ' '),
        )
      }
    }
  })

  it('shows paths that a rule names as […], and says so', async () => {
    const text = await words(undefined, { redact: ['Backup/**'] })
    expect(text).not.toContain('Backup/IMG_0001')
    expect(text).toContain('Paths that match Backup/** are shown as […]')
    expect(text).toContain('DCIM/IMG_0001.jpg')
  })

  it('has a table of contents that leads to every section, once', async () => {
    const text = await courtOf()
    const targets = [...text.matchAll(/<a href="#([a-z-]+)"/g)].map(([, id]) => id!)
    expect(targets).toContain('listed')
    for (const id of targets) expect(text.split(`id="${id}"`)).toHaveLength(2)
  })

  it('gives sums of what persons had to see, and no names with them', async () => {
    const text = await words(caseLedger(), { exposure: { persons: 2, reveals: 31, seconds: 96 } })
    expect(text).toContain('2 persons had 31 views of original content shown, 96 s in all or less.')
  })

  it('says what differs from an earlier record, with its cause, and that nothing does', async () => {
    const params = { kind: 'hit', meaning: 'illegal', path: '\u202egpj', categories: ['2 (vics-us)'] }
    const change = {
      section: 'matches',
      what: 'gained',
      said: { code: 'diff-of-match', params },
      cause: { code: 'cause-lists', params: {} },
    } as const
    const earlier = { newestHead: 'ab'.repeat(32), isSameInventory: true, changes: [change] }
    const text = await words(undefined, { earlier })
    expect(text).toContain(`has the newest head ${'ab'.repeat(32)}`)
    expect(text).toMatch(/Gained ?hit illegal: \\u\{202e\}gpj \(2 \(vics-us\)\) ?lists or editions differ/)
    const lt = await words(undefined, { earlier, language: 'lt' })
    expect(lt).toMatch(
      /Naujas sutapimas ?sutapimas, neteisėta: \\u\{202e\}gpj \(2 \(vics-us\)\) ?skiriasi sąrašai/,
    )
    expect(await words(undefined, { earlier: { ...earlier, changes: [] } })).toContain(
      'Nothing else differs.',
    )
    const many = { ...earlier, changes: Array.from({ length: 502 }, () => change) }
    expect(await words(undefined, { earlier: many })).toContain('2 more changes are not listed here')
  })

  it('lists only the categories and places that were chosen, and says how many that leaves out', async () => {
    const bySome = await words(undefined, { categories: ['7'] })
    expect(bySome).toContain('5 contents are left out of this edition by the choice of categories 7.')
    expect(bySome).toContain('inner/caf')
    expect(bySome).not.toContain('DCIM/IMG_0001.jpg')
    const byPlace = await words(undefined, { places: ['Backup/**'], redact: ['Backup/**'] })
    expect(byPlace).toContain('by the choice of places Backup/**.')
    expect(byPlace).not.toContain('DCIM/IMG_0001.jpg')
    expect(byPlace).toContain('and at 1 more place')
    expect(byPlace).not.toContain('Backup/IMG_0001')
    for (const text of [bySome, byPlace]) expect(text).toContain('1 content of this exhibit, at 2 places')
  })

  it('says of a picture in a deleted archive that it is deleted', async () => {
    const text = await words(deletedArchiveLedger())
    expect(text).toMatch(/deleted\.jpg ?\(?deleted/)
    expect(text).not.toMatch(/live\.jpg ?\(?deleted/)
  })

  it('counts all decided contents, and lists a hit that lies behind more of no interest than a list holds', async () => {
    const count = 20_010
    const names = Array.from({ length: count }, (_, i) => `DCIM/${String(i).padStart(6, '0')}.jpg`)
    const all = [...names.map((name) => view(name)), view('z.jpg', { hits: [hit()] })]
    const ledger = decidedLedger(
      () => all,
      names.map((name) => [name, 'A. Example', 'decided', '0']),
    )
    const text = await words(ledger, { scales: [findScale('vics-us')!] })
    expect(text).toContain('Persons decided on 20,010 contents.')
    expect(text).toContain('z.jpg')
    expect(text).not.toContain('DCIM/')
  }, 60_000)

  describe('of several exhibits of a case', () => {
    const other = () => {
      const ledger = caseLedger()
      return { ...ledger, case: { ...ledger.case, exhibitId: 'LTU-08' }, custody: () => [] }
    }
    const both = (wishes: Partial<CourtWishes> = {}) =>
      words(decidedLedger(), {
        also: [{ ledger: other(), sha256: null }],
        shared: { contents: 12, pairs: [{ of: [0, 1], contents: 12 }] },
        ...wishes,
      })

    it('counts equal contents once, says which lie on several, and examines each in one table', async () => {
      const text = await both()
      expect(text).toContain('exhibits LTU-07, LTU-08')
      expect(text).toContain('1 content of these exhibits, at 4 places')
      expect(text).toContain('3 listed contents lie on more than one exhibit')
      expect(text).toContain('12 lie on more than one exhibit of this report; the empty file is left out.')
      expect(text).toMatch(
        /What was examined, by exhibit ?Exhibit.*LTU-07 ?sealed, verified.*LTU-08 ?sealed, verified/,
      )
      expect(text).toMatch(/LTU-07: DCIM\/IMG_0001\.jpg ?LTU-07: Backup.*LTU-08: DCIM\/IMG_0001\.jpg/)
    })

    it('carries decisions over only when that is asked for, and says which it did', async () => {
      const apart = await both()
      expect(apart).toContain('A decision counts only for the exhibit on which it was made.')
      expect(apart).toContain('LTU-07: A. Example, 24 November 2026 at 12:00 UTC: category 1')
      expect(apart).toContain('LTU-07: vics-us: agreed')
      expect(apart).not.toContain('LTU-08: DCIM/IMG_0007.jpg')
      const carried = await both({ carryDecisions: true })
      expect(carried).toContain('because that was asked for')
      expect(carried).toContain('LTU-08: DCIM/IMG_0007.jpg')
      expect(carried).not.toContain('LTU-07: vics-us: agreed')
      expect(carried).toContain('vics-us: agreed')
    })

    it('does not let an adjudication of one log settle what has the same number in another', async () => {
      const [first] = decidedLedger().custody()
      const event = (number: number, operator: string, category: string, act: 'decided' | 'adjudicated') => ({
        ...first!,
        number,
        head: String(number).padStart(64, '0'),
        operator,
        event: act,
        detail: act === 'adjudicated' ? { of: '1' } : {},
        fact: { ...(first!.fact as DecisionFact), category, act, note: '' },
      })
      const settled = { ...decidedLedger(), custody: () => [event(2, 'C. Example', '1', 'adjudicated')] }
      const open = { ...other(), custody: () => [event(1, 'A. Example', '3', 'decided')] }
      const text = await words(settled, { also: [{ ledger: open, sha256: null }], carryDecisions: true })
      expect(text).toContain('vics-us: they differ')
    })

    it('says of one that is not sealed that it is PARTIAL', async () => {
      const paused = { ...caseLedger(false), case: other().case }
      const text = await words(undefined, { also: [{ ledger: paused, sha256: null }] })
      expect(text).toContain('LTU-08: PARTIAL: the examination was not finished')
    })
  })

  it('says PARTIAL of a paused ledger, and has something to say of an empty and of a hostile one', async () => {
    expect(await words(caseLedger(false))).toContain('PARTIAL: the examination was not finished')
    expect(await words(emptyLedger())).toContain('No content of this exhibit equals a record')
    const hostile = await courtOf(hostileLedger())
    const names = new Set(parseHtml(hostile).map(({ name }) => name))
    expect(['script', 'img', 'iframe'].filter((name) => names.has(name))).toEqual([])
    // Only the table of contents links, and only within the page.
    for (const [, target] of hostile.matchAll(/<a href="([^"]*)"/g)) expect(target).toMatch(/^#[a-z-]+$/)
    expect(hostile).not.toMatch(/<[^>]*\son\w+=/)
  })
})
