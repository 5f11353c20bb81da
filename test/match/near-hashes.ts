/** Hashes to search in: random ones, and clusters as near-duplicates make them. */
import { randomFrom } from '../hash/pdq-vectors.ts'

export function randomHashes(count: number, seed: number): Uint8Array {
  const random = randomFrom(seed)
  const words = new Uint32Array(count * 8)
  for (let k = 0; k < words.length; k++) words[k] = random() * 4294967296
  return new Uint8Array(words.buffer)
}

/** Clusters of `size` hashes, each up to 40 bits from its centre; every seventh an exact copy. */
export function clusteredHashes(count: number, size: number, seed: number): Uint8Array {
  const random = randomFrom(seed)
  const centres = randomHashes(Math.ceil(count / size), seed + 1)
  const hashes = new Uint8Array(count * 32)
  for (let k = 0; k < count; k++) {
    const centre = Math.floor(k / size) * 32
    const hash = flipBits(
      centres.subarray(centre, centre + 32),
      k % 7 === 0 ? 0 : Math.floor(random() * 41),
      random,
    )
    hashes.set(hash, k * 32)
  }
  return hashes
}

/** A copy with exactly `bits` bits flipped. */
export function flipBits(hash: Uint8Array, bits: number, random: () => number): Uint8Array {
  const flipped = hash.slice()
  const places = new Set<number>()
  while (places.size < bits) places.add(Math.floor(random() * 256))
  for (const place of places) flipped[place >> 3]! ^= 1 << (place & 7)
  return flipped
}

export function hashNumber(hashes: Uint8Array, k: number): Uint8Array {
  return hashes.subarray(k * 32, (k + 1) * 32)
}
