/** Names, times, streams and reparse point of a file, from its base record and the records of its attribute list. */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type { Medium } from '../../../../contracts/image.ts'
import { u64 } from '../../content/read-at.ts'
import type { Mft } from './mft.ts'
import {
  type Attribute,
  attributesOf,
  baseOf,
  ENCRYPTED,
  extensionsOf,
  inUse,
  isRecord,
  type Reference,
  referenceAt,
  sequenceOf,
  TYPE,
  type Value,
} from './record.ts'
import { readRuns } from './runs.ts'
import { componentOf } from './text.ts'

/** A $FILE_NAME, and its position (times @8, sizes @40 and @48). */
export interface FileName {
  readonly value: Value
  readonly parent: Reference
  readonly name: Buffer
  /** 0 POSIX, 1 Windows, 2 DOS (a second, short name), 3 both in one. */
  readonly space: number
}

/** An attribute with a value: data, a stream, an index, a reparse point. */
export interface Stream {
  readonly type: number
  readonly name: Buffer
  readonly flags: number
  readonly resident: Value | null
  /** Number of the record with it, or with its first part. */
  readonly holder: number
  readonly runs: readonly DataRun[]
  readonly sizeBytes: number
  readonly validBytes: number
  readonly unitClusters: number
  /** Code of a fault of its runs, else null. */
  readonly broken: 'runs-malformed' | 'runs-gap' | null
}

export interface Gathered {
  /** $STANDARD_INFORMATION; null: none. */
  readonly standard: Value | null
  readonly names: readonly FileName[]
  readonly streams: readonly Stream[]
  readonly notes: readonly string[]
}

const DOS = 2
/** Of the others (security, properties) only clusters count. */
const LOOKED_AT: ReadonlySet<number> = new Set([
  TYPE.standard,
  TYPE.name,
  TYPE.data,
  TYPE.indexRoot,
  TYPE.bitmap,
  TYPE.reparse,
])
/** Missing records of a list: after this many the list is abandoned. */
const MAX_LOST = 64

interface Part {
  /** Number of the record. */
  readonly holder: number
  readonly bytes: Buffer
  readonly attribute: Attribute
}

/** @param record fixed-up base record, in use or deleted */
export function gather(
  mft: Mft,
  volume: Medium,
  clusterBytes: number,
  number: number,
  record: Buffer,
): Gathered {
  const notes: string[] = []
  const parts: Part[] = []
  let listed = false
  const { attributes, whole } = attributesOf(record)
  for (const attribute of attributes) {
    if (attribute.type === TYPE.list) listed = true
    else if (attribute.nonresident || LOOKED_AT.has(attribute.type))
      parts.push({ holder: number, bytes: record, attribute })
  }
  if (!whole) notes.push('record-damaged')
  if (listed) extend(mft, volume, clusterBytes, number, record, parts, notes)

  let standard: Value | null = null
  const names: FileName[] = []
  const streams: Stream[] = []
  const split: Part[] = []
  for (const part of parts) {
    const { bytes, attribute } = part
    if (attribute.type === TYPE.standard) {
      if (!attribute.nonresident && attribute.sizeBytes >= 36) {
        standard ??= { bytes, at: attribute.valueAt, end: attribute.end }
      }
    } else if (attribute.type === TYPE.name) {
      const name = attribute.nonresident ? null : fileNameOf(bytes, attribute.valueAt, attribute.end)
      if (name) names.push(name)
    } else if (listed && attribute.nonresident) split.push(part)
    else streams.push(streamOf([part], clusterBytes))
  }
  if (split.length > 0) for (const group of grouped(split)) streams.push(streamOf(group, clusterBytes))
  return { standard, names: withoutShort(names), streams, notes }
}

