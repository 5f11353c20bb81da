/** Work that the policy of a case asks for, and how much of it is done: from the decisions in the log of the case. */
import type { CustodyEvent } from '../../contracts/custody.ts'
import { decisionsOf, outcomeOf, standing } from '../../ledger/custody/decisions.ts'
import { isDrawn } from '../../review/passes.ts'
import type { CasePolicy } from './case-policy.ts'

export interface PolicyDue {
  /** Contents with a decision that a second person must grade blind. */
  readonly blind: number
  /** Of these, contents that a second person graded. */
  readonly blindDone: number
  /** Contents on which persons differ and which a third person must settle. */
  readonly toSettle: number
}

export function dueUnder(
  { scale, sample, categories, settle }: CasePolicy,
  events: readonly CustodyEvent[],
): PolicyDue {
  let [blind, blindDone, toSettle] = [0, 0, 0]
  for (const [sha256, made] of decisionsOf(events)) {
    const stand = standing(made).filter((one) => one.scale === scale)
    if (stand.length === 0) continue
    const isWhole = stand.some(({ category }) => category !== null && categories.includes(category))
    if (isWhole || (sample !== null && isDrawn(sample, Buffer.from(sha256, 'hex')))) {
      blind++
      if (stand.length > 1) blindDone++
    }
    const outcome = outcomeOf(made, scale)
    if (outcome.kind !== 'differing') continue
    if (settle === null || outcome.categories.some((category) => settle.includes(category))) toSettle++
  }
  return { blind, blindDone, toSettle }
}
