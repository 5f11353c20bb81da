/**
 * Headers of TrueCrypt before version 5, which encrypted by CBC and LRW. A right password is told by the first block of a header:
 * enough to name the volume. Its data are not read, because node:crypto has no LRW, and CBC here has a whitening of its own.
 *
 * @see cryptsetup, lib/tcrypt/tcrypt.c
 */
import { createDecipheriv, pbkdf2Sync } from 'node:crypto'

const SALT_BYTES = 64
const BLOCK = 16
const ITERATIONS = 2000
const HASHES = ['ripemd160', 'sha1'] as const
const LETTERS = 'TRUE'

/** @returns the mode of a header that this password opens; null: another password, or another cipher than AES */
export function oldModeOf(header: Buffer, password: Buffer): 'aes-lrw' | 'aes-cbc' | null {
  if (header.length < SALT_BYTES + BLOCK || header.every((byte) => byte === 0)) return null
  const stored = header.subarray(SALT_BYTES, SALT_BYTES + BLOCK)
  for (const hash of HASHES) {
    const derived = pbkdf2Sync(password, header.subarray(0, SALT_BYTES), ITERATIONS, 64, hash)
    const [own, key] = [derived.subarray(0, BLOCK), derived.subarray(32, 64)]
    // LRW: the tweak of the first block is the tweak key itself.
    const lrw = xored(decrypted(key, xored(stored, own)), own)
    if (lrw.toString('latin1', 0, LETTERS.length) === LETTERS) return 'aes-lrw'
    const whitened = stored.map((byte, i) => byte ^ derived[8 + (i % 8)]!)
    const cbc = xored(decrypted(key, Buffer.from(whitened)), own)
    if (cbc.toString('latin1', 0, LETTERS.length) === LETTERS) return 'aes-cbc'
  }
  return null
}

function decrypted(key: Buffer, block: Buffer): Buffer {
  return createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(block)
}

function xored(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, i) => byte ^ other[i]!))
}
