/**
 * ZIP and formats based on it (Office, APK, EPUB): members in sequence, the directory, and its end record with a
 * comment.
 */
import type { Carver } from '../common/carver.ts'
import { Window } from '../common/window.ts'

const MEMBER = 0x04034b50
const DESCRIPTOR = Buffer.from('PK\x07\x08', 'latin1')
const DIRECTORY = 0x02014b50
const END_64 = 0x06064b50
const LOCATOR_64 = 0x07064b50
const END = 0x06054b50
const SIZE_IN_DESCRIPTOR = 8
const MOST_MEMBERS = 10_000_000

export const ZIP_FILE: Carver = {
  name: 'zip',
  mediaType: 'application/zip',
  begins: (head) =>
    head.length >= 30 &&
    head.readUInt32LE(0) === MEMBER &&
    head.readUInt16LE(4) <= 63 &&
    head.readUInt16LE(26) > 0,
  lengthOf(medium, offset, maxBytes) {
    const file = new Window(medium, offset, maxBytes)
    let at = 0
    let parts = 0
    for (; parts < MOST_MEMBERS; parts++) {
      const signature = file.u32le(at)
      if (signature === END) {
        const comment = file.bytes(at + 20, 2)?.readUInt16LE(0)
        if (comment === undefined || at + 22 + comment > file.sizeBytes) break
        return { length: at + 22 + comment, complete: true }
      }
      const end = signature === null ? null : endOfPart(file, at, signature)
      if (end === null || end > file.sizeBytes) break
      at = end
    }
    return parts > 0 ? { length: Math.min(at, file.sizeBytes), complete: false } : null
  },
}

function endOfPart(file: Window, at: number, signature: number): number | null {
  switch (signature) {
    case MEMBER:
      return endOfMember(file, at)
    case DIRECTORY: {
      const lengths = file.bytes(at + 28, 6)
      if (!lengths) return null
      return at + 46 + lengths.readUInt16LE(0) + lengths.readUInt16LE(2) + lengths.readUInt16LE(4)
    }
    case END_64: {
      const size = file.bytes(at + 4, 8)?.readBigUInt64LE(0)
      return size === undefined || size > 65_536n ? null : at + 12 + Number(size)
    }
    case LOCATOR_64:
      return at + 20
    default:
      return null
  }
}

function endOfMember(file: Window, at: number): number | null {
  const header = file.bytes(at, 30)
  if (!header) return null
  const flags = header.readUInt16LE(6)
  const stored = header.readUInt32LE(18)
  const nameBytes = header.readUInt16LE(26)
  const extraBytes = header.readUInt16LE(28)
  const data = at + 30 + nameBytes + extraBytes
  const size = stored === 0xffffffff ? wideSize(file, at + 30 + nameBytes, extraBytes) : stored
  if (size === null) return null
  if ((flags & SIZE_IN_DESCRIPTOR) !== 0 && size === 0) return endOfStreamed(file, data)
  const end = data + size
  return (flags & SIZE_IN_DESCRIPTOR) !== 0 ? end + descriptorBytes(file, end, size) : end
}

/** End of a member whose size follows its data: the first descriptor that states its own distance. */
function endOfStreamed(file: Window, data: number): number | null {
  for (let at = file.find(DESCRIPTOR, data); at >= 0; at = file.find(DESCRIPTOR, at + 1)) {
    const length = descriptorBytes(file, at, at - data)
    if (length > 0) return at + length
  }
  return null
}

/** Length of the descriptor at `at` when it states this size (in 4 or 8 bytes), else 0. */
function descriptorBytes(file: Window, at: number, size: number): number {
  const short = file.bytes(at, 16)
  if (!short?.subarray(0, 4).equals(DESCRIPTOR)) return 0
  if (short.readUInt32LE(8) === size) {
    const wide = file.bytes(at, 24)
    return wide && wide.readUInt32LE(12) === 0 && wide.readUInt32LE(16) !== 0 && wide.readUInt32LE(20) === 0
      ? 24
      : 16
  }
  return 0
}

/** From the ZIP64 extra field: original size, then stored size, both present in a member's header. */
function wideSize(file: Window, from: number, length: number): number | null {
  for (let at = from; at + 4 <= from + length; ) {
    const field = file.bytes(at, 4)
    if (!field) return null
    if (field.readUInt16LE(0) === 1) {
      const size = file.bytes(at + 12, 8)?.readBigUInt64LE(0)
      return size === undefined || size > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(size)
    }
    at += 4 + field.readUInt16LE(2)
  }
  return null
}
