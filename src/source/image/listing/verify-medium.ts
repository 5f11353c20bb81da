/** Hashes every byte of a medium, and adds up what of it could not be read. */
import { createHash } from 'node:crypto'
import type { Medium } from '../../../contracts/image.ts'
import type { ImageHash } from '../../../contracts/image-exhibit.ts'
import type { Verified } from './list-protocol.ts'

const CHUNK_BYTES = 4 * 1024 * 1024
const CHUNKS_A_WORD = 16

/** @param hashed called now and then with the bytes so far */
export function verifyMedium(
  medium: Medium,
  algorithms: readonly ImageHash['algorithm'][],
  hashed: (bytes: number) => void,
): Verified {
  const hashes = algorithms.map((algorithm) => ({ algorithm, hash: createHash(algorithm) }))
  const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  let damagedBytes = 0
  let unreadableBytes = 0
  let chunks = 0
  for (let at = 0; at < medium.sizeBytes; at += CHUNK_BYTES) {
    const chunk = buffer.subarray(0, medium.readInto(buffer, at))
    for (const { hash } of hashes) hash.update(chunk)
    for (const { kind, length } of medium.damageIn(at, chunk.length)) {
      if (kind === 'damaged') damagedBytes += length
      else unreadableBytes += length
    }
    if (++chunks % CHUNKS_A_WORD === 0) hashed(at + chunk.length)
  }
  return {
    hashes: hashes.map(({ algorithm, hash }) => ({ algorithm, hex: hash.digest('hex') })),
    damagedBytes,
    unreadableBytes,
  }
}
