/** All times and digests of a record as the columns time_kind, more_times and digests (format 4), and back. */
import { parseStoredJson, storedJson } from '../base/stored-json.ts'
import { timeBasis, timesOf } from '../base/time-basis.ts'
import type { RecordFacts, RecordTime, RecordTimeKind } from '../contracts/record-time.ts'
import type { Cell, FindingRow } from './finding-kind.ts'
import { timeCells } from './time-columns.ts'

export const RECORD_FACTS = ['time_kind text?', 'more_times text?', 'digests text?'] as const

/** Of `more_times`: one in its JSON list. */
interface StoredTime {
  readonly kind: string
  readonly s: number
  readonly ns: number
  readonly basis: string
}

/** @param known digests that stand in a column of their own */
export function recordFactCells(
  { whenKind, moreTimes, digests }: RecordFacts,
  known: RecordFacts['digests'] = {},
): readonly Cell[] {
  const others = Object.entries(digests).some(([algorithm, digest]) => known[algorithm] !== digest)
  return [
    whenKind,
    moreTimes.length === 0 ? null : storedJson(moreTimes.map(storedTime)),
    others ? storedJson(digests) : null,
  ]
}

/** @param known as given to {@link recordFactCells} */
export function recordFactsFromRow(row: FindingRow, known: RecordFacts['digests'] = {}): RecordFacts {
  const times = row.more_times === null ? [] : (parseStoredJson(row.more_times as string) as StoredTime[])
  return {
    whenKind: row.time_kind as RecordTimeKind | null,
    moreTimes: times.map(timeOf),
    digests:
      row.digests === null ? known : (parseStoredJson(row.digests as string) as RecordFacts['digests']),
  }
}

function storedTime({ kind, when }: RecordTime): StoredTime {
  const [s, ns] = timeCells(when)
  return { kind, s: Number(s), ns: Number(ns), basis: timeBasis({ ...NO_TIMES, modified: when })! }
}

function timeOf({ kind, s, ns, basis }: StoredTime): RecordTime {
  const time = timesOf(basis, [BigInt(s) * 1_000_000_000n + BigInt(ns), null, null, null])
  return { kind: kind as RecordTimeKind, when: time.modified! }
}

const NO_TIMES = { modified: null, changed: null, accessed: null, born: null } as const
