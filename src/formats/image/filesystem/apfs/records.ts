/**
 * Records of the file tree: inodes, names in folders, attributes, extents.
 *
 * @see Apple, "Apple File System Reference" (2020): File-System Objects, Extended Fields, Data Streams
 */
import { u64 } from '../../content/read-at.ts'
import { fileId } from './file-id.ts'
import type { TreeRecord } from './node.ts'
import { untilNul } from './superblocks.ts'

export const RECORD = {
  snapshot: 1,
  inode: 3,
  attribute: 4,
  sibling: 5,
  extent: 8,
  name: 9,
  snapshotName: 11,
} as const

export interface Stream {
  readonly sizeBytes: number
}

export interface Inode {
  readonly id: number
  readonly parent: number
  /** Number of its extents: copies that share bytes share it. */
  readonly content: number
  readonly createdNs: bigint
  readonly modifiedNs: bigint
  readonly changedNs: bigint
  readonly accessedNs: bigint
  readonly links: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly isCompressed: boolean
  /** Its content is not on the device: macOS fetches it on access (SF_DATALESS, xnu's sys/stat.h). */
  readonly isPlaceholder: boolean
  /** Its last name; empty: not recorded. */
  readonly name: Buffer
  /** Null: no content of its own. */
  readonly stream: Stream | null
}

const INODE_BYTES = 92
const COMPRESSED = 0x20
const DATALESS = 0x40000000
const FIELD = { name: 4, stream: 8 } as const

/** @returns null where the record is too short */
export function inodeOf(id: number, { value }: TreeRecord): Inode | null {
  if (value.length < INODE_BYTES) return null
  let name: Buffer = Buffer.alloc(0)
  let stream: Stream | null = null
  for (const { type, bytes } of fieldsOf(value.subarray(INODE_BYTES))) {
    if (type === FIELD.name) name = untilNul(bytes)
    if (type === FIELD.stream && bytes.length >= 8) stream = { sizeBytes: u64(bytes, 0) }
  }
  const mode = value.readUInt16LE(80)
  return {
    id,
    parent: fileId(value, 0),
    content: fileId(value, 8),
    createdNs: value.readBigInt64LE(16),
    modifiedNs: value.readBigInt64LE(24),
    changedNs: value.readBigInt64LE(32),
    accessedNs: value.readBigInt64LE(40),
    links: value.readInt32LE(56),
    mode,
    uid: value.readUInt32LE(72),
    gid: value.readUInt32LE(76),
    isCompressed: (value.readUInt32LE(68) & COMPRESSED) !== 0,
    isPlaceholder: (value.readUInt32LE(68) & DATALESS) !== 0,
    name,
    stream,
  }
}

/** Fields behind the fixed part: a table, then their values, each aligned to eight bytes. */
function* fieldsOf(bytes: Buffer): Generator<{ readonly type: number; readonly bytes: Buffer }> {
  if (bytes.length < 4) return
  const count = Math.min(bytes.readUInt16LE(0), Math.floor((bytes.length - 4) / 4))
  let at = 4 + count * 4
  for (let index = 0; index < count; index++) {
    const length = bytes.readUInt16LE(4 + index * 4 + 2)
    if (at + length > bytes.length) return
    yield { type: bytes[4 + index * 4] as number, bytes: bytes.subarray(at, at + length) }
    at += Math.ceil(length / 8) * 8
  }
}

/** A name in a folder. */
export interface Name {
  readonly name: Buffer
  readonly id: number
  /** As of a mode: 4 a folder, 8 a file, 10 a link … */
  readonly type: number
}

/** @param isHashed the volume stores a hash before each name */
export function nameOf({ key, value }: TreeRecord, isHashed: boolean): Name | null {
  const name = storedName(key, isHashed)
  if (name === null || value.length < 18) return null
  return { name, id: fileId(value, 0), type: value.readUInt16LE(16) & 15 }
}

/** One of several names of a file, as its own records state them. */
export interface OtherName {
  readonly parent: number
  readonly name: Buffer
}

export function otherNameOf({ value }: TreeRecord): OtherName | null {
  if (value.length < 10 || 10 + value.readUInt16LE(8) > value.length) return null
  return { parent: fileId(value, 0), name: untilNul(value.subarray(10, 10 + value.readUInt16LE(8))) }
}

/** A length with its NUL, in two bytes, or in ten bits of four with the hash above them. */
function storedName(key: Buffer, isHashed: boolean): Buffer | null {
  const at = isHashed ? 12 : 10
  if (key.length < at) return null
  const length = isHashed ? key.readUInt32LE(8) & 0x3ff : key.readUInt16LE(8)
  return length > 0 && at + length <= key.length ? untilNul(key.subarray(at, at + length)) : null
}

export type Attribute = { readonly name: Buffer } & (
  | { readonly kind: 'held'; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'stream'; readonly content: number; readonly sizeBytes: number }
)

const ATTRIBUTE_FLAG = { stream: 1, held: 2 } as const

export function attributeOf({ key, value, at }: TreeRecord): Attribute | null {
  const name = storedName(key, false)
  if (name === null || value.length < 4) return null
  const flags = value.readUInt16LE(0)
  const length = value.readUInt16LE(2)
  if ((flags & ATTRIBUTE_FLAG.stream) !== 0)
    return value.length < 20
      ? null
      : { name, kind: 'stream', content: fileId(value, 4), sizeBytes: u64(value, 12) }
  if (4 + length > value.length) return null
  return { name, kind: 'held', at: at + 4, bytes: value.subarray(4, 4 + length) }
}

/** Bytes of a content on the volume; block null: a hole. */
export interface Extent {
  readonly from: number
  readonly length: number
  readonly block: number | null
}

/** @param key part behind the extent's number */
export function extentOf(key: Buffer, value: Buffer): Extent | null {
  if (key.length < 16 || value.length < 16) return null
  const length = value.readUIntLE(0, 4) + (value.readUInt32LE(4) & 0x00ffffff) * 2 ** 32
  const block = u64(value, 8)
  return { from: u64(key, 8), length, block: block === 0 ? null : block }
}
