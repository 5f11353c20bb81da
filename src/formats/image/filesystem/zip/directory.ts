/**
 * The central directory of a ZIP archive, read record by record, with ZIP64 fields.
 * @see PKWARE, APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16 and 4.5.3
 */
import type { Medium } from '../../../../contracts/image.ts'

export interface CentralRecord {
  readonly at: number
  readonly name: Buffer
  readonly isUtf8: boolean
  readonly flags: number
  readonly method: number
  readonly dosTime: number
  readonly dosDate: number
  readonly crc: number
  readonly storedBytes: number
  readonly sizeBytes: number
  readonly headerAt: number
  readonly madeOnUnix: boolean
  readonly externalAttributes: number
  readonly extra: ReadonlyMap<number, Buffer>
}

export interface Directory {
  readonly offset: number
  readonly sizeBytes: number
  /** Bytes before the archive (a self-extracting program): every offset counts from here. */
  readonly prefixBytes: number
}

const RECORD = Buffer.from('PK\x01\x02', 'latin1')
const END = Buffer.from('PK\x05\x06', 'latin1')
const END_BYTES = 22
const MOST_COMMENT = 65_535
/** Marks a field whose value is in the extra field. */
export const FULL = 0xffffffff

export function readAt(medium: Medium, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, Math.min(length, medium.sizeBytes - offset)))
  if (offset >= 0) medium.readInto(bytes, offset)
  return bytes
}

/** @returns null when there is no end record, or its directory is not inside the archive */
export function findDirectory(medium: Medium): Directory | null {
  const tail = readAt(
    medium,
    Math.max(0, medium.sizeBytes - END_BYTES - MOST_COMMENT),
    END_BYTES + MOST_COMMENT,
  )
  const tailAt = medium.sizeBytes - tail.length
  for (let at = tail.lastIndexOf(END); at !== -1; at = at === 0 ? -1 : tail.lastIndexOf(END, at - 1)) {
    if (at + END_BYTES > tail.length) continue
    const endAt = tailAt + at
    const zip64 = zip64End(medium, endAt)
    const sizeBytes = zip64?.sizeBytes ?? tail.readUInt32LE(at + 12)
    const offset = zip64?.offset ?? tail.readUInt32LE(at + 16)
    const behind = zip64?.at ?? endAt
    const prefixBytes = behind - sizeBytes - offset
    if (prefixBytes >= 0 && sizeBytes <= behind)
      return { offset: offset + prefixBytes, sizeBytes, prefixBytes }
  }
  return null
}

function zip64End(medium: Medium, endAt: number): { at: number; sizeBytes: number; offset: number } | null {
  const locator = readAt(medium, endAt - 20, 20)
  if (endAt < 20 || locator.readUInt32LE(0) !== 0x07064b50) return null
  const stated = Number(locator.readBigUInt64LE(8))
  // With bytes before the archive, the record is directly before its locator.
  for (const at of [stated, endAt - 20 - 56]) {
    const record = at >= 0 && Number.isSafeInteger(at) ? readAt(medium, at, 56) : Buffer.alloc(0)
    if (record.length < 56 || record.readUInt32LE(0) !== 0x06064b50) continue
    const [sizeBytes, offset] = [Number(record.readBigUInt64LE(40)), Number(record.readBigUInt64LE(48))]
    if (Number.isSafeInteger(sizeBytes) && Number.isSafeInteger(offset)) return { at, sizeBytes, offset }
  }
  return null
}

const WINDOW_BYTES = 1024 * 1024
const RECORD_BYTES = 46
const MOST_RECORD = RECORD_BYTES + 3 * 65_535

/** @param lost called where a record is invalid: the following bytes are searched for the next valid one */
export function* centralRecords(
  medium: Medium,
  directory: Directory,
  lost: (at: number) => void = () => {},
): Generator<CentralRecord, void, undefined> {
  const end = directory.offset + directory.sizeBytes
  let window: Buffer = Buffer.alloc(0)
  let windowAt = directory.offset
  let at = directory.offset
  let inStep = true
  while (at + RECORD_BYTES <= end) {
    if (at + MOST_RECORD > windowAt + window.length && windowAt + window.length < end) {
      window = readAt(medium, at, Math.min(WINDOW_BYTES, end - at))
      windowAt = at
    }
    const record = parseRecord(window.subarray(at - windowAt), at, directory.prefixBytes)
    if (record !== null && (inStep || standsAlone(record.record, medium.sizeBytes))) {
      inStep = true
      yield record.record
      at += record.bytes
      continue
    }
    if (inStep) lost(at)
    inStep = false
    const found = window.indexOf(RECORD, at - windowAt + 1)
    // The mark may begin in the last bytes of the window.
    at = found === -1 ? Math.max(at + 1, windowAt + window.length - 3) : windowAt + found
  }
  if (inStep && at < end) lost(at)
}

/** Four bytes also occur in names and extra fields: a record found by them alone must lead to a member. */
function standsAlone({ headerAt, storedBytes, name }: CentralRecord, archiveBytes: number): boolean {
  return name.length > 0 && headerAt >= 0 && headerAt + 30 + storedBytes <= archiveBytes
}

function parseRecord(
  bytes: Buffer,
  at: number,
  prefixBytes: number,
): { record: CentralRecord; bytes: number } | null {
  if (bytes.length < RECORD_BYTES || bytes.readUInt32LE(0) !== 0x02014b50) return null
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => bytes.readUInt16LE(field)) as [
    number,
    number,
    number,
  ]
  const length = RECORD_BYTES + nameLength + extraLength + commentLength
  if (length > bytes.length) return null
  const extra = extraFields(
    bytes.subarray(RECORD_BYTES + nameLength, RECORD_BYTES + nameLength + extraLength),
  )
  const flags = bytes.readUInt16LE(8)
  // Values of full fields are in the extra field, in this order, without the other fields.
  const large = extra.get(1) ?? Buffer.alloc(0)
  let largeAt = 0
  const wide = (value: number): number | null => {
    if (value !== FULL) return value
    if (largeAt + 8 > large.length) return value
    const full = Number(large.readBigUInt64LE(largeAt))
    largeAt += 8
    return Number.isSafeInteger(full) ? full : null
  }
  const sizeBytes = wide(bytes.readUInt32LE(24))
  const storedBytes = wide(bytes.readUInt32LE(20))
  const headerAt = wide(bytes.readUInt32LE(42))
  if (sizeBytes === null || storedBytes === null || headerAt === null) return null
  return {
    bytes: length,
    record: {
      at,
      name: Buffer.from(bytes.subarray(RECORD_BYTES, RECORD_BYTES + nameLength)),
      isUtf8: (flags & 0x800) !== 0,
      flags,
      method: bytes.readUInt16LE(10),
      dosTime: bytes.readUInt16LE(12),
      dosDate: bytes.readUInt16LE(14),
      crc: bytes.readUInt32LE(16),
      storedBytes,
      sizeBytes,
      headerAt: headerAt + prefixBytes,
      madeOnUnix: [3, 19].includes(bytes[5] ?? 0),
      externalAttributes: bytes.readUInt32LE(38),
      extra,
    },
  }
}

export function extraFields(bytes: Buffer): Map<number, Buffer> {
  const fields = new Map<number, Buffer>()
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt16LE(at + 2)
    if (at + 4 + length > bytes.length) break
    fields.set(bytes.readUInt16LE(at), Buffer.from(bytes.subarray(at + 4, at + 4 + length)))
    at += 4 + length
  }
  return fields
}
