/** Keys and cipher of WinZip AES. @see WinZip, "AES Encryption Information: Encryption Specification AE-1 and AE-2" */
import { createCipheriv, pbkdf2Sync } from 'node:crypto'

/** Bytes of the salt of a 256-bit key, of the check of the passphrase, and of the authentication code. */
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

/** @param salt half as long as the key: 8, 12 or 16 bytes */
export function keysOf(passphrase: string, salt: Buffer): Keys {
  const bytes = 2 * salt.length
  const made = pbkdf2Sync(passphrase, salt, ITERATIONS, 2 * bytes + CHECK, 'sha1')
  return {
    key: made.subarray(0, bytes),
    macKey: made.subarray(bytes, 2 * bytes),
    check: made.subarray(2 * bytes),
  }
}

const TWO_32 = 2 ** 32

/** Counter mode with a little-endian counter from 1, which node:crypto has not: the counters are enciphered block by block. */
export class CounterCipher {
  readonly #cipher
  #at = 0

  constructor(key: Buffer) {
    this.#cipher = createCipheriv(`aes-${8 * key.length}-ecb`, key, null).setAutoPadding(false)
  }

  /** Enciphers the next bytes in place. */
  next(piece: Buffer): void {
    const [first, skip] = [Math.floor(this.#at / BLOCK) + 1, this.#at % BLOCK]
    const blocks = Math.ceil((skip + piece.length) / BLOCK)
    const counters = Buffer.alloc(blocks * BLOCK)
    for (let block = 0; block < blocks; block++) {
      const counter = first + block
      counters.writeUInt32LE(counter % TWO_32, block * BLOCK)
      counters.writeUInt32LE(Math.floor(counter / TWO_32), block * BLOCK + 4)
    }
    const stream = this.#cipher.update(counters)
    for (let i = 0; i < piece.length; i++) piece[i] = piece[i]! ^ stream[skip + i]!
    this.#at += piece.length
  }
}
