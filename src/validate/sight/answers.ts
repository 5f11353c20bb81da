/** Filled sheets of a trial of sight: how many answers were right under each treatment, with intervals. It measures nothing else. */
import { UsageError } from '../../base/errors.ts'
import { rowsOfSheet } from '../filled-sheet.ts'
import { type Share, share } from '../own/shares.ts'
import { CONDITIONS, type Condition, conditionOf } from './conditions.ts'
import type { SightLabels } from './labels.ts'

export interface SightSummary {
  readonly about: 'seized trial of sight 1'
  readonly labelsSha256: string
  readonly persons: number
  readonly pictures: number
  readonly conditions: readonly (Condition & { readonly right: Share | null })[]
  readonly treatments: readonly {
    readonly treatment: string
    readonly strength: number
    readonly right: Share | null
  }[]
  readonly questions: readonly {
    readonly question: string
    readonly treatment: Condition['treatment']
    readonly right: Share | null
  }[]
}

interface Answer extends Condition {
  readonly question: string
  readonly isRight: boolean
}

/** @throws UsageError with file and line, or for two files of one person */
export function sightSummary(labels: SightLabels, files: readonly string[]): SightSummary {
  const persons = new Map<number, string>()
  const answers = files.flatMap((file) => {
    const { person, given } = readSheet(labels, file)
    const other = persons.get(person)
    if (other !== undefined)
      throw new UsageError(`${other} and ${file} are both of person ${person}: give each person one file.`)
    persons.set(person, file)
    return given
  })
  const rightOf = (is: (one: Answer) => boolean): Share | null => {
    const all = answers.filter(is)
    return share(all.filter(({ isRight }) => isRight).length, all.length)
  }
  const strengths = CONDITIONS.filter(({ side }, _, [first]) => side === first!.side)
  const treatments = ['clear', 'blur', 'drawn'] as const
  return {
    about: 'seized trial of sight 1',
    labelsSha256: labels.sha256,
    persons: persons.size,
    pictures: labels.items.length,
    conditions: CONDITIONS.map((one) => ({
      ...one,
      right: rightOf(
        ({ treatment, strength, side }) =>
          treatment === one.treatment && strength === one.strength && side === one.side,
      ),
    })),
    treatments: strengths.map(({ treatment, strength }) => ({
      treatment,
      strength,
      right: rightOf((one) => one.treatment === treatment && one.strength === strength),
    })),
    questions: labels.questions.flatMap((question) =>
      treatments.map((treatment) => ({
        question,
        treatment,
        right: rightOf((one) => one.question === question && one.treatment === treatment),
      })),
    ),
  }
}

function readSheet(
  { items, sha256 }: SightLabels,
  file: string,
): { person: number; given: readonly Answer[] } {
  const rows = rowsOfSheet(file)
  const lines = rows.slice(1).map((line) => [line[0]!, line.at(-1)!] as const)
  const answerTo = (id: string) => lines.find(([one]) => one === id)?.[1]
  if (answerTo('labels') !== sha256)
    throw new UsageError(`${file} is of other labels: give those with which its sheet was made.`)
  const person = Number(answerTo('person'))
  if (!Number.isInteger(person) || person < 1) throw new UsageError(`${file} names no person by number.`)
  const given = lines.flatMap(([id, answer], i): readonly Answer[] => {
    if (id === 'person' || id === 'labels' || answer === '') return []
    const [number = '', question = ''] = id.split(' ')
    const item = Number(number) - 1
    const right = items[item]?.answers.get(question)
    if (right === undefined) throw new UsageError(`Line ${i + 2} of ${file}: there is no question “${id}”.`)
    const isRight = answer.toLowerCase() === right.toLowerCase()
    return [{ ...conditionOf(item, person), question, isRight }]
  })
  return { person, given }
}
