/**
 * A value of an ESE database that is packed: letters of seven bits, one or two bytes each, or LZ77 as in [MS-XCA] 2.4.
 *
 * @see libesedb, "Compressed data"; [MS-XCA]
 */
const MOST_BYTES = 1 << 20

/** @returns null where it cannot be unpacked */
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
    // Newer kinds of Xpress, which no program wrote into what is read here.
    case 5:
    case 6:
      return null
    default:
      return bytes
  }
}

/** Least significant bit first; of the last byte so many bits as the first byte says, less one. */
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

/** @returns null where it leads out of what there is */
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
      // Two of these share a byte.
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
