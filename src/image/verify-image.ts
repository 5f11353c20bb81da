/** Recomputes the hashes that an image stores of its medium: every byte is read, damaged ones as the zeros they read as. */
import { createHash } from 'node:crypto'
import type { Damage, OpenImage } from '../contracts/image.ts'

export interface VerifiedHash {
  readonly algorithm: 'md5' | 'sha1' | 'sha256'
  readonly stored: string
  readonly computed: string
  readonly equal: boolean
}

export interface ImageVerification {
  /** `no-hash`: the image stores none, so nothing was compared. */
  readonly result: 'equal' | 'different' | 'no-hash'
  readonly hashes: readonly VerifiedHash[]
  readonly readBytes: number
  /** All damage of the medium, now that every byte was asked for. */
  readonly damage: readonly Damage[]
}

const READ_BYTES = 1 << 20

/** @param onProgress is called after each mebibyte with the bytes that were read so far */
export function verifyImage(image: OpenImage, onProgress: (readBytes: number) => void): ImageVerification {
  const { medium, storedHashes } = image
  const hashes = storedHashes.map(({ algorithm }) => createHash(algorithm))
  const buffer = Buffer.allocUnsafe(READ_BYTES)
  let readBytes = 0
  while (storedHashes.length > 0 && readBytes < medium.sizeBytes) {
    const got = medium.readInto(buffer, readBytes)
    if (got === 0) break
    for (const hash of hashes) hash.update(buffer.subarray(0, got))
    readBytes += got
    onProgress(readBytes)
  }
  const verified = storedHashes.map(({ algorithm, hex }, index) => {
    const computed = hashes[index]!.digest('hex')
    return { algorithm, stored: hex, computed, equal: computed === hex }
  })
  const equal = verified.every((one) => one.equal)
  return {
    result: verified.length === 0 ? 'no-hash' : equal ? 'equal' : 'different',
    hashes: verified,
    readBytes,
    damage: medium.damageIn(0, medium.sizeBytes),
  }
}
