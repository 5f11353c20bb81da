/**
 * Extractors for thumbnail stores of Windows (thumbcache_*.db) and Android (.thumbdata*). The stores are separate
 * from the original pictures, which may be deleted. Every record is a member.
 *
 * The search finds records by signature, never by header offsets. It therefore also finds records behind a damaged
 * one.
 */
import type { ByteSource } from '../bytes/byte-source.ts'
import { type Budget, ContainerDamaged, type Extractor, type Member, wholeOf } from './common/container.ts'

export const thumbcache: Extractor = {
  id: 'thumbcache',
  mediaTypes: ['application/x-ms-thumbcache'],
  inMemory: true,
  members: async function* (source, budget) {
    yield* windowsMembers(wholeOf(source), budget)
  },
}

export const thumbdata: Extractor = {
  id: 'thumbdata',
  mediaTypes: ['application/x-android-thumbdata'],
  members: async function* (source, budget) {
    yield* androidMembers(source, budget)
  },
}

const MARK = Buffer.from('CMMM')
/**
 * Since this version (Windows 8) records state width and height. @see libyal, "Windows Explorer Thumbnail Cache
 * database format"
 */
const WINDOWS_8 = 0x1a
const VISTA = 0x14
/** An identifier has 16 hexadecimal digits in UTF-16; in Vista it may be longer. */
const MOST_IDENTIFIER = 2048

interface Layout {
  readonly headerBytes: number
  /** Offset of the lengths of identifier, padding and data, which follow each other. */
  readonly lengthsAt: number
}

function layoutOf(version: number): Layout {
  if (version >= WINDOWS_8) return { headerBytes: 56, lengthsAt: 16 }
  // Vista stores the file extension before the lengths.
  return version === VISTA ? { headerBytes: 56, lengthsAt: 24 } : { headerBytes: 48, lengthsAt: 16 }
}

function* windowsMembers(bytes: Buffer, budget: Budget): Generator<Member> {
  // The index (IMMM) lists records and contains no picture.
  if (!bytes.subarray(0, 4).equals(MARK) || bytes.length < 24) return
  const layout = layoutOf(bytes.readUInt32LE(4))
  let broken = 0
  for (let at = bytes.indexOf(MARK, 4); at !== -1; ) {
    const record = windowsRecord(bytes, at, layout)
    if (record === null) {
      broken++
      at = bytes.indexOf(MARK, at + 4)
      continue
    }
    if (record.data.length > 0) yield member(record.name, record.data, budget)
    at = bytes.indexOf(MARK, at + record.lengthBytes)
  }
  if (broken > 0) throw new ContainerDamaged({ code: 'records-unreadable', params: { records: broken } })
}

interface WindowsRecord {
  readonly lengthBytes: number
  readonly name: string
  readonly data: Buffer
}

function windowsRecord(bytes: Buffer, at: number, { headerBytes, lengthsAt }: Layout): WindowsRecord | null {
  if (at + headerBytes > bytes.length) return null
  const lengthBytes = bytes.readUInt32LE(at + 4)
  const [identifier, padding, data] = [0, 4, 8].map((offset) =>
    bytes.readUInt32LE(at + lengthsAt + offset),
  ) as [number, number, number]
  const holds = headerBytes + identifier + padding + data
  if (lengthBytes < headerBytes || holds > lengthBytes || at + lengthBytes > bytes.length) return null
  if (identifier > MOST_IDENTIFIER) return null
  const nameAt = at + headerBytes
  const stated = bytes.toString('utf16le', nameAt, nameAt + identifier).replace(/\0.*$/s, '')
  const hash = bytes
    .readBigUInt64LE(at + 8)
    .toString(16)
    .padStart(16, '0')
  const dataAt = nameAt + identifier + padding
  return { lengthBytes, name: stated || hash, data: bytes.subarray(dataAt, dataAt + data) }
}

/**
 * Size of a slot. A slot has one byte for "in use", a check value of 8 bytes, the length, and the JPEG. Big-endian.
 */
export const SLOT_BYTES = 10_000
const SLOT_HEADER = 13

function* androidMembers(source: ByteSource, budget: Budget): Generator<Member> {
  let broken = 0
  for (let slot = 0; slot * SLOT_BYTES < source.sizeBytes; slot++) {
    const bytes = source.read(slot * SLOT_BYTES, SLOT_BYTES)
    if (bytes.length === 0) break
    if (bytes[0] === 0) continue
    const data = jpegOf(bytes)
    if (data === null) broken++
    else yield member(String(slot), data, budget)
  }
  if (broken > 0) throw new ContainerDamaged({ code: 'slots-unreadable', params: { slots: broken } })
}

function jpegOf(slot: Buffer): Buffer | null {
  if (slot.length < SLOT_HEADER + 3 || slot[0] !== 1) return null
  const length = slot.readUInt32BE(9)
  if (length < 4 || length > SLOT_BYTES - SLOT_HEADER) return null
  return slot.readUIntBE(SLOT_HEADER, 3) === 0xffd8ff
    ? slot.subarray(SLOT_HEADER, SLOT_HEADER + length)
    : null
}

function member(name: string, data: Buffer, budget: Budget): Member {
  budget.entry()
  return {
    kind: 'thumbnail',
    name: Buffer.from(name),
    entryKind: 'file',
    sizeBytes: BigInt(data.length),
    modified: null,
    linkTarget: null,
    read: async () => {
      budget.charge(data.length)
      return data
    },
  }
}
