/** `seized validate pilot --labels`: a trial of how well blurred pictures can be told, made and counted again by anybody. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { jpeg } from '../../fixtures/pictures.ts'
import { VALIDATION_LANGUAGES } from '../../src/validate/model/texts.ts'
import type { SightSummary } from '../../src/validate/sight/answers.ts'
import { CONDITIONS, conditionOf } from '../../src/validate/sight/conditions.ts'
import { SIGHT_QUESTIONS } from '../../src/validate/sight/labels.ts'
import { seized } from '../e2e/seized.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'

const folder = temporaryFolderForFile()
const labels = join(folder, 'labels.csv')
const COUNT = 10

beforeAll(async () => {
  const rows = ['path,person,count']
  for (let seed = 0; seed < COUNT; seed++) {
    writeFileSync(join(folder, `${seed}.jpg`), await jpeg({ seed, width: 640, height: 480 }))
    rows.push(`${seed}.jpg,${seed % 2 === 0 ? 'yes' : 'no'},${seed === 3 ? '' : seed % 3}`)
  }
  writeFileSync(labels, `${rows.join('\n')}\n`)
})

const pilot = (...args: readonly string[]) => seized(['validate', 'pilot', '--labels', labels, ...args])

function sheet(person: number, name: string, ...more: readonly string[]): string {
  const out = join(folder, name)
  const made = pilot('--person', String(person), '--out', out, ...more)
  expect([made.status, made.stderr]).toEqual([0, ''])
  return readFileSync(out, 'utf8')
}

/** Grey pixels of every picture of a sheet. */
const picturesOf = (page: string) =>
  [...page.matchAll(/width="(\d+)" height="(\d+)" src="data:image\/png;base64,([^"]+)"/g)].map(
    ([, width, height, png]) => {
      const bytes = Buffer.from(png!, 'base64')
      const at = bytes.indexOf('IDAT')
      const rows = inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)))
      return { side: Math.max(Number(width), Number(height)), rows }
    },
  )

/** How much neighbours of a row differ: less where it is blurred. */
const sharpness = (rows: Buffer) =>
  rows.reduce((sum, one, i) => sum + Math.abs(one - (rows[i - 1] ?? one)), 0) / rows.length

let sheets = 0

/** The sheet with answers typed in. */
function filled(person: number, answerTo: (item: number, question: string) => string): string {
  const file = join(folder, `filled-${person}.csv`)
  const lines = sheet(person, `sheet-${person}-${sheets++}.csv`, '--format', 'csv').split('\n')
  writeFileSync(
    file,
    lines
      .map((line) => {
        const [, item, question] = /^(\d+) (\w+),/.exec(line) ?? []
        return item === undefined ? line : `${line}${answerTo(Number(item) - 1, question!)}`
      })
      .join('\n'),
  )
  return file
}

describe('a trial of sight', () => {
  it('shows each picture once under each condition, over as many persons as there are conditions', () => {
    const all = Array.from({ length: CONDITIONS.length }, (_, person) => conditionOf(4, person + 1))
    expect(new Set(all).size).toBe(CONDITIONS.length)
    expect(new Set(CONDITIONS.map((one) => JSON.stringify(one))).size).toBe(21)
  })

  it('has treated pictures of the stated sizes, the same again for the same person, and no original', () => {
    const page = sheet(1, 'person-1.html')
    const pictures = picturesOf(page)
    expect(pictures.map(({ side }) => side)).toEqual(
      Array.from({ length: COUNT }, (_, i) => conditionOf(i, 1).side),
    )
    expect(sheet(1, 'person-1-again.html')).toBe(page)
    // The third picture: for one person in clear grey, for another of the same size with the strongest blur.
    const personWith = (is: (one: (typeof CONDITIONS)[number]) => boolean) =>
      Array.from({ length: 21 }, (_, i) => i + 1).find((person) => is(conditionOf(2, person)))!
    const [clear, blurred] = [
      personWith(({ treatment, side }) => treatment === 'clear' && side === 224),
      personWith(({ treatment, strength, side }) => treatment === 'blur' && strength === 6 && side === 224),
    ].map((person) => sharpness(picturesOf(sheet(person, `of-${person}.html`))[2]!.rows)) as [number, number]
    expect(clear).toBeGreaterThan(1.2 * blurred)
    expect(page).not.toContain('<script')
    for (let seed = 0; seed < COUNT; seed++)
      expect(page).not.toContain(
        readFileSync(join(folder, `${seed}.jpg`))
          .toString('base64')
          .slice(800, 860),
      )
  })

  it('counts right answers by treatment, strength, size and question, and claims no protection', () => {
    // All is told where it is clear, nothing where it is blurred, and half by the outlines.
    const files = Array.from({ length: 21 }, (_, i) => i + 1).map((person) =>
      filled(person, (item, question) => {
        const right = question === 'person' ? (item % 2 === 0 ? 'YES' : 'no') : String(item % 3)
        const { treatment } = conditionOf(item, person)
        return treatment === 'clear' || (treatment === 'drawn' && question === 'person') ? right : 'unsure'
      }),
    )
    const summary = JSON.parse(pilot('--json', ...files).stdout) as SightSummary
    expect([summary.persons, summary.pictures, summary.conditions.length]).toEqual([21, COUNT, 21])
    const of = (treatment: string) => summary.treatments.filter((one) => one.treatment === treatment)
    // Nineteen questions: one picture is not asked how many there are.
    expect(of('clear').map(({ right }) => [right!.count, right!.of])).toEqual([[57, 57]])
    expect(of('blur').map(({ right }) => [right!.count, right!.of])).toEqual([
      [0, 57],
      [0, 57],
      [0, 57],
    ])
    expect(of('drawn').map(({ right }) => [right!.count, right!.of])).toEqual([
      [30, 57],
      [30, 57],
      [30, 57],
    ])
    expect(
      summary.questions.find((one) => one.question === 'count' && one.treatment === 'drawn')!.right,
    ).toMatchObject({ count: 0 })
    const said = pilot(...files.slice(0, 2)).stdout
    expect(said).toContain('2 persons, 10 pictures')
    expect(said).toContain('No treatment is shown to protect a person who looks.')
  })

  it.each(VALIDATION_LANGUAGES)(
    'has its questions and its limit in $language',
    ({ language, pilot: words }) => {
      const csv = sheet(1, `words-${language}.csv`, '--format', 'csv', '--language', language)
      expect(csv).toContain(words['q-count'])
      for (const question of SIGHT_QUESTIONS) expect(words[`q-${question}`].length).toBeGreaterThan(5)
      expect(words['sight-source'].length).toBeGreaterThan(60)
    },
  )

  it('refuses sheets of other labels, two of one person, a question that there is not, and a person without labels', () => {
    const file = filled(1, () => 'yes')
    const changed = join(folder, 'other.csv')
    writeFileSync(changed, `${readFileSync(labels, 'utf8')}0.jpg,no,5\n`)
    const other = seized(['validate', 'pilot', '--labels', changed, file])
    expect([other.status, other.stderr]).toEqual([2, expect.stringContaining('is of other labels')])
    expect(pilot(file, file).stderr).toContain('both of person 1')
    writeFileSync(join(folder, 'wrong.csv'), `${readFileSync(file, 'utf8').replace('3 person', '99 person')}`)
    expect(pilot(join(folder, 'wrong.csv')).stderr).toMatch(/Line \d+ of .*there is no question “99 person”/)
    expect(seized(['validate', 'pilot', '--person', '1', '--out', join(folder, 'no.html')]).status).toBe(2)
    expect(pilot('--out', join(folder, 'no.html')).status).toBe(2)
  })
})
