/** Stage results as the four columns result, reason, detail_code, detail_params, and back. */
import { codedIn } from '../../base/coded.ts'
import { parseStoredJson, storedJson } from '../../base/stored-json.ts'
import { DETAILS, type Detail } from '../../contracts/detail.ts'
import type { ReasonCode } from '../../contracts/reason.ts'
import type { StageResult } from '../../contracts/stage.ts'

export type ResultValues = readonly [string | null, string | null, string | null, string | null]

export const NO_RESULT: ResultValues = [null, null, null, null]

export function resultValues(result: StageResult): ResultValues {
  if (result.result === 'done') return ['done', null, null, null]
  const { detail } = result
  return [
    result.result,
    result.reason,
    ...(detail === null ? ([null, null] as const) : ([detail.code, storedJson(detail.params)] as const)),
  ]
}

export function resultFromRow(
  result: string,
  reason: string | null,
  detailCode: string | null,
  detailParams: string | null,
): StageResult {
  if (result === 'done') return DONE
  const detail = detailCode === null ? null : detailOf(detailCode, parseStoredJson(detailParams ?? '{}'))
  return { result, reason, detail } as StageResult
}

/**
 * A detail whose code this program does not know is a sentence of a ledger before format 3, or damage. It is shown
 * unchanged.
 */
function detailOf(code: string, params: unknown): Detail {
  const coded = codedIn(DETAILS, code, params)
  if (coded) return coded
  const text = String((params as { readonly text?: unknown } | null)?.text ?? code)
  return { code: 'as-written', params: { text } }
}

export const DONE: StageResult = { result: 'done' }

/** Null for `done`, which has no reason; every other result has a reason. */
export function reasonOf(result: StageResult): ReasonCode | null {
  return result.result === 'done' ? null : result.reason
}
