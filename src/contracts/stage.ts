/** Stages, what becomes of a subject in one, and what the operator may ask to run. */

/** In the order of the straight line. */
export const STAGES = ['read', 'matched', 'opened', 'looked-at', 'text-read'] as const

export type StageName = (typeof STAGES)[number]

export const STAGE_OUTCOMES = [
  'done',
  'done-with-warnings',
  'not-applicable',
  'out-of-scope',
  'not-done',
] as const

export type StageOutcome = (typeof STAGE_OUTCOMES)[number]

export type StageResult =
  | { readonly result: 'done' }
  | {
      readonly result: 'done-with-warnings' | 'not-applicable' | 'out-of-scope' | 'not-done'
      readonly reason: string
      /** A short sentence for a person: sizes, an errno, an offset. Never bytes from the exhibit unescaped. */
      readonly detail?: string
    }

export const PHASES = ['inventory', 'known', 'unknown'] as const

export type Phase = (typeof PHASES)[number]
