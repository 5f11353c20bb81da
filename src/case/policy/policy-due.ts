/** Work that the policy of a case asks for, and how much of it is done: from the decisions in the log of the case. */
import { outcomeOf, type RecordedDecision, standing } from '../../ledger/custody/decisions.ts'
import { isDrawn } from '../../review/sample.ts'
import type { CasePolicy } from './case-policy.ts'

export interface PolicyDue {
  /** Contents with a decision that a second person must grade blind. */
  readonly blind: number
  /** Of these, contents that a second person graded. */
  readonly blindDone: number
  /** Contents on which persons differ and which a third person must settle. */
  readonly toSettle: number
}

type Decisions = ReadonlyMap<string, readonly RecordedDecision[]>

/** @param decisions of the case, by content */
export function dueUnder(policy: CasePolicy, decisions: Decisions): PolicyDue {
  const { scale, sample, categories } = policy
  let [blind, blindDone] = [0, 0]
  for (const [sha256, made] of decisions) {
    const stand = standing(made).filter((one) => one.scale === scale)
    if (stand.length === 0) continue
    const isWhole = stand.some(({ category }) => category !== null && categories.includes(category))
    if (isWhole || (sample !== null && isDrawn(sample, Buffer.from(sha256, 'hex')))) {
      blind++
      if (stand.length > 1) blindDone++
    }
  }
  return { blind, blindDone, toSettle: unsettledUnder(policy, decisions).length }
}

/** SHA-256 of contents on which persons differ and which a third person must settle. */
export function unsettledUnder({ scale, settle }: CasePolicy, decisions: Decisions): readonly string[] {
  return [...decisions].flatMap(([sha256, made]) => {
    const outcome = outcomeOf(made, scale)
    if (outcome.kind !== 'differing') return []
    return settle === null || outcome.categories.some((one) => settle.includes(one)) ? [sha256] : []
  })
}
