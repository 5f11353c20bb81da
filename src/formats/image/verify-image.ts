/** Hashes every byte of a medium, with damaged bytes as zeros, and reports the damage. */
import { createHash } from 'node:crypto'
import type { OpenImage } from '../../contracts/image.ts'
import type { ImageHash, ImageVerification } from '../../contracts/image-exhibit.ts'
import { DamageLog } from './content/damage-log.ts'

type Algorithm = ImageHash['algorithm']

const READ_BYTES = 4 * 1024 * 1024
const READS_A_WORD = 16

/**
 * @param asked algorithms in addition to those that the image stores; SHA-256 where there would be none
 * @param hashed called regularly with the bytes so far
 */
export function verifyImage(
  { medium, storedHashes, lacks }: OpenImage,
  asked: readonly Algorithm[],
  hashed: (bytes: number) => void,
): Omit<ImageVerification, 'opened'> {
  const hashes = algorithmsOf(storedHashes, asked).map((algorithm) => ({
    algorithm,
    hash: createHash(algorithm),
  }))
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  for (let at = 0, reads = 0; at < medium.sizeBytes; at += READ_BYTES) {
    const piece = buffer.subarray(0, medium.readInto(buffer, at))
    for (const { hash } of hashes) hash.update(piece)
    if (++reads % READS_A_WORD === 0) hashed(at + piece.length)
  }
  const log = new DamageLog()
  for (const damage of [...medium.damageIn(0, medium.sizeBytes), ...(lacks?.() ?? [])]) log.add(damage)
  return {
    hashes: hashes.map(({ algorithm, hash }) => ({ algorithm, hex: hash.digest('hex') })),
    damage: log.within(0, medium.sizeBytes),
  }
}

function algorithmsOf(stored: readonly ImageHash[], asked: readonly Algorithm[]): readonly Algorithm[] {
  const all = [...new Set([...stored.map(({ algorithm }) => algorithm), ...asked])]
  return all.length > 0 ? all : ['sha256']
}
