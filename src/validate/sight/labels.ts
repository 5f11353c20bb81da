/** Labels of a trial of sight: a CSV with the column `path`, and one a question with the right answer or nothing. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { UsageError } from '../../base/errors.ts'

/** Questions whose words are translated; a laboratory may ask others, which are printed as their column is called. */
export const SIGHT_QUESTIONS = ['person', 'count', 'age', 'indoors', 'held', 'kind'] as const

export interface SightItem {
  /** Relative to the folder of the labels. */
  readonly path: string
  /** By question, those that are asked of this picture. */
  readonly answers: ReadonlyMap<string, string>
}

export interface SightLabels {
  readonly items: readonly SightItem[]
  readonly questions: readonly string[]
  readonly sha256: string
}

const MOST_ITEMS = 500
const QUESTION = /^[a-z][a-z0-9-]{0,30}$/

/** @throws UsageError with file and line */
export function readSightLabels(file: string): SightLabels {
  let bytes: Buffer
  let rows: string[][]
  try {
    bytes = readFileSync(file)
    rows = parse(bytes, { bom: true, skip_empty_lines: true, trim: true })
  } catch (cause) {
    throw new UsageError(`${file} could not be read: ${(cause as Error).message}.`, { cause })
  }
  const [head = [], ...lines] = rows
  const questions = head.slice(1)
  if (head[0] !== 'path' || questions.length === 0 || !questions.every((one) => QUESTION.test(one)))
    throw new UsageError(`${file} needs the column path first, and then one a question, in small letters.`)
  if (lines.length === 0 || lines.length > MOST_ITEMS)
    throw new UsageError(`${file} names ${lines.length} pictures: a sheet has one to ${MOST_ITEMS}.`)
  const items = lines.map(([path, ...answers], i) => {
    const asked = questions.flatMap((one, at) => (answers[at] ? [[one, answers[at]] as const] : []))
    if (!path || asked.length === 0)
      throw new UsageError(`Line ${i + 2} of ${file} names no picture, or no answer.`)
    return { path, answers: new Map(asked) }
  })
  return { items, questions, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** Answers that a question has in the labels; empty where there are too many to choose from. */
export function choicesOf({ items }: SightLabels, question: string): readonly string[] {
  const all = [...new Set(items.flatMap(({ answers }) => answers.get(question) ?? []))].sort()
  return all.length > MOST_CHOICES ? [] : all
}

const MOST_CHOICES = 8
