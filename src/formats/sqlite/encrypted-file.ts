/**
 * Decrypts a database that SQLCipher encrypted, with a known 256-bit key. Each page is AES-256-CBC with its own
 * initialisation vector. An HMAC covers the ciphertext, the vector and the page number, and is checked before the page
 * is used. The first 16 bytes of the first page are the salt, or a plain header stands there and the salt is elsewhere.
 *
 * @see Zetetic, "SQLCipher Design"; sqlcipher, src/crypto_impl.c (sqlcipher_page_cipher, sqlcipher_page_hmac)
 */
import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'

export const SALT_BYTES = 16
const VECTOR_BYTES = 16
const KEY_BYTES = 32
/** The salt of the HMAC key is the salt of the file, each byte XORed with this value. */
const HMAC_SALT_MASK = 0x3a
const HMAC_KEY_ROUNDS = 2
export const MAGIC = Buffer.from('SQLite format 3\0', 'latin1')

/** How the pages of a file are encrypted. */
export interface PageForm {
  readonly pageBytes: number
  readonly hmac: 'sha512' | 'sha1'
  readonly hmacBytes: number
  /** Bytes at the end of each page: vector and HMAC, in whole blocks of AES. */
  readonly reservedBytes: number
  /** Bytes at the beginning of the file that are not encrypted: the salt, or a plain header. */
  readonly plainBytes: number
}

export const SQLCIPHER_4: PageForm = {
  pageBytes: 4096,
  hmac: 'sha512',
  hmacBytes: 64,
  reservedBytes: 80,
  plainBytes: SALT_BYTES,
}
export const SQLCIPHER_3: PageForm = { ...SQLCIPHER_4, hmac: 'sha1', hmacBytes: 20, reservedBytes: 48 }

export interface DecryptedFile {
  readonly bytes: Buffer
  /** Count of pages with a correct HMAC. Pages of zeros, which SQLCipher writes unencrypted, are not counted. */
  readonly pages: number
  /** Count of pages with a wrong HMAC. Zeros replace them. */
  readonly damaged: number
}

export interface FileKey {
  readonly key: Buffer
  readonly form: PageForm
  readonly salt: Buffer
}

/** Whether the first page of a file belongs to this key: its HMAC says so. */
export function opensFirstPage(file: Buffer, { key, form, salt }: FileKey): boolean {
  return isPageOf(file.subarray(0, form.pageBytes), 1, { key, form, salt })
}

/** Whether a page belongs to this key: its HMAC says so. @param number 1-based */
export function isPageOf(page: Buffer, number: number, { key, form, salt }: FileKey): boolean {
  if (key.length !== KEY_BYTES || page.length !== form.pageBytes) return false
  const from = number === 1 ? form.plainBytes : 0
  return isWhole(page.subarray(from), number, hmacKeyOf(key, salt, form), form)
}

/**
 * @param file with its write-ahead log applied; the pages of the log are encrypted like those of the file
 * @returns null when no page belongs to this key
 */
export function decryptedFile(
  file: Buffer,
  key: Buffer,
  form = SQLCIPHER_4,
  salt = file.subarray(0, SALT_BYTES),
): DecryptedFile | null {
  const { pageBytes, plainBytes } = form
  if (key.length !== KEY_BYTES || file.length < pageBytes) return null
  const hmacKey = hmacKeyOf(key, salt, form)
  const bytes = Buffer.alloc(file.length - (file.length % pageBytes))
  let [pages, damaged] = [0, 0]
  for (let number = 1; number * pageBytes <= file.length; number++) {
    const at = (number - 1) * pageBytes
    const page = file.subarray(at, at + pageBytes)
    if (page.every((byte) => byte === 0)) continue
    const from = number === 1 ? plainBytes : 0
    if (!isWhole(page.subarray(from), number, hmacKey, form)) {
      damaged++
      continue
    }
    pages++
    decrypted(page.subarray(from), key, form).copy(bytes, at + from)
    if (number === 1) (plainBytes > SALT_BYTES ? page.subarray(0, plainBytes) : MAGIC).copy(bytes)
  }
  return pages === 0 ? null : { bytes, pages, damaged }
}

function hmacKeyOf(key: Buffer, salt: Buffer, { hmac }: PageForm): Buffer {
  const masked = salt.map((byte) => byte ^ HMAC_SALT_MASK)
  return pbkdf2Sync(key, masked, HMAC_KEY_ROUNDS, KEY_BYTES, hmac)
}

function isWhole(page: Buffer, number: number, key: Buffer, form: PageForm): boolean {
  const counted = Buffer.alloc(4)
  counted.writeUInt32LE(number)
  const end = page.length - form.reservedBytes + VECTOR_BYTES
  const hmac = createHmac(form.hmac, key).update(page.subarray(0, end)).update(counted).digest()
  return timingSafeEqual(hmac, page.subarray(end, end + form.hmacBytes))
}

function decrypted(page: Buffer, key: Buffer, { reservedBytes }: PageForm): Buffer {
  const end = page.length - reservedBytes
  const cipher = createDecipheriv('aes-256-cbc', key, page.subarray(end, end + VECTOR_BYTES))
  cipher.setAutoPadding(false)
  return Buffer.concat([cipher.update(page.subarray(0, end)), cipher.final()])
}
