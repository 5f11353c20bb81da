/** The words of a difference between two ledgers, in the languages of the court's edition: src/diff finds, this says. */
import { printText } from '../../base/evidence-path.ts'
import type { Params } from '../../contracts/coded.ts'
import type { CourtKey, CourtTexts } from './texts.ts'

/** A message of the court's texts, or the bare place. */
export interface Said {
  readonly code: CourtKey | 'path'
  readonly params: Params
}

/** As src/diff tells it. */
export interface Change {
  readonly section: string
  readonly what: string
  readonly said: Said
  readonly cause: Said | null
}

const TITLES: Readonly<Record<string, CourtKey>> = {
  plan: 'diff-plan',
  stages: 'diff-stage',
  decided: 'diff-again',
  totals: 'diff-totals',
}

export function titleOf({ section, what }: Change, texts: CourtTexts): string {
  return texts.say(TITLES[section] ?? (`diff-${what}` as CourtKey))
}

/** One line, harmless on a terminal. */
export function inWords({ code, params }: Said, texts: CourtTexts): string {
  return printText(code === 'path' ? String(params.path) : texts.say(code, params))
}
