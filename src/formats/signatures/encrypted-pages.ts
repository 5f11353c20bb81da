import { hasPages, PAGE_BYTES } from '../../media-types/encrypted-pages.ts'

/**
 * Pages of an SQLite database that is encrypted as a whole (SQLCipher): noise, in pages of 1,024 bytes or a multiple. On iOS the first 32
 * bytes are left as SQLite writes them, because the system ends programs that hold a lock on a shared file that is no database.
 *
 * @see Zetetic, "SQLCipher API", cipher_page_size, cipher_plaintext_header_size; groue/GRDB.swift, issue 302
 */
const PLAIN_BYTES = 32
const MOST_BYTES = 1 << 16

export function areEncryptedPages(bytes: Buffer): boolean {
  return hasPages(bytes.length) && isNoise(bytes.subarray(0, MOST_BYTES))
}

/** What begins as a database and goes on as noise: the first page of any other holds a head of zeros and words of SQL. */
export function isEncryptedBehindHeader(bytes: Buffer): boolean {
  return bytes.length >= PAGE_BYTES && isNoise(bytes.subarray(PLAIN_BYTES, PAGE_BYTES))
}

/**
 * Entropy of a byte in bits: the less there is to count, the lower it comes out, of 992 bytes of noise 7.8.
 */
function isNoise(bytes: Buffer): boolean {
  const counts = new Uint32Array(256)
  for (const byte of bytes) counts[byte]!++
  let bits = 0
  for (const count of counts) if (count > 0) bits -= (count / bytes.length) * Math.log2(count / bytes.length)
  return bits > (bytes.length >= 4 * PAGE_BYTES ? 7.9 : 7.65)
}
