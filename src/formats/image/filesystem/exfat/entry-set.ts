/**
 * Sets of directory entries of exFAT: a file (0x85), its stream (0xC0), its name in parts (0xC1), 32 bytes each. In a
 * removed set only the highest bit of each type is cleared.
 * @see Microsoft, "exFAT file system specification" (2019), sections 6 and 7
 */
export const SLOT = 32
export const IN_USE = 0x80
export const TYPE = { bitmap: 0x81, upcase: 0x82, label: 0x83, file: 0x85, stream: 0xc0, name: 0xc1 } as const
const UNITS_PER_PART = 15

export interface StreamExtension {
  /** exFAT: clusters follow each other, the table is not kept. */
  readonly contiguous: boolean
  readonly nameUnits: number
  readonly validBytes: number
  readonly first: number
  readonly sizeBytes: number
}

/** @returns null when a size is impossible */
export function streamOf(slot: Buffer): StreamExtension | null {
  const valid = slot.readBigUInt64LE(8)
  const size = slot.readBigUInt64LE(24)
  if (size > BigInt(Number.MAX_SAFE_INTEGER) || valid > size) return null
  return {
    contiguous: (slot.readUInt8(1) & 2) !== 0,
    nameUnits: slot.readUInt8(3),
    validBytes: Number(valid),
    first: slot.readUInt32LE(20),
    sizeBytes: Number(size),
  }
}

/** @param set all entries of a set. @returns the checksum that its first entry stores, computed for the set in use */
export function setChecksum(set: Buffer): number {
  let sum = 0
  for (let at = 0; at < set.length; at++) {
    if (at === 2 || at === 3) continue
    const byte = at % SLOT === 0 ? set.readUInt8(at) | IN_USE : set.readUInt8(at)
    sum = (((sum & 1) << 15) + (sum >>> 1) + byte) & 0xffff
  }
  return sum
}

/** UTF-16LE of the name parts, cut to its length. */
export function nameUnitsOf(set: Buffer, nameUnits: number): Buffer {
  const parts: Buffer[] = []
  for (let at = 2 * SLOT; at + SLOT <= set.length && parts.length * UNITS_PER_PART < nameUnits; at += SLOT) {
    if ((set.readUInt8(at) | IN_USE) !== TYPE.name) break
    parts.push(set.subarray(at + 2, at + SLOT))
  }
  return Buffer.concat(parts).subarray(0, nameUnits * 2)
}
