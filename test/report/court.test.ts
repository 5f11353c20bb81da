/** The court's edition: results first, persons beside every decision, what is missing said, every language complete. */
import { describe, expect, it } from 'vitest'
import type { CourtWishes } from '../../src/report/court/report.ts'
import { COURT_LANGUAGES, type CourtKey, CourtTexts, SOURCE_SHA256 } from '../../src/report/court/texts.ts'
import { htmlReport } from '../../src/report/html.ts'
import { Message } from '../../src/report/texts/message.ts'
import { decidedLedger } from './exchange/decided-ledger.ts'
import { textOf } from './exchange/exported-with.ts'
import { caseLedger, emptyLedger, hostileLedger } from './ledgers.ts'
import { parseHtml } from './parsed-html.ts'

const court: CourtWishes = { language: 'en', lab: {}, redact: [], ledgerSha256: 'ab'.repeat(32) }
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

describe('the court’s edition', () => {
  it('begins with what was found, in one sentence, and with what was not examined', async () => {
    const text = await words()
    const at = (part: string) => text.indexOf(part)
    expect(text).toContain(
      '3 contents of this exhibit, at 4 places, equal records of lists of illegal material or of interest.',
    )
    expect(text).toContain(
      'Persons decided on 4 contents; on 1 of them they differ and nobody has settled it.',
    )
    expect(at('3 contents of this exhibit')).toBeLessThan(at('What was not examined'))
    expect(at('What was not examined')).toBeLessThan(at('Contents on lists, or decided on'))
    expect(text).toContain('No model that comes with this program detects child abuse')
    expect(text.trim().endsWith('End of report')).toBe(true)
  })

  it('shows each decision with who and when beside the content and every place of it', async () => {
    const text = await words()
    expect(text).toMatch(
      /DCIM\/IMG_0001\.jpg ?Backup\/IMG_0001 \(copy\)\.jpg.*A\. Example decided 1 on scale vics-us on 2026-11-24 12:00 ?B\. Example decided 1 on scale vics-us on 2026-11-24 12:00 ?vics-us: agreed/,
    )
    expect(text).toContain('vics-us: they differ')
    expect(text).not.toContain('decided 2 on scale')
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

  it('says what the laboratory states, and what nobody stated', async () => {
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

  it('says in both languages that nobody reviewed a translation, and annexes the English text', async () => {
    for (const { language } of COURT_LANGUAGES.slice(1)) {
      const html = await courtOf(undefined, { language })
      expect(html).toContain(`<html lang="${language}">`)
      const text = parseHtml(html).find(({ name }) => name === 'main')!.text
      expect(text).toContain(new CourtTexts(language).say('unreviewed'))
      expect(text).toContain(new CourtTexts('en').say('unreviewed'))
      expect(text).toContain('3 contents of this exhibit, at 4 places')
    }
    expect(await words()).not.toContain('was not reviewed')
  })

  it('shows paths that a rule names as […], and says so', async () => {
    const text = await words(undefined, { redact: ['Backup/**'] })
    expect(text).not.toContain('Backup/IMG_0001')
    expect(text).toContain('Paths that match Backup/** are shown as […]')
    expect(text).toContain('DCIM/IMG_0001.jpg')
  })

  it('says PARTIAL of a paused ledger, and has something to say of an empty and of a hostile one', async () => {
    expect(await words(caseLedger(false))).toContain('PARTIAL: the examination was not finished')
    expect(await words(emptyLedger())).toContain('No content of this exhibit equals a record')
    const hostile = await courtOf(hostileLedger())
    const names = new Set(parseHtml(hostile).map(({ name }) => name))
    expect(['script', 'img', 'iframe', 'a'].filter((name) => names.has(name))).toEqual([])
    expect(hostile).not.toMatch(/<[^>]*\son\w+=/)
  })
})
