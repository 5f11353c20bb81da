/** Numbers in [0, 1) derived from a seed: SHA-256 of the seed and a counter, eight numbers for each digest. */
import { createHash } from 'node:crypto'

export function seededNumbers(seed: string): () => number {
  let counter = 0
  let block = Buffer.alloc(0)
  let at = 0
  return () => {
    if (at === block.length) {
      block = createHash('sha256').update(`${seed}\0${counter++}`).digest()
      at = 0
    }
    const number = block.readUInt32BE(at) / 2 ** 32
    at += 4
    return number
  }
}
