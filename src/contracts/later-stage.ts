/** The stages after a content was read and matched, one row each: what they are for, and when a plan asks for them. */

import type { Plan } from './case.ts'
import type { Phase, StageName } from './stage.ts'

/** A stage that examines contents of some media types, after they were read and matched. */
export interface LaterStageRow {
  readonly name: Exclude<StageName, 'read' | 'matched'>
  readonly phase: Phase
  /** Bit of content.applicable: stored with a content when it is first read, so that a ledger keeps its own answer. */
  readonly bit: number
  /** Column of the table of media types that says which types it is for. */
  readonly family: 'holds' | 'look' | 'text'
  /** Reason for every other type. */
  readonly inapplicable: 'not-a-container' | 'not-a-picture' | 'no-text'
  /** Whether the plan asks for it, beyond its phase. */
  readonly asked: (plan: Plan) => boolean
  /** Why what it is for is left all the same, where its phase is asked for. */
  readonly withheld: (plan: Plan) => 'not-opened' | null
}

/** What the rules of stage results, resume, rematch and the media types loop over. */
export const LATER_STAGES: readonly LaterStageRow[] = [
  {
    name: 'opened',
    phase: 'known',
    bit: 1,
    family: 'holds',
    inapplicable: 'not-a-container',
    asked: () => true,
    withheld: ({ options }) => (options.open ? null : 'not-opened'),
  },
  {
    name: 'looked-at',
    phase: 'unknown',
    bit: 2,
    family: 'look',
    inapplicable: 'not-a-picture',
    asked: () => true,
    withheld: () => null,
  },
  {
    name: 'text-read',
    phase: 'unknown',
    bit: 4,
    family: 'text',
    inapplicable: 'no-text',
    asked: ({ options }) => options.textBasis !== null,
    withheld: () => null,
  },
]

export function laterStage(name: LaterStageRow['name']): LaterStageRow {
  return LATER_STAGES.find((row) => row.name === name)!
}

export function isStageAsked(name: StageName, plan: Plan): boolean {
  const row = LATER_STAGES.find((one) => one.name === name)
  return row ? plan.phases.includes(row.phase) && row.asked(plan) : plan.phases.includes('known')
}
