/**
 * Unpacks a compressed value of an ESE database: 7-bit characters (one or two bytes each), or LZ77 as in [MS-XCA]
 * 2.4.
 *
 * @see libesedb, "Compressed data"; [MS-XCA]
 */
const MOST_BYTES = 1 << 20

/** @returns null when the value cannot be unpacked */
export function unpackedEse(bytes: Buffer): Buffer | null {
  const [first] = bytes
  if (first === undefined) return bytes
  switch (first >> 3) {
    case 1:
      return letters(bytes, false)
    case 2:
      return letters(bytes, true)
    case 3:
      return bytes.length < 3 ? null : unpackedLz77(bytes.subarray(3), bytes.readUInt16LE(1))
    // Newer variants of Xpress. No program uses them in the databases that are read here.
    case 5:
    case 6:
      return null
    default:
      return bytes
  }
}

/** Least significant bit first. The first byte states the used bits of the last byte, minus one. */
function letters(bytes: Buffer, isWide: boolean): Buffer {
  const bits = Math.max(0, 8 * (bytes.length - 2) + (bytes[0]! & 7) + 1)
  const count = Math.min(Math.floor(bits / 7), MOST_BYTES)
  const plain = Buffer.alloc(isWide ? count * 2 : count)
  for (let i = 0; i < count; i++) {
    const bit = i * 7
    const at = 1 + (bit >> 3)
    plain[isWide ? i * 2 : i] = ((bytes[at]! | ((bytes[at + 1] ?? 0) << 8)) >> (bit & 7)) & 0x7f
  }
  return plain
}

/** @returns null when an offset points outside the bytes */
export function unpackedLz77(packed: Buffer, plainBytes: number): Buffer | null {
  const plain = Buffer.alloc(Math.min(plainBytes, MOST_BYTES))
  let [filled, at, flags, flagsLeft, halfAt] = [0, 0, 0, 0, -1]
  while (filled < plain.length) {
    if (flagsLeft === 0) {
      if (at + 4 > packed.length) return null
      flags = packed.readUInt32LE(at)
      at += 4
      flagsLeft = 32
    }
    flagsLeft--
    if (((flags >>> flagsLeft) & 1) === 0) {
      if (at >= packed.length) return null
      plain[filled++] = packed[at++]!
      continue
    }
    if (at + 2 > packed.length) return null
    const pair = packed.readUInt16LE(at)
    at += 2
    const offset = (pair >> 3) + 1
    let length = pair & 7
    if (length === 7) {
      // Two such lengths share a byte.
      if (halfAt < 0) {
        halfAt = at
        length = (packed[at++] ?? 0) & 15
      } else {
        length = packed[halfAt]! >> 4
        halfAt = -1
      }
      if (length === 15) {
        if (at >= packed.length) return null
        length = packed[at++]!
        if (length === 255) {
          if (at + 2 > packed.length) return null
          length = packed.readUInt16LE(at)
          at += 2
          if (length < 15 + 7) return null
          length -= 15 + 7
        }
        length += 15
      }
      length += 7
    }
    length += 3
    if (offset > filled) return null
    for (let i = 0; i < length && filled < plain.length; i++, filled++)
      plain[filled] = plain[filled - offset]!
  }
  return plain
}