function extend(
  mft: Mft,
  volume: Medium,
  clusterBytes: number,
  number: number,
  record: Buffer,
  parts: Part[],
  notes: string[],
): void {
  const live = inUse(record)
  const seen = new Set<number>()
  let lost = 0
  for (const extension of extensionsOf(record, number, volume, clusterBytes)) {
    if (seen.has(extension.number)) continue
    seen.add(extension.number)
    const found = mft.record(extension.number)
    const base = found && isRecord(found) ? baseOf(found) : null
    // A deleted record's extensions carry a sequence one higher, as it does.
    const fits =
      found !== null &&
      base?.number === number &&
      (live
        ? inUse(found) && sequenceOf(found) === extension.sequence
        : !inUse(found) && sequenceOf(found) - extension.sequence <= 1)
    if (!fits) {
      if (lost++ === 0) notes.push('extension-lost')
      if (lost > MAX_LOST) return
      continue
    }
    const copy = Buffer.from(found)
    for (const attribute of attributesOf(copy).attributes)
      parts.push({ holder: extension.number, bytes: copy, attribute })
  }
}

/** @returns null where the value is no $FILE_NAME */
export function fileNameOf(bytes: Buffer, at: number, end: number): FileName | null {
  if (end - at < 68) return null
  const units = bytes.readUInt8(at + 64)
  const nameEnd = at + 66 + units * 2
  if (units === 0 || nameEnd > end) return null
  return {
    value: { bytes, at, end },
    parent: referenceAt(bytes, at),
    name: componentOf(bytes, at + 66, nameEnd),
    space: bytes.readUInt8(at + 65),
  }
}

/** Short names are second names of an entry that has a long one in the same folder. */
function withoutShort(names: readonly FileName[]): readonly FileName[] {
  if (names.length < 2) return names
  return names.filter(
    (name) =>
      name.space !== DOS ||
      !names.some((other) => other.space !== DOS && other.parent.number === name.parent.number),
  )
}

/** Parts of one attribute, first clusters first. */
function grouped(parts: readonly Part[]): Iterable<Part[]> {
  const groups = new Map<string, Part[]>()
  for (const part of parts) {
    const { nameAt, nameUnits, type } = part.attribute
    const key = `${type}:${part.bytes.toString('latin1', nameAt, nameAt + nameUnits * 2)}`
    const group = groups.get(key)
    if (group) group.push(part)
    else groups.set(key, [part])
  }
  for (const group of groups.values()) group.sort((a, b) => a.attribute.firstVcn - b.attribute.firstVcn)
  return groups.values()
}

function streamOf(parts: readonly Part[], clusterBytes: number): Stream {
  const first = parts[0]
  if (!first) throw new Error('a stream has a part')
  const { attribute, bytes, holder } = first
  const { nameAt, nameUnits } = attribute
  const name = nameUnits === 0 ? EMPTY : componentOf(bytes, nameAt, nameAt + nameUnits * 2)
  // Written out twice: a spread copies an object of this size property by property, and there are several a record.
  if (!attribute.nonresident) {
    return {
      type: attribute.type,
      name,
      flags: attribute.flags,
      unitClusters: attribute.unitClusters,
      resident: { bytes, at: attribute.valueAt, end: attribute.end },
      holder,
      runs: NO_RUNS,
      sizeBytes: attribute.sizeBytes,
      validBytes: attribute.validBytes,
      broken: null,
    }
  }
  const runs: DataRun[] = []
  let covered = 0
  let broken: Stream['broken'] = null
  for (const part of parts) {
    if (part.attribute.firstVcn !== covered) {
      broken = 'runs-gap'
      break
    }
    const clusters = readRuns(part.bytes, part.attribute.valueAt, part.attribute.end, clusterBytes, runs)
    if (clusters === null) {
      broken = 'runs-malformed'
      break
    }
    covered += clusters
  }
  return {
    type: attribute.type,
    name,
    flags: attribute.flags,
    unitClusters: attribute.unitClusters,
    resident: null,
    holder,
    runs,
    sizeBytes: attribute.sizeBytes,
    validBytes: attribute.validBytes,
    broken,
  }
}

const EMPTY = Buffer.alloc(0)
const NO_RUNS: readonly DataRun[] = []

export function isEncrypted(stream: Stream): boolean {
  return (stream.flags & ENCRYPTED) !== 0
}

/** Sizes that an entry of a directory states: allocated, real. */
export function statedSizes(name: FileName): { readonly allocated: number; readonly real: number } {
  const { bytes, at } = name.value
  return { allocated: u64(bytes, at + 40), real: u64(bytes, at + 48) }
}
