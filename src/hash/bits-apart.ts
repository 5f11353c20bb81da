/** Number of bits in which two hashes of equal length differ. */
export function bitsApart(a: Uint8Array, b: Uint8Array): number {
  let bits = 0
  for (let i = 0; i < a.length; i++) {
    for (let x = (a[i] as number) ^ (b[i] as number); x !== 0; x &= x - 1) bits++
  }
  return bits
}
