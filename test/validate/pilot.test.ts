/** `seized validate pilot`: the sheet in every language, and what filled ones come to. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { VALIDATION_LANGUAGES } from '../../src/validate/model/texts.ts'
import { readAnswers, summaryOf, usabilityOf } from '../../src/validate/pilot/answers.ts'
import { QUESTIONS } from '../../src/validate/pilot/questions.ts'
import { sheetCsv, sheetPage } from '../../src/validate/pilot/sheet.ts'
import { seized, temporaryFolder } from '../e2e/seized.ts'

/** The shipped sheet with these answers typed in. */
function filled(folder: string, person: string, answers: Readonly<Record<string, string>>): string {
  const file = join(folder, `${person}.csv`)
  const lines = sheetCsv('lt')
    .split('\n')
    .map((line) => {
      const id = line.slice(0, line.indexOf(','))
      return id === 'person' ? `${line}${person}` : `${line}${cell(answers[id] ?? '')}`
    })
  writeFileSync(file, lines.join('\n'))
  return file
}

const cell = (text: string) => (text.includes(',') ? `"${text}"` : text)

const grades = (odd: string, even: string) =>
  Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`sus-${i + 1}`, i % 2 === 0 ? odd : even]))

describe('a sheet', () => {
  it.each(VALIDATION_LANGUAGES)(
    'in $language has every question on paper and as CSV',
    ({ language, pilot }) => {
      const page = sheetPage(language)
      for (const { id } of QUESTIONS) {
        expect(page).toContain(pilot[id])
        expect(sheetCsv(language)).toContain(`\n${id},"${pilot[id].replaceAll('"', '""')}",`)
      }
      expect(page).not.toContain('<script')
    },
  )

  it('is written by the verb, and not over another', () => {
    const out = join(temporaryFolder(), 'sheet.html')
    expect(seized(['validate', 'pilot', '--language', 'bn', '--out', out]).status).toBe(0)
    expect(readFileSync(out, 'utf8')).toContain('lang="bn"')
    expect(seized(['validate', 'pilot', '--out', out]).status).toBe(2)
    expect(seized(['validate', 'pilot']).status).toBe(2)
  })
})

describe('answers', () => {
  it('score as Brooke counts: best 100, worst 0, the middle 50, none where a statement is missing', () => {
    const folder = temporaryFolder()
    const of = (person: string, answers: Record<string, string>) =>
      usabilityOf(readAnswers([filled(folder, person, answers)])[0]!)
    expect(of('best', grades('5', '1'))).toBe(100)
    expect(of('worst', grades('1', '5'))).toBe(0)
    expect(of('middle', grades('3', '3'))).toBe(50)
    expect(of('mixed', { ...grades('4', '2'), 'sus-1': '5', 'sus-2': '5' })).toBe(70)
    expect(of('part', { ...grades('4', '2'), 'sus-7': '' })).toBe(null)
  })

  it('come to median, range and n, and to a mean of five persons, never of four', () => {
    const folder = temporaryFolder()
    const minutes = ['1,5', '10', '3', '40', '5']
    const files = minutes.map((value, i) =>
      filled(folder, `${i}`, {
        ...grades('4', '2'),
        'first-hit': value,
        ...(i < 4 ? { missed: `${i}` } : {}),
      }),
    )
    const of = (id: string, count: number) =>
      summaryOf(readAnswers(files.slice(0, count))).questions.find((one) => one.id === id)
    expect(of('first-hit', 5)).toEqual({ id: 'first-hit', n: 5, median: 5, least: 1.5, most: 40, mean: 11.9 })
    expect(of('first-hit', 4)).toEqual({
      id: 'first-hit',
      n: 4,
      median: 6.5,
      least: 1.5,
      most: 40,
      mean: null,
    })
    expect(of('missed', 5)).toMatchObject({ n: 4, median: 1.5, mean: null })
    expect(of('trust', 5)).toMatchObject({ n: 0, median: null, mean: null })
    const ran = seized(['validate', 'pilot', ...files.slice(0, 4)])
    expect(ran.stdout).toMatch(/Usability, 0 to 100 +4 +75 +75 to 75 +–/)
    expect(JSON.parse(seized(['validate', 'pilot', ...files, '--json']).stdout).usability.mean).toBe(75)
  })

  it('are read from a spreadsheet that writes semicolons', () => {
    const file = join(temporaryFolder(), 'p.csv')
    writeFileSync(file, 'id;question;answer\nperson;Numeris;7\nfirst-hit;"Po kiek; minučių";1,5\n')
    expect([...readAnswers([file])[0]!.given]).toEqual([['first-hit', 1.5]])
  })

  it.each([
    ['a grade of six', { 'sus-1': '6' }, /from 1 to 5/],
    ['a half grade', { 'sus-1': '2.5' }, /whole number/],
    ['words', { 'first-hit': 'soon' }, /from 0 to 2400/],
  ])('refuse %s, and name the line', (_, answers, why) => {
    const file = filled(temporaryFolder(), 'p', answers)
    expect(() => readAnswers([file])).toThrow(why)
    expect(() => readAnswers([file])).toThrow(/Line \d+ of/)
  })

  it('refuse two sheets of one person, and a sheet of nobody', () => {
    const folder = temporaryFolder()
    const file = filled(folder, 'p', {})
    expect(() => readAnswers([file, file])).toThrow(/both of person p/)
    expect(() => readAnswers([filled(folder, '', {})])).toThrow(/no person/)
  })
})
