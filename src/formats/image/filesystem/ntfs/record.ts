/** One record of the master file table: its fix-ups, header and attributes. Every number in it is untrusted. */
import type { Medium } from '../../../../contracts/image.ts'
import { u64 } from '../../content/read-at.ts'
import { runsContent } from '../../content/runs.ts'
import { readRuns } from './runs.ts'

export const TYPE = {
  standard: 0x10,
  list: 0x20,
  name: 0x30,
  volumeName: 0x60,
  volumeInformation: 0x70,
  data: 0x80,
  indexRoot: 0x90,
  indexAllocation: 0xa0,
  bitmap: 0xb0,
  reparse: 0xc0,
  end: 0xffffffff,
} as const

const FILE = 0x454c4946
/** Bytes that one fix-up guards, at their end. */
export const STRIDE = 512
const IN_USE = 1
const DIRECTORY = 2

export function isRecord(bytes: Buffer, at = 0): boolean {
  return bytes.length >= at + 48 && bytes.readUInt32LE(at) === FILE
}

export function sequenceOf(bytes: Buffer): number {
  return bytes.readUInt16LE(16)
}

export function inUse(bytes: Buffer): boolean {
  return (bytes.readUInt16LE(22) & IN_USE) !== 0
}

export function isDirectory(bytes: Buffer): boolean {
  return (bytes.readUInt16LE(22) & DIRECTORY) !== 0
}

/** Record that this one extends; null for a base record. */
export function baseOf(bytes: Buffer): Reference | null {
  const base = referenceAt(bytes, 32)
  return base.number === 0 && base.sequence === 0 ? null : base
}

export interface Reference {
  readonly number: number
  readonly sequence: number
}

export function referenceAt(bytes: Buffer, at: number): Reference {
  return { number: bytes.readUIntLE(at, 6), sequence: bytes.readUInt16LE(at + 6) }
}

/**
 * Restores the last two bytes of each 512 of a record or an index block, in place.
 * @returns false where one of them differs from the mark of the write; those bytes stay unchanged
 */
export function fixUp(bytes: Buffer): boolean {
  const fixUps = fixUpsOf(bytes)
  if (!fixUps) return false
  const { at, count } = fixUps
  const mark = bytes.readUInt16LE(at)
  let whole = (count - 1) * STRIDE === bytes.length
  for (let index = 1; index < count; index++) {
    const end = index * STRIDE - 2
    if (bytes.readUInt16LE(end) === mark) bytes.writeUInt16LE(bytes.readUInt16LE(at + index * 2), end)
    else whole = false
  }
  return whole
}

/** Position of the mark and the saved words: `count` words of two bytes, the mark first; null where it is invalid. */
export function fixUpsOf(bytes: Buffer): { readonly at: number; readonly count: number } | null {
  const at = bytes.readUInt16LE(4)
  const count = bytes.readUInt16LE(6)
  if (count < 1 || at + count * 2 > bytes.length || (count - 1) * STRIDE > bytes.length || at < 24)
    return null
  return { at, count }
}

/** One attribute, as offsets into its record. */
export interface Attribute {
  readonly type: number
  readonly flags: number
  readonly nameAt: number
  /** UTF-16 units. */
  readonly nameUnits: number
  readonly nonresident: boolean
  /** Resident: offset of the value; else offset of the runs. */
  readonly valueAt: number
  /** Resident: end of the value; else of the attribute. */
  readonly end: number
  readonly firstVcn: number
  /** Clusters in a compression unit; 1: not compressed. */
  readonly unitClusters: number
  readonly sizeBytes: number
  readonly validBytes: number
}

export const COMPRESSED = 0x00ff
export const ENCRYPTED = 0x4000
export const SPARSE = 0x8000

export interface Attributes {
  readonly attributes: readonly Attribute[]
  /** Whether they end with their mark, each in the bounds of the record. */
  readonly whole: boolean
}

