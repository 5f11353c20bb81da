/**
 * What every answer of a child is checked with: it has parsed hostile bytes, so each text is bounded and escaped, each
 * number has a range, and each reason is one of ours, before anything of it can reach a ledger.
 */

import { codedIn } from '../../base/coded.ts'
import { printable } from '../../base/printable.ts'
import { ATTRIBUTES, type Attribute } from '../../contracts/attribute.ts'
import { DETAILS, type Detail } from '../../contracts/detail.ts'
import type { Score } from '../../contracts/finding.ts'
import { REASONS, type Reason, type ReasonCode } from '../../contracts/reason.ts'
import type { StageOutcome, StageResult } from '../../contracts/stage.ts'

export class ImplausibleReply extends Error {
  constructor(what: string, options?: ErrorOptions) {
    super(`A decoding process answered with ${what}.`, options)
    this.name = 'ImplausibleReply'
  }
}

/**
 * What a check makes of an answer; any other error than its own means a field of another form than agreed.
 * @throws ImplausibleReply
 */
export function plausible<T>(check: () => T): T {
  try {
    return check()
  } catch (error) {
    throw error instanceof ImplausibleReply
      ? error
      : new ImplausibleReply('fields of another form', { cause: error })
  }
}

/** @throws ImplausibleReply */
export function checkedResult(result: StageResult): StageResult {
  if (result.result === 'done') return { result: 'done' }
  const outcome = oneOf(['done-with-warnings', 'not-applicable', 'not-done'] as const, result.result)
  if (!isReason(outcome, result.reason)) throw new ImplausibleReply('an unknown reason')
  return { result: outcome, reason: result.reason, detail: checkedDetail(result.detail) }
}

/** @throws ImplausibleReply */
export function checkedScore(score: Score): Score {
  const { thresholdPer10k } = score
  return {
    kind: 'score',
    classifier: checkedText(score.classifier, 100),
    modelSha256: checkedText(score.modelSha256, 64),
    label: checkedText(score.label, 100),
    scorePer10k: checkedInteger(score.scorePer10k, 10_000),
    thresholdPer10k: thresholdPer10k === null ? null : checkedInteger(thresholdPer10k, 10_000),
  }
}

/** @throws ImplausibleReply */
export function checkedAttribute({ code, params }: Attribute): Attribute {
  const checked = codedIn(ATTRIBUTES, code, params, bounded)
  if (checked === null) throw new ImplausibleReply('an unknown attribute')
  return { kind: 'attribute', ...checked }
}

/** @throws ImplausibleReply */
export function checkedDetail(detail: Detail | null): Detail | null {
  if (detail === null) return null
  const checked = codedIn(DETAILS, detail.code, detail.params, bounded)
  if (checked === null) throw new ImplausibleReply('an unknown detail')
  return checked
}

const PARAM_CHARACTERS = 300

function bounded(text: string): string {
  return printable(text, PARAM_CHARACTERS)
}

/** Escaped and cut. @throws ImplausibleReply */
export function checkedText(value: unknown, limit: number): string {
  if (typeof value !== 'string') throw new ImplausibleReply('something else than text')
  return printable(value, limit)
}

/** Whole, from 0. @throws ImplausibleReply */
export function checkedInteger(value: unknown, most: number): number {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > most)
    throw new ImplausibleReply('a number out of range')
  return value as number
}

/** @throws ImplausibleReply */
export function oneOf<T extends string>(allowed: readonly T[], value: unknown): T {
  const found = allowed.find((one) => one === value)
  if (!found) throw new ImplausibleReply('an unknown word')
  return found
}

function isReason(outcome: StageOutcome, code: unknown): code is ReasonCode {
  if (typeof code !== 'string' || !Object.hasOwn(REASONS, code)) return false
  const { outcomes } = REASONS[code as ReasonCode] as Reason
  return outcomes.some((allowed) => allowed === outcome)
}
