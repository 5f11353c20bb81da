/** Stages, what becomes of a subject in one, and what the operator may ask to run. */
import type { Detail } from './detail.ts'
import { OUTCOMES_WITH_REASON, type ReasonCode } from './reason.ts'

/** In the order of the straight line. */
export const STAGES = ['read', 'matched', 'opened', 'looked-at', 'text-read'] as const

export type StageName = (typeof STAGES)[number]

export const STAGE_OUTCOMES = ['done', ...OUTCOMES_WITH_REASON] as const

export type StageOutcome = (typeof STAGE_OUTCOMES)[number]

export type StageResult =
  | { readonly result: 'done' }
  | {
      readonly result: (typeof OUTCOMES_WITH_REASON)[number]
      readonly reason: ReasonCode
      readonly detail: Detail | null
    }

export function notDone(reason: ReasonCode, detail: Detail | null = null): StageResult {
  return { result: 'not-done', reason, detail }
}

export function notApplicable(reason: ReasonCode, detail: Detail | null = null): StageResult {
  return { result: 'not-applicable', reason, detail }
}

export function outOfScope(reason: ReasonCode): StageResult {
  return { result: 'out-of-scope', reason, detail: null }
}

export function withWarnings(reason: ReasonCode, detail: Detail): StageResult {
  return { result: 'done-with-warnings', reason, detail }
}

export const PHASES = ['inventory', 'known', 'unknown'] as const

export type Phase = (typeof PHASES)[number]
