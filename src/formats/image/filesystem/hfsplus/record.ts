/** Records of the catalog: folders, files, and threads that lead from a number back to its name. */
import { type Fork, forkAt } from './fork.ts'

const TYPE = { folder: 1, file: 2, folderThread: 3, fileThread: 4 } as const
const BYTES = { folder: 88, file: 248 } as const
const KEY_LEAST = 6
const NAME_MOST = 255
/** Below are the file system's own numbers. */
export const FIRST_USER_ID = 16
export const ROOT = 2
export const ROOT_PARENT = 1

export interface CatalogKey {
  readonly parent: number
  /** UTF-16BE. */
  readonly name: Buffer
  /** Offset of the record behind its key. */
  readonly dataAt: number
}

/** A folder or a file, with the name in its key. */
export interface Item {
  readonly kind: 'folder' | 'file'
  readonly parent: number
  readonly name: Buffer
  readonly id: number
  /** The record behind its key, a copy. */
  readonly record: Buffer
}

export interface Thread {
  readonly id: number
  readonly parent: number
  readonly name: Buffer
}

export function keyAt(bytes: Buffer, from: number, to: number): CatalogKey | null {
  if (from + 2 + KEY_LEAST > to) return null
  const keyBytes = bytes.readUInt16BE(from)
  const units = bytes.readUInt16BE(from + 6)
  const dataAt = from + 2 + keyBytes + (keyBytes & 1)
  if (keyBytes < KEY_LEAST + units * 2 || units > NAME_MOST || dataAt + 2 > to) return null
  return {
    parent: bytes.readUInt32BE(from + 2),
    name: bytes.subarray(from + 8, from + 8 + units * 2),
    dataAt,
  }
}

/** @returns null for threads and for invalid records */
export function itemAt(bytes: Buffer, key: CatalogKey, to: number): Item | null {
  const type = bytes.readInt16BE(key.dataAt)
  const kind = type === TYPE.folder ? 'folder' : type === TYPE.file ? 'file' : null
  if (!kind || key.dataAt + BYTES[kind] > to) return null
  const record = Buffer.from(bytes.subarray(key.dataAt, key.dataAt + BYTES[kind]))
  return { kind, parent: key.parent, name: Buffer.from(key.name), id: record.readUInt32BE(8), record }
}

export function threadAt(bytes: Buffer, key: CatalogKey, to: number): Thread | null {
  const type = bytes.readInt16BE(key.dataAt)
  if ((type !== TYPE.folderThread && type !== TYPE.fileThread) || key.dataAt + 10 > to) return null
  const at = key.dataAt + 10
  const units = bytes.readUInt16BE(key.dataAt + 8)
  if (units > NAME_MOST || at + units * 2 > to) return null
  return {
    id: key.parent,
    parent: bytes.readUInt32BE(key.dataAt + 4),
    name: Buffer.from(bytes.subarray(at, at + units * 2)),
  }
}

/**
 * Records at any offset in a range: remains of moved or removed ones. A record is accepted where each of its fields is
 * plausible; of threads only those of folders.
 */
export function* recordsLeftIn(bytes: Buffer, from: number, to: number): Generator<Item | Thread> {
  for (let at = from + (from & 1); at + 2 + KEY_LEAST < to; at += 2) {
    // A key of more than 518 bytes is invalid, which ends most attempts here.
    if ((bytes[at] as number) > 2 || bytes.readUInt16BE(at) < KEY_LEAST) continue
    const key = keyAt(bytes, at, to)
    if (!key || key.dataAt - at - 2 !== KEY_LEAST + key.name.length) continue
    const record = key.name.length > 0 ? itemAt(bytes, key, to) : threadAt(bytes, key, to)
    if (!record || !(isItem(record) ? isPlausible(record) : isPlausibleThread(bytes, key, record))) continue
    yield record
    at = key.dataAt + (isItem(record) ? record.record.length : 10 + record.name.length) - 2
  }
}

export function isItem(record: Item | Thread): record is Item {
  return 'record' in record
}

function isPlausibleThread(bytes: Buffer, { dataAt }: CatalogKey, { id, parent, name }: Thread): boolean {
  return (
    bytes.readUInt32BE(dataAt) === TYPE.folderThread << 16 &&
    id >= FIRST_USER_ID &&
    (parent === ROOT || parent >= FIRST_USER_ID) &&
    parent !== id &&
    name.length > 0
  )
}

/** From 1984 on, when the first Mac was sold, as seconds since 1904. */
const FIRST_TIME = 2_524_521_600

function isPlausible({ kind, parent, id, record }: Item): boolean {
  const times = [12, 16, 20, 24].map((at) => record.readUInt32BE(at))
  return (
    (parent === ROOT || parent >= FIRST_USER_ID) &&
    id >= FIRST_USER_ID &&
    id !== parent &&
    times.every((time) => time === 0 || time >= FIRST_TIME) &&
    times.some((time) => time !== 0) &&
    (kind === 'folder' || [dataFork(record), resourceFork(record)].every(isPlausibleFork))
  )
}

function isPlausibleFork({ sizeBytes, extents, blocks }: Fork): boolean {
  return Number.isFinite(sizeBytes) && (sizeBytes > 0 || blocks === 0 || extents.length > 0)
}

/** Of files. */
export const dataFork = (record: Buffer): Fork => forkAt(record, 88)
export const resourceFork = (record: Buffer): Fork => forkAt(record, 168)

export const ownerOf = (record: Buffer): number => record.readUInt32BE(32)
export const groupOf = (record: Buffer): number => record.readUInt32BE(36)
export const modeOf = (record: Buffer): number => record.readUInt16BE(42)
/** For a hard link the number of its target; for a target the count of its links. */
export const specialOf = (record: Buffer): number => record.readUInt32BE(44)

/** `UF_COMPRESSED` of the owner's flags. */
export const saysCompressed = (record: Buffer): boolean => ((record[41] as number) & 0x20) !== 0

export type LinkKind = 'file' | 'folder'

/** Finder's type and creator. */
export function hardLinkOf({ kind, record }: Item): LinkKind | null {
  if (kind !== 'file') return null
  const finder = record.toString('latin1', 48, 56)
  return finder === 'hlnkhfs+' ? 'file' : finder === 'fdrpMACS' && isLinkChain(record) ? 'folder' : null
}

function isLinkChain(record: Buffer): boolean {
  return (record.readUInt16BE(2) & 0x20) !== 0
}
