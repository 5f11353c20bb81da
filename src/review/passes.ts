/**
 * The contents of a pass, and the condition for a content to be done in it.
 *
 * First: all contents, by their previews. Second: contents that need a second look, and every category that a report
 * lists.
 * Peer: contents that others decided on, sampled by a seeded rule, without their decisions. Adjudicate: contents on
 * which two persons differ.
 */
import type { Pass } from '../contracts/custody.ts'
import type { ScaleTable } from '../match/records/scale.ts'
import type { Catalogue } from './catalogue.ts'
import type { DecidedContents } from './decided.ts'
import { PageRefusal } from './page-refusal.ts'
import type { Queue } from './said.ts'
import { isDrawn, type Sample } from './sample.ts'

export interface PassAsked {
  readonly pass: Pass
  readonly operator: string
  readonly scale: ScaleTable
  /** Only for `peer`; null: all contents. */
  readonly sample: Sample | null
  /** Only for `peer`: contents of these categories are all graded again, independent of the sample. */
  readonly categories: readonly string[]
}

/** Numbers of the catalogue, in its order. */
export function contentsOf(asked: PassAsked, catalogue: Catalogue, decided: DecidedContents): Int32Array {
  const numbers = Int32Array.from({ length: catalogue.size }, (_, i) => i)
  if (asked.pass === 'first') return numbers
  return numbers.filter((number) => belongs(asked, number, catalogue, decided))
}

function belongs(
  { pass, operator, scale, sample, categories }: PassAsked,
  number: number,
  catalogue: Catalogue,
  decided: DecidedContents,
): boolean {
  if (pass === 'adjudicate') return decided.outcome(number).kind === 'differing'
  const standing = decided.standing(number)
  if (pass === 'second')
    return decided.needsEyes(number, null) || standing.some(({ category }) => isReported(scale, category))
  const others = standing.filter((one) => one.operator !== operator)
  if (others.length === 0) return false
  if (others.some(({ category }) => category !== null && categories.includes(category))) return true
  // With categories alone, no sample of the other contents is drawn.
  if (sample === null) return categories.length === 0
  return isDrawn(sample, catalogue.sha256Bytes(number))
}

/** Whether the category means more than that the content does not matter. */
function isReported({ categories }: ScaleTable, category: string | null): boolean {
  return category !== null && categories[category]?.meaning !== 'known'
}

export function isDone(
  { pass, operator }: Pick<PassAsked, 'pass' | 'operator'>,
  number: number,
  decided: DecidedContents,
): boolean {
  const mine = decided.mine(number)
  switch (pass) {
    case 'first':
      return mine !== null || decided.needsEyes(number, operator)
    case 'second':
      return mine !== null && mine.pass !== 'first'
    case 'peer':
      return mine !== null
    case 'adjudicate':
      return decided.outcome(number).kind !== 'differing'
  }
}

/** Whether the content belongs to a subset of the pass. @throws UsageError where a blind pass asks for the decisions of others */
export function isInQueue(
  { pass, operator }: Pick<PassAsked, 'pass' | 'operator'>,
  queue: Exclude<Queue, 'rescue'>,
  number: number,
  decided: DecidedContents,
): boolean {
  switch (queue) {
    case 'all':
      return true
    case 'left':
      return !isDone({ pass, operator }, number, decided)
    case 'needs-eyes':
      return decided.needsEyes(number, pass === 'peer' ? operator : null)
    case 'differing':
      if (pass === 'peer') throw new PageRefusal('refused-blind')
      return decided.outcome(number).kind === 'differing'
  }
}
