/**
 * Members of a ZIP archive without a central directory (cut off, overwritten), by the headers before their contents.
 *
 * A local header has no Unix attributes, and a streamed one has no size. Then the descriptor behind the member gives
 * its end; it must state its own distance.
 * @see PKWARE, APPNOTE.TXT 6.3.10, sections 4.3.7 and 4.3.9
 */
import type { Medium } from '../../../../contracts/image.ts'
import { type CentralRecord, extraFields, FULL, readAt } from './directory.ts'

const HEADER_BYTES = 30
const WINDOW_BYTES = 1024 * 1024
const HEADER = Buffer.from('PK\x03\x04', 'latin1')
const DESCRIPTOR = Buffer.from('PK\x07\x08', 'latin1')
/** The mark, the checksum, and two sizes of 8 bytes. */
const MOST_DESCRIPTOR = 24

export function* localRecords(medium: Medium): Generator<CentralRecord, void, undefined> {
  for (let at = 0; at >= 0 && at + HEADER_BYTES <= medium.sizeBytes; ) {
    const found = parseLocal(medium, at)
    if (found === null) {
      at = nextMark(medium, at + 1, HEADER)
      continue
    }
    yield found.record
    at = found.dataAt + found.record.storedBytes
  }
}

function parseLocal(medium: Medium, at: number): { record: CentralRecord; dataAt: number } | null {
  const head = readAt(medium, at, HEADER_BYTES)
  if (head.length < HEADER_BYTES || !head.subarray(0, 4).equals(HEADER)) return null
  const nameBytes = head.readUInt16LE(26)
  const extraBytes = head.readUInt16LE(28)
  const named = readAt(medium, at + HEADER_BYTES, nameBytes + extraBytes)
  if (nameBytes === 0 || named.length < nameBytes + extraBytes) return null
  const dataAt = at + HEADER_BYTES + nameBytes + extraBytes
  const extra = extraFields(named.subarray(nameBytes))
  const flags = head.readUInt16LE(6)
  const sizes = sizesOf(medium, head, extra, dataAt)
  return {
    dataAt,
    record: {
      at,
      name: Buffer.from(named.subarray(0, nameBytes)),
      isUtf8: (flags & 0x800) !== 0,
      flags,
      method: head.readUInt16LE(8),
      dosTime: head.readUInt16LE(10),
      dosDate: head.readUInt16LE(12),
      ...sizes,
      headerAt: at,
      madeOnUnix: false,
      externalAttributes: 0,
      extra,
    },
  }
}

interface Sizes {
  readonly crc: number
  readonly storedBytes: number
  readonly sizeBytes: number
}

function sizesOf(medium: Medium, head: Buffer, extra: ReadonlyMap<number, Buffer>, dataAt: number): Sizes {
  const [crc, stored, size] = [head.readUInt32LE(14), head.readUInt32LE(18), head.readUInt32LE(22)]
  const large = extra.get(1)
  const late = (head.readUInt16LE(6) & 8) !== 0
  if (!late && stored === FULL && large !== undefined && large.length >= 16) {
    const [wide, wideStored] = [Number(large.readBigUInt64LE(0)), Number(large.readBigUInt64LE(8))]
    if (Number.isSafeInteger(wide) && Number.isSafeInteger(wideStored))
      return { crc, storedBytes: wideStored, sizeBytes: wide }
  }
  return late ? behind(medium, dataAt) : { crc, storedBytes: stored, sizeBytes: size }
}

/**
 * Size from the descriptor behind the member. Without one the member gets all the rest, and then fails its checksum.
 */
function behind(medium: Medium, dataAt: number): Sizes {
  for (let at = nextMark(medium, dataAt, DESCRIPTOR); at !== -1; at = nextMark(medium, at + 1, DESCRIPTOR)) {
    const bytes = readAt(medium, at, MOST_DESCRIPTOR)
    const length = at - dataAt
    if (bytes.length >= 16 && bytes.readUInt32LE(8) === length)
      return { crc: bytes.readUInt32LE(4), storedBytes: length, sizeBytes: bytes.readUInt32LE(12) }
    if (bytes.length === MOST_DESCRIPTOR && bytes.readBigUInt64LE(8) === BigInt(length))
      return { crc: bytes.readUInt32LE(4), storedBytes: length, sizeBytes: Number(bytes.readBigUInt64LE(16)) }
  }
  const rest = Math.max(0, medium.sizeBytes - dataAt)
  return { crc: 0, storedBytes: rest, sizeBytes: rest }
}

/** @returns −1 when there is none */
function nextMark(medium: Medium, from: number, mark: Buffer): number {
  for (let at = from; at < medium.sizeBytes; at += WINDOW_BYTES - mark.length + 1) {
    const found = readAt(medium, at, WINDOW_BYTES).indexOf(mark)
    if (found !== -1) return at + found
  }
  return -1
}
