/** Stage results as the three columns result, reason, detail, and back. */
import type { StageResult } from '../../contracts/stage.ts'

export function resultValues(result: StageResult): [string, string | null, string | null] {
  return result.result === 'done'
    ? ['done', null, null]
    : [result.result, result.reason, result.detail ?? null]
}

export function resultFromRow(result: string, reason: string | null, detail: string | null): StageResult {
  if (result === 'done') return DONE
  const parts = { result, reason: reason ?? '' }
  return (detail === null ? parts : { ...parts, detail }) as StageResult
}

export const DONE: StageResult = { result: 'done' }

/** `done` has no reason; everything else has one. */
export function reasonOf(result: StageResult): string | null {
  return result.result === 'done' ? null : result.reason
}
