/** Matroska and WebM: an EBML header, then a segment of elements with sizes, which live recordings leave unknown. */
import type { Carver } from '../common/carver.ts'
import { Window } from '../common/window.ts'

const SEGMENT = 0x18538067
const CLUSTER = 0x1f43b675
/** Elements of a segment (RFC 9559, section 5.1), void and checksum. */
const IN_SEGMENT = new Set([
  0x114d9b74,
  0x1549a966,
  0x1654ae6b,
  CLUSTER,
  0x1c53bb6b,
  0x1941a469,
  0x1043a770,
  0x1254c367,
  0xec,
  0xbf,
])
/** Elements of a cluster of unknown size. */
const IN_CLUSTER = new Set([0xe7, 0xa7, 0xab, 0xa3, 0xa0, 0x5854, 0xaf])

export const MKV: Carver = {
  name: 'matroska',
  mediaType: 'video/x-matroska',
  begins: (head) =>
    head.length >= 32 &&
    head.readUInt32BE(0) === 0x1a45dfa3 &&
    /matroska|webm/.test(head.toString('latin1', 4)),
  lengthOf(medium, offset, maxBytes) {
    const file = new Window(medium, offset, maxBytes)
    const header = elementAt(file, 0)
    if (!header || header.size === null) return null
    const segment = elementAt(file, header.data + header.size)
    if (segment?.id !== SEGMENT) return null
    const end = segment.size === null ? null : segment.data + segment.size
    let at = segment.data
    let clusters = 0
    while (at < Math.min(end ?? file.sizeBytes, file.sizeBytes)) {
      const element = elementAt(file, at)
      if (!element || !(IN_SEGMENT.has(element.id) || IN_CLUSTER.has(element.id))) break
      if (element.id === CLUSTER) clusters++
      if (element.size === null && element.id !== CLUSTER) break
      at = element.data + (element.size ?? 0)
    }
    if (end !== null)
      return { length: Math.min(at, end, file.sizeBytes), complete: at === end && end <= file.sizeBytes }
    // A segment of unknown size ends at the first element that belongs to no segment.
    return clusters > 0 ? { length: Math.min(at, file.sizeBytes), complete: at < file.sizeBytes } : null
  },
}

/** @returns `size` null where it is unknown; null where there is no element */
function elementAt(file: Window, at: number): { id: number; data: number; size: number | null } | null {
  const first = file.u8(at)
  if (first === null || first < 0x10) return null
  const idBytes = Math.clz32(first) - 23
  const id = file.bytes(at, idBytes)?.readUIntBE(0, idBytes)
  const lead = file.u8(at + idBytes)
  if (id === undefined || lead === null || lead === 0) return null
  const sizeBytes = Math.clz32(lead) - 23
  const raw = file.bytes(at + idBytes, sizeBytes)
  if (!raw) return null
  let value = BigInt(lead & (0xff >> sizeBytes))
  for (const byte of raw.subarray(1)) value = (value << 8n) | BigInt(byte)
  const unknown = (1n << BigInt(7 * sizeBytes)) - 1n
  const data = at + idBytes + sizeBytes
  if (value === unknown) return { id, data, size: null }
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? null : { id, data, size: Number(value) }
}
