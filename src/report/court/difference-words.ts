/**
 * The words of a difference between two ledgers, in the languages of the court's edition. src/diff finds the
 * differences; this module words them.
 */
import { printable } from '../../base/printable.ts'
import type { Params } from '../../contracts/coded.ts'
import type { CourtKey, CourtTexts } from './texts.ts'

/** A message of the court's texts, or the bare place. */
export interface Said {
  readonly code: CourtKey | 'path'
  readonly params: Params
}

/** A difference as src/diff reports it. */
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
  if (what === 'means') return texts.say('diff-reading')
  return texts.say(TITLES[section] ?? (`diff-${what}` as CourtKey))
}

/** One line that is safe to print on a terminal. Places are escaped already, so they are not escaped again. */
export function inWords({ code, params }: Said, texts: CourtTexts): string {
  return printable(code === 'path' ? String(params.path) : texts.say(code, params), Number.POSITIVE_INFINITY)
}
