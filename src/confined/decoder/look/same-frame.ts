/** Whether two frames show the same thing. */

/** Hashes no further apart show the same thing: PDQ's own match threshold. */
const SAME_BITS = 31

/** @param a PDQ hash; null: none was made, and nothing is the same as it */
export function sameThing(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a !== null && b !== null && bitsApart(a, b) <= SAME_BITS
}

export function bitsApart(a: Uint8Array, b: Uint8Array): number {
  let bits = 0
  for (let i = 0; i < a.length; i++) {
    for (let x = (a[i] as number) ^ (b[i] as number); x !== 0; x &= x - 1) bits++
  }
  return bits
}
