/**
 * What every answer of a child is checked with: it has parsed hostile bytes, so each text is bounded and escaped, each
 * number has a range, and each reason is one of ours, before anything of it can reach a ledger.
 */

import { printable } from '../base/printable.ts'
import { REASONS, type Reason, type ReasonCode } from '../base/reasons.ts'
import type { Attribute, Score } from '../contracts/finding.ts'
import type { StageOutcome, StageResult } from '../contracts/stage.ts'

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
  const detail = result.detail === undefined ? {} : { detail: checkedText(result.detail, 300) }
  return { result: outcome, reason: result.reason, ...detail }
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
export function checkedAttribute({ name, value }: Attribute): Attribute {
  return { kind: 'attribute', name: checkedText(name, 100), value: checkedText(value, 500) }
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
