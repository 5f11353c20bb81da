/**
 * Answers of a pilot, one CSV per person, and their statistics: median, range and n; a mean of five persons or more.
 */
import { UsageError } from '../../base/errors.ts'
import { rowsOfSheet } from '../filled-sheet.ts'
import { QUESTIONS, type Question, SUS } from './questions.ts'

export interface Answers {
  readonly person: string
  /** By id of the question; one that was left empty is missing. */
  readonly given: ReadonlyMap<string, number>
}

export interface Summary {
  readonly persons: number
  /** Of the persons who answered all ten statements: 0 to 100. */
  readonly usability: Spread
  readonly questions: readonly (Spread & { readonly id: string })[]
}

export interface Spread {
  readonly n: number
  readonly median: number | null
  readonly least: number | null
  readonly most: number | null
  /** Null below five persons: it would reveal single answers. */
  readonly mean: number | null
}

/** Fewer persons give no mean. */
export const LEAST_FOR_MEAN = 5

/** @throws UsageError with file and line of an invalid answer, or for two files of one person */
export function readAnswers(files: readonly string[]): readonly Answers[] {
  const all = files.map(answersOf)
  const persons = new Map<string, string>()
  for (const [i, { person }] of all.entries()) {
    const other = persons.get(person)
    if (other !== undefined)
      throw new UsageError(
        `${other} and ${files[i]} are both of person ${person}: give each person one file.`,
      )
    persons.set(person, files[i]!)
  }
  return all
}

function answersOf(file: string): Answers {
  const rows = rowsOfSheet(file)
  const [head, ...lines] = rows
  if (head?.[0] !== 'id' || head.at(-1) !== 'answer')
    throw new UsageError(
      `${file} needs the columns id and answer: fill in what seized validate pilot --format csv wrote.`,
    )
  const given = new Map<string, number>()
  let person = ''
  for (const [i, line] of lines.entries()) {
    const [id, answer] = [line[0]!, line.at(-1)!]
    if (id === 'person') person = answer
    if (id === 'person' || id === 'date' || answer === '') continue
    const question = QUESTIONS.find((one) => one.id === id)
    const where = `Line ${i + 2} of ${file}`
    if (question === undefined) throw new UsageError(`${where}: there is no question “${id}”.`)
    if (given.has(id)) throw new UsageError(`${where}: “${id}” is answered twice.`)
    given.set(id, numberIn(answer, question, where))
  }
  if (person === '')
    throw new UsageError(`${file} says of no person: give each a number of your own, no name.`)
  return { person, given }
}

function numberIn(text: string, { id, least, most, isWhole }: Question, where: string): number {
  const value = Number(text.replace(',', '.'))
  if (!(value >= least && value <= most) || (isWhole && !Number.isInteger(value)))
    throw new UsageError(
      `${where}: the answer to “${id}” is ${isWhole ? 'a whole number' : 'a number'} from ${least} to ${most}, not “${text}”.`,
    )
  return value
}

export function summaryOf(all: readonly Answers[]): Summary {
  return {
    persons: all.length,
    usability: spreadOf(all.flatMap((one) => usabilityOf(one) ?? [])),
    questions: QUESTIONS.map(({ id }) => ({
      id,
      ...spreadOf(all.flatMap(({ given }) => given.get(id) ?? [])),
    })),
  }
}

/**
 * 0 to 100; null where a statement has no answer.
 * @see J. Brooke, "SUS: a quick and dirty usability scale", in Usability Evaluation in Industry, 1996
 */
export function usabilityOf({ given }: Answers): number | null {
  const grades = SUS.map(({ id }) => given.get(id))
  if (grades.includes(undefined)) return null
  return 2.5 * grades.reduce<number>((sum, grade, i) => sum + (i % 2 === 0 ? grade! - 1 : 5 - grade!), 0)
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const n = sorted.length
  if (n === 0) return { n, median: null, least: null, most: null, mean: null }
  const middle = (sorted[Math.floor((n - 1) / 2)]! + sorted[Math.ceil((n - 1) / 2)]!) / 2
  return {
    n,
    median: middle,
    least: sorted[0]!,
    most: sorted.at(-1)!,
    mean: n < LEAST_FOR_MEAN ? null : sorted.reduce((a, b) => a + b, 0) / n,
  }
}
