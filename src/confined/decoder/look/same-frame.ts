/** Whether two frames show the same thing. */
import { bitsApart } from '../../../hash/bits-apart.ts'

/** Hashes no further apart show the same thing: PDQ's own match threshold. */
const SAME_BITS = 31

/** @param a PDQ hash; null: no hash was computed, and the frame equals no other frame */
export function sameThing(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a !== null && b !== null && bitsApart(a, b) <= SAME_BITS
}
