/** Entries as rows of the table `entry`, and back. Unsigned 64-bit numbers are stored as SQLite's signed ones. */

import { depthOf, parseEvidencePath } from '../../base/evidence-path.ts'
import { timeBasis, timesOf } from '../../base/time-basis.ts'
import type { Entry, EntryKind, EntryTimes, FileTime } from '../../contracts/entry.ts'
import type { StageResult } from '../../contracts/stage.ts'
import { resultFromRow, resultValues } from './result-row.ts'
import type { Value } from './tables.ts'

/** A row of `entry` as read with big integers. */
export interface EntryRow {
  readonly id: bigint
  readonly path: Buffer
  readonly steps: bigint
  readonly kind: string
  readonly size: bigint
  readonly allocated: bigint | null
  readonly modified_s: bigint | null
  readonly modified_ns: bigint | null
  readonly changed_s: bigint | null
  readonly changed_ns: bigint | null
  readonly accessed_s: bigint | null
  readonly accessed_ns: bigint | null
  readonly born_s: bigint | null
  readonly born_ns: bigint | null
  readonly time_basis: string | null
  readonly device: bigint | null
  readonly inode: bigint | null
  readonly links: bigint | null
  readonly mode: bigint | null
  readonly uid: bigint | null
  readonly gid: bigint | null
  readonly link_target: Buffer | null
  readonly band: bigint
  readonly parent: bigint | null
  readonly parent_stage: string | null
  readonly walk_result: string | null
  readonly walk_reason: string | null
  readonly walk_detail: string | null
}

/** Where a derived entry came from: the content that was opened, and the stage that opened it. */
export interface Origin {
  readonly parentContentId: number
  readonly stage: string
}

/** Values in the column order of tables.ts. */
export function entryValues(
  id: number,
  entry: Entry,
  origin: Origin | null,
  walked: StageResult | null,
): Value[] {
  const { modified, changed, accessed, born } = entry.times
  return [
    id,
    entry.path.bytes,
    depthOf(entry.path),
    entry.kind,
    compact(entry.sizeBytes),
    entry.allocatedBytes === null ? null : compact(entry.allocatedBytes),
    ...seconds(modified),
    ...seconds(changed),
    ...seconds(accessed),
    ...seconds(born),
    timeBasis(entry.times),
    signed(entry.device),
    signed(entry.inode),
    signed(entry.links),
    entry.mode,
    entry.uid,
    entry.gid,
    entry.linkTarget,
    entry.band,
    origin?.parentContentId ?? null,
    origin?.stage ?? null,
    ...(walked ? resultValues(walked) : [null, null, null]),
  ]
}

export function entryFromRow(row: EntryRow): Entry {
  return {
    path: parseEvidencePath(row.path),
    kind: row.kind as EntryKind,
    sizeBytes: row.size,
    allocatedBytes: row.allocated,
    times: timesFromRow(row),
    device: unsigned(row.device),
    inode: unsigned(row.inode),
    links: unsigned(row.links),
    mode: row.mode === null ? null : Number(row.mode),
    uid: row.uid === null ? null : Number(row.uid),
    gid: row.gid === null ? null : Number(row.gid),
    linkTarget: row.link_target,
    band: Number(row.band),
  }
}

export function walkedFromRow(row: EntryRow): StageResult | null {
  return row.walk_result === null ? null : resultFromRow(row.walk_result, row.walk_reason, row.walk_detail)
}

/** The nanoseconds of a stored time, or null. */
export function nanoseconds(s: bigint | null, ns: bigint | null): bigint | null {
  return s === null || ns === null ? null : s * BILLION + ns
}

export function signed(value: bigint | null): number | bigint | null {
  return value === null ? null : compact(BigInt.asIntN(64, value))
}

export function unsigned(value: bigint | null): bigint | null {
  return value === null ? null : BigInt.asUintN(64, value)
}

const BILLION = 1_000_000_000n

/** Numbers bind and encode faster than big integers; what is not exact as a number stays big. */
function compact(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

// Seconds and nanoseconds apart: one 64-bit count of nanoseconds ends in 2262, and file systems store later years.
function seconds(time: FileTime | null): [number | bigint | null, number | null] {
  if (time === null) return [null, null]
  const below = Number(time.ns % BILLION)
  const ns = below < 0 ? below + 1_000_000_000 : below
  return [compact((time.ns - BigInt(ns)) / BILLION), ns]
}

function timesFromRow(row: EntryRow): EntryTimes {
  return timesOf(row.time_basis, [
    nanoseconds(row.modified_s, row.modified_ns),
    nanoseconds(row.changed_s, row.changed_ns),
    nanoseconds(row.accessed_s, row.accessed_ns),
    nanoseconds(row.born_s, row.born_ns),
  ])
}