/** Attributes in order, until the end mark or the first that cannot be one. */
export function attributesOf(bytes: Buffer): Attributes {
  const attributes: Attribute[] = []
  const end = Math.min(bytes.length, bytes.readUInt32LE(24))
  let at = bytes.readUInt16LE(20)
  let whole = true
  while (at + 4 <= end) {
    const type = bytes.readUInt32LE(at)
    if (type === TYPE.end) return { attributes, whole }
    if (at + 24 > end) break
    const length = bytes.readUInt32LE(at + 4)
    if (length < 24 || at + length > end || type === 0) break
    const attribute = attributeAt(bytes, at, type, length)
    if (attribute) attributes.push(attribute)
    else whole = false
    at += length
  }
  return { attributes, whole: false }
}

/** A part of a record, without a view of its own: views are dear, and there are several a record. */
export interface Value {
  readonly bytes: Buffer
  readonly at: number
  readonly end: number
}

export function viewOf({ bytes, at, end }: Value): Buffer {
  return bytes.subarray(at, end)
}

function attributeAt(bytes: Buffer, at: number, type: number, length: number): Attribute | null {
  const nonresident = bytes.readUInt8(at + 8) !== 0
  const nameUnits = bytes.readUInt8(at + 9)
  const nameAt = at + bytes.readUInt16LE(at + 10)
  const flags = bytes.readUInt16LE(at + 12)
  if (nameUnits > 0 && nameAt + nameUnits * 2 > at + length) return null
  if (!nonresident) {
    const sizeBytes = bytes.readUInt32LE(at + 16)
    const valueAt = at + bytes.readUInt16LE(at + 20)
    if (valueAt + sizeBytes > at + length) return null
    return {
      type,
      flags,
      nameAt,
      nameUnits,
      nonresident,
      valueAt,
      end: valueAt + sizeBytes,
      firstVcn: 0,
      unitClusters: 1,
      sizeBytes,
      validBytes: sizeBytes,
    }
  }
  if (length < 64) return null
  const valueAt = at + bytes.readUInt16LE(at + 32)
  if (valueAt > at + length) return null
  return {
    type,
    flags,
    nameAt,
    nameUnits,
    nonresident,
    valueAt,
    end: at + length,
    firstVcn: u64(bytes, at + 16),
    unitClusters: 2 ** Math.min(16, bytes.readUInt16LE(at + 34)),
    sizeBytes: u64(bytes, at + 48),
    validBytes: u64(bytes, at + 56),
  }
}

export interface Extension extends Reference {
  readonly type: number
}

/** No list of attributes is longer (Windows refuses to make one). */
const MAX_LIST = 256 * 1024

/** Entries of the record's attribute list, except itself; none without a list. */
export function* extensionsOf(
  bytes: Buffer,
  number: number,
  volume: Medium,
  clusterBytes: number,
): Generator<Extension> {
  for (const attribute of attributesOf(bytes).attributes) {
    if (attribute.type !== TYPE.list) continue
    const list = listBytes(bytes, attribute, volume, clusterBytes)
    let at = 0
    while (at + 26 <= list.length) {
      const length = list.readUInt16LE(at + 4)
      if (length < 26) break
      const reference = referenceAt(list, at + 16)
      if (reference.number !== number) yield { ...reference, type: list.readUInt32LE(at) }
      at += length
    }
  }
}

function listBytes(bytes: Buffer, attribute: Attribute, volume: Medium, clusterBytes: number): Buffer {
  if (!attribute.nonresident) return bytes.subarray(attribute.valueAt, attribute.end)
  const runs: { offset: number | null; length: number }[] = []
  readRuns(bytes, attribute.valueAt, attribute.end, clusterBytes, runs)
  const size = Math.min(attribute.sizeBytes, MAX_LIST)
  const list = Buffer.alloc(size)
  runsContent(volume, runs, Math.min(size, attribute.validBytes), size).readInto(list, 0)
  return list
}
