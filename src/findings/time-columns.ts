/** One time as the columns time_s, time_ns and time_basis, and back. */
import { timeBasis, timesOf } from '../base/time-basis.ts'
import type { FileTime } from '../contracts/entry.ts'
import type { Cell, FindingRow } from './finding-kind.ts'

export const TIME = ['time_s int?', 'time_ns int?', 'time_basis text?'] as const

export const NO_TIME: readonly Cell[] = [null, null, null]

const SECOND = 1_000_000_000n
const NO_TIMES = { modified: null, changed: null, accessed: null, born: null } as const

export function timeCells(time: FileTime): readonly Cell[] {
  const ns = ((time.ns % SECOND) + SECOND) % SECOND
  return [(time.ns - ns) / SECOND, ns, timeBasis({ ...NO_TIMES, modified: time })]
}

/** @param row all integers big */
export function timeFromRow({ time_s, time_ns, time_basis }: FindingRow): FileTime | null {
  if (typeof time_s !== 'bigint') return null
  const ns = time_s * SECOND + (typeof time_ns === 'bigint' ? time_ns : 0n)
  return timesOf(time_basis as string, [ns, null, null, null]).modified
}
