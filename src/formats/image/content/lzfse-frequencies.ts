/** How often each symbol of a block of LZFSE occurs, in a code of two to fourteen bits. */

export interface Frequencies {
  readonly lengths: Uint16Array
  readonly matches: Uint16Array
  readonly distances: Uint16Array
  readonly literals: Uint16Array
}

const LENGTHS = 20
const MATCHES = 20
const DISTANCES = 64
const LITERALS = 256
const ALL = LENGTHS + MATCHES + DISTANCES + LITERALS

/** @returns null unless the bytes contain exactly one number per symbol; for no bytes, no symbol occurs */
export function decodeFrequencies(bytes: Buffer): Frequencies | null {
  const all = new Uint16Array(ALL)
  let held = 0
  let count = 0
  let at = 0
  for (let symbol = 0; symbol < ALL && bytes.length > 0; symbol++) {
    for (; at < bytes.length && count <= 16; count += 8) held |= (bytes[at++] as number) << count
    const { value, bits } = numberOf(held)
    if (bits > count) return null
    all[symbol] = value
    held >>>= bits
    count -= bits
  }
  if (count >= 8 || at < bytes.length) return null
  return {
    lengths: all.subarray(0, LENGTHS),
    matches: all.subarray(LENGTHS, LENGTHS + MATCHES),
    distances: all.subarray(LENGTHS + MATCHES, LENGTHS + MATCHES + DISTANCES),
    literals: all.subarray(ALL - LITERALS),
  }
}

/** 00, 10: 0, 1 in two bits; 01: 2, 3 in three; 011: 4 to 7 in five; 0111: eight and more, 1111: 24 and more. */
function numberOf(bits: number): { readonly value: number; readonly bits: number } {
  switch (bits & 15) {
    case 7:
      return { value: 8 + ((bits >> 4) & 15), bits: 8 }
    case 15:
      return { value: 24 + ((bits >> 4) & 1023), bits: 14 }
  }
  if ((bits & 1) === 0) return { value: (bits >> 1) & 1, bits: 2 }
  if ((bits & 3) === 1) return { value: 2 + ((bits >> 2) & 1), bits: 3 }
  return { value: 4 + ((bits >> 3) & 3), bits: 5 }
}
