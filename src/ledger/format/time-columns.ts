/** One time as the columns time_s, time_ns and time_basis, and back. */
import { timeBasis, timesOf } from '../../base/time-basis.ts'
import type { FileTime } from '../../contracts/entry.ts'
import type { Value } from './tables.ts'

const SECOND = 1_000_000_000n

export function timeValues(time: FileTime): [Value, Value, Value] {
  const ns = ((time.ns % SECOND) + SECOND) % SECOND
  return [(time.ns - ns) / SECOND, ns, timeBasis({ ...NO_TIMES, modified: time })]
}

export function timeFromRow(row: Readonly<Record<string, unknown>>): FileTime | null {
  if (row.time_s === null) return null
  const ns = BigInt(row.time_s as bigint) * SECOND + BigInt((row.time_ns as bigint | null) ?? 0n)
  return timesOf(row.time_basis as string, [ns, null, null, null]).modified
}

const NO_TIMES = { modified: null, changed: null, accessed: null, born: null } as const
