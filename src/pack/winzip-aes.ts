/** Keys and cipher of WinZip AES-256. @see WinZip, "AES Encryption Information: Encryption Specification AE-1 and AE-2" */
import { createCipheriv, pbkdf2Sync } from 'node:crypto'

/** Bytes of the salt, of the check of the passphrase, and of the authentication code. */
export const SALT = 16
export const CHECK = 2
export const MAC = 10
/** Iterations that the specification fixes: the passphrase must be long. */
const ITERATIONS = 1000
export const PIECE = 1 << 20
const BLOCK = 16

export interface Keys {
  readonly key: Buffer
  readonly macKey: Buffer
  readonly check: Buffer
}

export function keysOf(passphrase: string, salt: Buffer): Keys {
  const made = pbkdf2Sync(passphrase, salt, ITERATIONS, 32 + 32 + CHECK, 'sha1')
  return { key: made.subarray(0, 32), macKey: made.subarray(32, 64), check: made.subarray(64) }
}

/** Counter mode with a little-endian counter from 1, which node:crypto has not: the counters are enciphered block by block. */
export function* ciphered(key: Buffer, bytes: Buffer): Iterable<Buffer> {
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false)
  let counter = 1n
  for (let at = 0; at < bytes.length; at += PIECE) {
    const piece = Buffer.from(bytes.subarray(at, at + PIECE))
    const counters = Buffer.alloc(Math.ceil(piece.length / BLOCK) * BLOCK)
    for (let block = 0; block < counters.length; block += BLOCK) counters.writeBigUInt64LE(counter++, block)
    const stream = cipher.update(counters)
    for (let i = 0; i < piece.length; i++) piece[i] = piece[i]! ^ stream[i]!
    yield piece
  }
}
