/**
 * Decrypts a database that SQLCipher 4 encrypted completely, with a known 256-bit key. Each page is AES-256-CBC with
 * its own initialisation vector. An HMAC-SHA-512 covers the ciphertext, the vector and the page number, and is
 * checked before the page is used. The first 16 bytes of the first page are the salt.
 *
 * @see Zetetic, "SQLCipher Design"; sqlcipher, src/crypto_impl.c (sqlcipher_page_cipher, sqlcipher_page_hmac)
 */
import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'

const PAGE_BYTES = 4096
const SALT_BYTES = 16
const VECTOR_BYTES = 16
const HMAC_BYTES = 64
/** Bytes at the end of each page. */
const RESERVED_BYTES = VECTOR_BYTES + HMAC_BYTES
const KEY_BYTES = 32
/** The salt of the HMAC key is the salt of the file, each byte XORed with this value. */
const HMAC_SALT_MASK = 0x3a
const HMAC_KEY_ROUNDS = 2
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1')

export interface DecryptedFile {
  readonly bytes: Buffer
  /** Count of pages with a correct HMAC. Pages of zeros, which SQLCipher writes unencrypted, are not counted. */
  readonly pages: number
  /** Count of pages with a wrong HMAC. Zeros replace them. */
  readonly damaged: number
}

/**
 * @param file with its write-ahead log applied; the pages of the log are encrypted like those of the file
 * @returns null when no page belongs to this key
 */
export function decryptedFile(file: Buffer, key: Buffer): DecryptedFile | null {
  if (key.length !== KEY_BYTES || file.length < PAGE_BYTES) return null
  const salt = file.subarray(0, SALT_BYTES)
  const hmacKey = pbkdf2Sync(
    key,
    salt.map((byte) => byte ^ HMAC_SALT_MASK),
    HMAC_KEY_ROUNDS,
    KEY_BYTES,
    'sha512',
  )
  const bytes = Buffer.alloc(file.length - (file.length % PAGE_BYTES))
  let [pages, damaged] = [0, 0]
  for (let number = 1; number * PAGE_BYTES <= file.length; number++) {
    const at = (number - 1) * PAGE_BYTES
    const page = file.subarray(at, at + PAGE_BYTES)
    if (page.every((byte) => byte === 0)) continue
    const from = number === 1 ? SALT_BYTES : 0
    if (!isWhole(page.subarray(from), number, hmacKey)) {
      damaged++
      continue
    }
    pages++
    decrypted(page.subarray(from), key).copy(bytes, at + from)
    if (number === 1) MAGIC.copy(bytes)
  }
  return pages === 0 ? null : { bytes, pages, damaged }
}

function isWhole(page: Buffer, number: number, key: Buffer): boolean {
  const counted = Buffer.alloc(4)
  counted.writeUInt32LE(number)
  const covered = page.subarray(0, page.length - HMAC_BYTES)
  const hmac = createHmac('sha512', key).update(covered).update(counted).digest()
  return timingSafeEqual(hmac, page.subarray(page.length - HMAC_BYTES))
}

function decrypted(page: Buffer, key: Buffer): Buffer {
  const end = page.length - RESERVED_BYTES
  const cipher = createDecipheriv('aes-256-cbc', key, page.subarray(end, end + VECTOR_BYTES))
  cipher.setAutoPadding(false)
  return Buffer.concat([cipher.update(page.subarray(0, end)), cipher.final()])
}
