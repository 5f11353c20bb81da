/**
 * The result of an entry in every stage, as a pure function of the ledger's rows about the entry and of the plan.
 * Reader, coverage, seal and verification all use this function, so that they cannot disagree.
 */
import type { Plan } from '../../contracts/case.ts'
import type { EntryKind } from '../../contracts/entry.ts'
import {
  isStageAsked,
  LATER_STAGES,
  type LaterStage,
  laterStage,
  type StageName,
  type StageOutcome,
  type StageResult,
  UNRECOGNISED_BIT,
} from '../../contracts/stage.ts'
import { inMediaScope } from './applicability.ts'
import { DONE } from './result-row.ts'

export interface ContentFacts {
  readonly mediaType: string
  readonly empty: boolean
  /** Bit mask of stages (applicability.ts). */
  readonly applicable: number
  readonly matched: StageResult
  readonly suppressed: boolean
  readonly examined: (stage: LaterStage) => StageResult | null
}

export interface EntryFacts {
  readonly kind: EntryKind
  /** Result that the walk recorded, for an entry that is never read. */
  readonly walked: StageResult | null
  readonly reading: StageResult | null
  readonly content: ContentFacts | null
}

export type StageResults = Readonly<Record<StageName, StageResult>>

export function stagesOf(entry: EntryFacts, plan: Plan): StageResults {
  const read = readOf(entry, plan)
  return {
    read,
    matched: entry.content?.matched ?? withoutContent(entry, read),
    ...later(entry, read, plan),
  }
}

/** The result of a content in a later stage. Null when the content waits for that stage. */
export function contentStage(stage: LaterStage, content: ContentFacts, plan: Plan): StageResult | null {
  const examined = content.examined(stage)
  if (examined) return examined
  if (content.empty) return NO_CONTENT
  if (!isStageAsked(stage, plan)) return NOT_ASKED
  if (content.suppressed) return KNOWN
  if (!inMediaScope(content.mediaType, plan.scope)) return OUT_OF_MEDIA_SCOPE
  const { bit, inapplicable, withheld } = laterStage(stage)
  if ((content.applicable & bit) === 0)
    return interned('not-applicable', content.applicable & UNRECOGNISED_BIT ? 'not-recognised' : inapplicable)
  const why = withheld(plan)
  return why === null ? null : interned('not-done', why)
}

function later(entry: EntryFacts, read: StageResult, plan: Plan): Readonly<Record<LaterStage, StageResult>> {
  const results = {} as Record<LaterStage, StageResult>
  for (const { name } of LATER_STAGES) results[name] = laterOf(name, entry, read, plan)
  return results
}

function readOf(entry: EntryFacts, plan: Plan): StageResult {
  if (entry.walked) return entry.walked
  if (entry.reading) return entry.reading
  return plan.phases.includes('known') ? NOT_REACHED : NOT_ASKED
}

function laterOf(stage: LaterStage, entry: EntryFacts, read: StageResult, plan: Plan): StageResult {
  if (entry.content) return contentStage(stage, entry.content, plan) ?? NOT_REACHED
  if (hasContent(entry) && !isStageAsked(stage, plan)) return NOT_ASKED
  return withoutContent(entry, read)
}

/** The result of a stage for an entry without a content. @param read the reason why there is no content */
function withoutContent(entry: EntryFacts, read: StageResult): StageResult {
  if (read.result === 'not-applicable' || !hasContent(entry)) return NO_CONTENT
  if (read.result === 'out-of-scope') return interned(read.result, read.reason)
  return read.result === 'not-done' && read.reason === 'not-reached' ? NOT_REACHED : UNREAD
}

/** True when the entry has content or may have: an entry that could not be examined may be a file. */
function hasContent(entry: EntryFacts): boolean {
  return entry.kind === 'file' || entry.kind === 'unknown'
}

const cache = new Map<string, StageResult>()

/** The one object for a result without detail, so that counting can compare by identity. */
export function interned(result: StageOutcome, reason: string | null): StageResult {
  if (result === 'done') return DONE
  const key = `${result} ${reason}`
  const known = cache.get(key)
  if (known) return known
  const made = Object.freeze({ result, reason, detail: null }) as StageResult
  cache.set(key, made)
  return made
}

const NO_CONTENT = interned('not-applicable', 'no-content')
const KNOWN = interned('not-applicable', 'known')
const NOT_ASKED = interned('out-of-scope', 'stage-not-asked')
const OUT_OF_MEDIA_SCOPE = interned('out-of-scope', 'scope-media-type')
const NOT_REACHED = interned('not-done', 'not-reached')
const UNREAD = interned('not-done', 'unread')
