/** Stage results as the four columns result, reason, detail_code, detail_params, and back. */
import type { StageResult } from '../../contracts/stage.ts'
import { parseStoredJson, storedJson } from './stored-json.ts'

export type ResultValues = readonly [string | null, string | null, string | null, string | null]

export const NO_RESULT: ResultValues = [null, null, null, null]

export function resultValues(result: StageResult): ResultValues {
  if (result.result === 'done') return ['done', null, null, null]
  const { detail } = result
  return [
    result.result,
    result.reason,
    ...(detail === undefined ? ([null, null] as const) : (['text', storedJson({ text: detail })] as const)),
  ]
}

export function resultFromRow(
  result: string,
  reason: string | null,
  detailCode: string | null,
  detailParams: string | null,
): StageResult {
  if (result === 'done') return DONE
  const parts = { result, reason: reason ?? '' }
  if (detailCode === null) return parts as StageResult
  const { text } = parseStoredJson(detailParams ?? '{}') as { text: string }
  return { ...parts, detail: text } as StageResult
}

export const DONE: StageResult = { result: 'done' }

/** `done` has no reason; everything else has one. */
export function reasonOf(result: StageResult): string | null {
  return result.result === 'done' ? null : result.reason
}
