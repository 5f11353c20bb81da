/**
 * The journal of a volume: a ring of transactions, each a list of blocks and their new bytes. Transactions between
 * start and end were not written to their places yet. Facts: TN1150 "Journal", Apple's open kernel
 * (`bsd/vfs/vfs_journal.h`).
 */
import type { Medium } from '../../../../contracts/image.ts'
import { readAt } from '../../content/read-at.ts'
import { FLAG, type VolumeHeader } from './volume-header.ts'

const HEADER_LEAST = 44
const HEADER_MAGIC = 0x4a4e4c78
const ENDIAN_MAGIC = 0x12345678
const LIST_LEAST = 32
const LIST_MOST = 1 << 20
const INFO_BYTES = 52
const IN_VOLUME = 1
const NOT_MADE_YET = 4
/** A block that the transaction gave up. */
const KILLED = 0xffff_ffff_ffff_ffffn

export interface Journal {
  /** On the volume. */
  readonly at: number
  readonly sizeBytes: number
  readonly headerBytes: number
  readonly listBytes: number
  readonly start: number
  readonly end: number
  readonly little: boolean
}

/** Bytes of a transaction: their place on the volume, and their present place in the journal. */
export interface JournalCopy {
  readonly offset: number
  readonly length: number
  readonly at: number
}

/** @returns null where the volume has none; a code where it is unreadable */
export function journalOf(volume: Medium, header: VolumeHeader): Journal | string | null {
  if ((header.flags & FLAG.journaled) === 0) return null
  const { origin, journalInfoBlock, blockBytes } = header
  const info = readAt(volume, origin + journalInfoBlock * blockBytes, INFO_BYTES)
  if (journalInfoBlock === 0 || info.length < INFO_BYTES) return 'journal-damaged'
  const flags = info.readUInt32BE(0)
  if ((flags & NOT_MADE_YET) !== 0) return null
  if ((flags & IN_VOLUME) === 0) return 'external-journal'
  const at = origin + Number(info.readBigUInt64BE(36))
  const head = readAt(volume, at, HEADER_LEAST)
  if (head.length < HEADER_LEAST) return 'journal-damaged'
  const little = head.readUInt32LE(0) === HEADER_MAGIC
  const u32 = (from: number) => (little ? head.readUInt32LE(from) : head.readUInt32BE(from))
  const u64 = (from: number) => Number(little ? head.readBigUInt64LE(from) : head.readBigUInt64BE(from))
  if (u32(0) !== HEADER_MAGIC || u32(4) !== ENDIAN_MAGIC) return 'journal-damaged'
  const stated = u32(36)
  head.fill(0, 36, 40)
  const [start, end, sizeBytes, listBytes, headerBytes] = [u64(8), u64(16), u64(24), u32(32), u32(40)]
  const sound =
    checksumOf(head) === stated &&
    headerBytes >= HEADER_LEAST &&
    headerBytes % 512 === 0 &&
    listBytes >= LIST_LEAST &&
    listBytes <= LIST_MOST &&
    sizeBytes > headerBytes + listBytes &&
    [start, end].every((place) => place >= headerBytes && place <= sizeBytes) &&
    at + sizeBytes <= volume.sizeBytes
  return sound ? { at, sizeBytes, headerBytes, listBytes, start, end, little } : 'journal-damaged'
}

/**
 * Copies that a replay would write, in order; none where start and end are equal.
 * @param damaged called where the ring breaks off before its end
 */
export function* notWritten(volume: Medium, journal: Journal, damaged: () => void): Generator<JournalCopy> {
  const { listBytes, little, sizeBytes, headerBytes, end } = journal
  let place = journal.start
  let left = sizeBytes - headerBytes
  while (place !== end) {
    const list = ringBytes(volume, journal, place, listBytes)
    const u16 = (from: number) => (little ? list.readUInt16LE(from) : list.readUInt16BE(from))
    const u32 = (from: number) => (little ? list.readUInt32LE(from) : list.readUInt32BE(from))
    const u64 = (from: number) => (little ? list.readBigUInt64LE(from) : list.readBigUInt64BE(from))
    const head = Buffer.from(list.subarray(0, LIST_LEAST))
    head.fill(0, 8, 12)
    const [most, count, used, stated] = [u16(0), u16(2), u32(4), u32(8)]
    left -= used
    const sound =
      checksumOf(head) === stated &&
      count >= 1 &&
      count <= most &&
      16 + count * 16 <= listBytes &&
      used >= listBytes &&
      used % 512 === 0 &&
      left >= 0
    if (!sound) return damaged()
    let data = onRing(journal, place + listBytes)
    for (let index = 1; index < count; index++) {
      const block = u64(16 + index * 16)
      const length = u32(24 + index * 16)
      if (length > used || length % 512 !== 0) return damaged()
      if (block !== KILLED) yield* copies(journal, Number(block) * headerBytes, length, data)
      data = onRing(journal, data + length)
    }
    place = onRing(journal, place + used)
  }
}

/** The ring may turn around inside a block. */
function* copies(journal: Journal, offset: number, length: number, place: number): Generator<JournalCopy> {
  const first = Math.min(length, journal.sizeBytes - place)
  yield { offset, length: first, at: journal.at + place }
  if (first < length)
    yield { offset: offset + first, length: length - first, at: journal.at + journal.headerBytes }
}

function onRing({ sizeBytes, headerBytes }: Journal, place: number): number {
  return place < sizeBytes ? place : headerBytes + (place - sizeBytes)
}

/** Bytes from a place on, over the end of the ring. @param length at most that of the ring */
export function ringBytes(volume: Medium, journal: Journal, place: number, length: number): Buffer {
  const from = onRing(journal, place)
  const bytes = Buffer.alloc(length)
  for (const copy of copies(journal, 0, length, from))
    volume.readInto(bytes.subarray(copy.offset, copy.offset + copy.length), copy.at)
  return bytes
}

/** As Apple's kernel counts it. */
function checksumOf(bytes: Buffer): number {
  let sum = 0
  for (const byte of bytes) sum = ((sum << 8) ^ (sum + byte)) | 0
  return ~sum >>> 0
}
