/** Entries as rows of the table `entry`, and back. Unsigned 64-bit numbers are stored as SQLite's signed ones. */

import { depthOf } from '../../base/evidence-path.ts'
import { parseStoredJson, storedJson } from '../../base/stored-json.ts'
import { timeBasis, timesOf } from '../../base/time-basis.ts'
import type { ContentPlace } from '../../contracts/content-place.ts'
import type { Entry, EntryKind, EntryTimes, EvidencePath, FileTime, OnImage } from '../../contracts/entry.ts'
import type { StageResult } from '../../contracts/stage.ts'
import type { NodeRow } from './evidence-tree.ts'
import { NO_RESULT, resultFromRow, resultValues } from './result-row.ts'
import type { Value } from './tables.ts'

/** A row of `entry` as read with big integers. */
export interface EntryRow extends TimeRow {
  readonly id: bigint
  readonly above: bigint
  readonly step: string
  readonly name: Buffer
  readonly kind: string
  readonly size: bigint
  readonly allocated: bigint | null
  readonly device: bigint | null
  readonly inode: bigint | null
  readonly links: bigint | null
  readonly mode: bigint | null
  readonly uid: bigint | null
  readonly gid: bigint | null
  readonly link_target: Buffer | null
  readonly band: bigint
  readonly volume: bigint | null
  readonly status: string
  readonly basis: string | null
  readonly record: bigint | null
  readonly sequence: bigint | null
  readonly located: string | null
  readonly notes: string | null
  readonly parent: bigint | null
  readonly parent_stage: string | null
  readonly walk_result: string | null
  readonly walk_reason: string | null
  readonly walk_detail_code: string | null
  readonly walk_detail_params: string | null
}

export interface TimeRow {
  readonly modified_s: bigint | null
  readonly modified_ns: bigint | null
  readonly changed_s: bigint | null
  readonly changed_ns: bigint | null
  readonly accessed_s: bigint | null
  readonly accessed_ns: bigint | null
  readonly born_s: bigint | null
  readonly born_ns: bigint | null
  readonly time_basis: string | null
}

/** Origin of a derived entry: the content that was opened, and the stage that opened it. */
export interface Origin {
  readonly parentContentId: number
  readonly stage: string
}

/** Values in the column order of tables.ts. @param node node above, step and name of the entry's path */
export function entryValues(
  id: number,
  node: NodeRow,
  entry: Entry,
  origin: Origin | null,
  walked: StageResult | null,
): Value[] {
  const { onImage } = entry
  return [
    id,
    node.above,
    node.step,
    node.name,
    depthOf(entry.path),
    entry.kind,
    compact(entry.sizeBytes),
    entry.allocatedBytes === null ? null : compact(entry.allocatedBytes),
    ...timeValues(entry.times),
    signed(entry.device),
    signed(entry.inode),
    signed(entry.links),
    entry.mode,
    entry.uid,
    entry.gid,
    entry.linkTarget,
    entry.band,
    ...(onImage ? imageValues(onImage) : OFF_IMAGE),
    origin?.parentContentId ?? null,
    origin?.stage ?? null,
    ...(walked ? resultValues(walked) : NO_RESULT),
  ]
}

/** Volume, status, basis, record, sequence, position, located, notes. */
const OFF_IMAGE: readonly Value[] = [null, 'live', null, null, null, null, null, null]

function imageValues({ volume, status, basis, record, sequence, place, notes }: OnImage): Value[] {
  return [
    volume,
    status,
    basis,
    record,
    sequence,
    positionOf(place),
    storedJson(place),
    notes.length === 0 ? null : notes.join(','),
  ]
}

/**
 * Offset of the first byte of a content on its volume; contents are read in this order. Null when the content has no
 * byte range of its own.
 */
function positionOf(place: ContentPlace): number | null {
  return 'runs' in place ? (place.runs.find(({ offset }) => offset !== null)?.offset ?? null) : null
}

/** Values of the columns `modified_s` to `time_basis`. */
export function timeValues(times: EntryTimes): Value[] {
  const { modified, changed, accessed, born } = times
  return [...seconds(modified), ...seconds(changed), ...seconds(accessed), ...seconds(born), timeBasis(times)]
}

/** @param nameTimes second set of times, for an entry of an image */
export function entryFromRow(row: EntryRow, path: EvidencePath, nameTimes: EntryTimes | null): Entry {
  return {
    path,
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
    ...(row.volume !== null && { onImage: onImageFromRow(row, nameTimes) }),
  }
}

function onImageFromRow(row: EntryRow, nameTimes: EntryTimes | null): OnImage {
  return {
    volume: Number(row.volume),
    status: row.status as OnImage['status'],
    basis: row.basis as OnImage['basis'],
    record: Number(row.record),
    sequence: row.sequence === null ? null : Number(row.sequence),
    place: placeFromText(row.located!),
    nameTimes,
    notes: row.notes?.split(',') ?? [],
  }
}

export function placeFromText(located: string): ContentPlace {
  return parseStoredJson(located) as ContentPlace
}

export function walkedFromRow(row: EntryRow): StageResult | null {
  return row.walk_result === null
    ? null
    : resultFromRow(row.walk_result, row.walk_reason, row.walk_detail_code, row.walk_detail_params)
}

/** The nanoseconds of a stored time, or null. */
export function nanoseconds(s: bigint | null, ns: bigint | null): bigint | null {
  return s === null || ns === null ? null : s * BILLION + ns
}

function signed(value: bigint | null): number | bigint | null {
  return value === null ? null : compact(BigInt.asIntN(64, value))
}

export function unsigned(value: bigint | null): bigint | null {
  return value === null ? null : BigInt.asUintN(64, value)
}

const BILLION = 1_000_000_000n

/** Numbers bind and encode faster than big integers. A value that a number cannot hold exactly stays a big integer. */
function compact(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

// Seconds and nanoseconds are separate: one 64-bit count of nanoseconds ends in 2262, and file systems store later
// years.
function seconds(time: FileTime | null): [number | bigint | null, number | null] {
  if (time === null) return [null, null]
  const below = Number(time.ns % BILLION)
  const ns = below < 0 ? below + 1_000_000_000 : below
  return [compact((time.ns - BigInt(ns)) / BILLION), ns]
}

export function timesFromRow(row: TimeRow): EntryTimes {
  return timesOf(row.time_basis, [
    nanoseconds(row.modified_s, row.modified_ns),
    nanoseconds(row.changed_s, row.changed_ns),
    nanoseconds(row.accessed_s, row.accessed_ns),
    nanoseconds(row.born_s, row.born_ns),
  ])
}
