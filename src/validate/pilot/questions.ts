/** Questions of a pilot, and their possible answers. */
import type { PilotKey } from '../model/texts.ts'

export interface Question {
  readonly id: PilotKey
  readonly least: number
  readonly most: number
  readonly isWhole: boolean
}

const grade = (id: PilotKey): Question => ({ id, least: 1, most: 5, isWhole: true })

/** Odd ones speak for the program, even ones against it. */
export const SUS: readonly Question[] = (
  ['sus-1', 'sus-2', 'sus-3', 'sus-4', 'sus-5', 'sus-6', 'sus-7', 'sus-8', 'sus-9', 'sus-10'] as const
).map(grade)

export const OWN_QUESTIONS: readonly Question[] = [
  // A working week of minutes: more is a slip of the pen.
  { id: 'first-hit', least: 0, most: 2400, isWhole: false },
  { id: 'missed', least: 0, most: 10_000, isWhole: true },
  { id: 'needless', least: 0, most: 10, isWhole: true },
  grade('trust'),
  grade('strain'),
  grade('would-use'),
]

export const QUESTIONS: readonly Question[] = [...SUS, ...OWN_QUESTIONS]
