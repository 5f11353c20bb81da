/** Stages, stage results, and the phases that the operator can select. */
import { ADDRESS_NOTES } from './address-note.ts'
import type { Detail } from './detail.ts'
import { OUTCOMES_WITH_REASON, type ReasonCode } from './reason.ts'
import { RECORD_NOTES } from './record-note.ts'
import { TEXT_NOTES } from './text-note.ts'

/** In pipeline order. */
export const STAGES = ['read', 'matched', 'opened', 'records-read', 'looked-at', 'text-read'] as const

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

export function withWarnings(reason: ReasonCode, detail: Detail | null = null): StageResult {
  return { result: 'done-with-warnings', reason, detail }
}

export const PHASES = ['inventory', 'known', 'unknown'] as const

export type Phase = (typeof PHASES)[number]

/** A stage that examines contents of some media types, after hashing and hash lookup. */
export interface LaterStageRow {
  readonly phase: Phase
  /**
   * Bit of content.applicable. It is stored at the first reading of a content, so a ledger keeps the decision of its
   * version.
   */
  readonly bit: number
  /** Column of the media type table that selects the types for this stage. */
  readonly family: 'holds' | 'records' | 'look' | 'text'
  /** Reason for every other type. */
  readonly inapplicable: 'not-a-container' | 'no-records' | 'not-a-picture' | 'no-text'
  /** Whether the options of the plan request this stage (its phase is checked separately). */
  readonly asked: (plan: Asking) => boolean
  /** Reason for skipping applicable contents although the phase was requested; null: not skipped. */
  readonly withheld: (plan: Asking) => 'not-opened' | null
  /**
   * Whether a finding of a content belongs to this stage; null: the stage has all findings that no other stage claims.
   */
  readonly finds: ((finding: FindingName) => boolean) | null
}

/** The parts of a plan that select stages. */
interface Asking {
  readonly phases: readonly Phase[]
  readonly options: { readonly open: boolean; readonly textBasis: string | null; readonly records?: true }
}

interface FindingName {
  readonly kind: string
  readonly classifier?: string
  readonly code?: string
}

/**
 * Bit of content.applicable: no signature matched the content, so no stage can exclude that the content is one of its
 * own. Ledgers older than this bit keep their decisions.
 */
export const UNRECOGNISED_BIT = 16

export type LaterStage = Exclude<StageName, 'read' | 'matched'>

export const TEXT_CLASSIFIERS = ['grooming', 'job-offer', 'agency-terms'] as const
const TEXT_ATTRIBUTES = ['term-in-text', ...Object.keys(TEXT_NOTES), ...Object.keys(ADDRESS_NOTES)]

/** One row per stage. Stage results, resume, rematch and media types iterate over these rows. */
const ROWS: { readonly [S in LaterStage]: LaterStageRow } = {
  opened: {
    phase: 'known',
    bit: 1,
    family: 'holds',
    inapplicable: 'not-a-container',
    asked: () => true,
    withheld: ({ options }) => (options.open ? null : 'not-opened'),
    finds: () => false,
  },
  'records-read': {
    phase: 'known',
    bit: 8,
    family: 'records',
    inapplicable: 'no-records',
    asked: ({ options }) => options.records === true,
    withheld: () => null,
    finds: ({ kind, code }) =>
      kind === 'reference' ||
      (kind === 'attribute' && code !== undefined && Object.hasOwn(RECORD_NOTES, code)),
  },
  'looked-at': {
    phase: 'unknown',
    bit: 2,
    family: 'look',
    inapplicable: 'not-a-picture',
    asked: () => true,
    withheld: () => null,
    finds: null,
  },
  'text-read': {
    phase: 'unknown',
    bit: 4,
    family: 'text',
    inapplicable: 'no-text',
    asked: ({ options }) => options.textBasis !== null,
    withheld: () => null,
    finds: ({ kind, classifier, code }) =>
      kind === 'signal' ||
      TEXT_CLASSIFIERS.some((one) => one === classifier) ||
      (code !== undefined && TEXT_ATTRIBUTES.includes(code)),
  },
}

/** In pipeline order. */
export const LATER_STAGES: readonly (LaterStageRow & { readonly name: LaterStage })[] = STAGES.flatMap(
  (name) => (name === 'read' || name === 'matched' ? [] : [{ name, ...ROWS[name] }]),
)

export function laterStage(name: LaterStage): LaterStageRow {
  return ROWS[name]
}

export function isStageAsked(name: StageName, plan: Asking): boolean {
  if (name === 'read' || name === 'matched') return plan.phases.includes('known')
  return plan.phases.includes(ROWS[name].phase) && ROWS[name].asked(plan)
}

/** The stage that made a finding of a content. */
export function stageOfFinding(finding: FindingName): LaterStage {
  const claims = LATER_STAGES.find(({ finds }) => finds?.(finding))
  return (claims ?? LATER_STAGES.find(({ finds }) => finds === null))!.name
}
