import { hasPages, PAGE_BYTES } from '../../media-types/encrypted-pages.ts'

/**
 * Recognises the pages of a fully encrypted SQLite database (SQLCipher): random bytes, in pages of 1,024 bytes or a
 * multiple. On iOS the first 32 bytes stay unencrypted, because the system ends programs that lock a shared file that
 * is not a database.
 *
 * @see Zetetic, "SQLCipher API", cipher_page_size, cipher_plaintext_header_size; groue/GRDB.swift, issue 302
 */
const PLAIN_BYTES = 32
const MOST_BYTES = 1 << 16

export function areEncryptedPages(bytes: Buffer): boolean {
  return hasPages(bytes.length) && isNoise(bytes.subarray(0, MOST_BYTES))
}

/**
 * A plain database header with random bytes behind it. The first page of every other database contains zeros and SQL
 * text.
 */
export function isEncryptedBehindHeader(bytes: Buffer): boolean {
  return bytes.length >= PAGE_BYTES && isNoise(bytes.subarray(PLAIN_BYTES, PAGE_BYTES))
}

/** Checks the entropy in bits a byte. Fewer bytes give a lower value: 992 random bytes give 7.8. */
function isNoise(bytes: Buffer): boolean {
  const counts = new Uint32Array(256)
  for (const byte of bytes) counts[byte]!++
  let bits = 0
  for (const count of counts) if (count > 0) bits -= (count / bytes.length) * Math.log2(count / bytes.length)
  return bits > (bytes.length >= 4 * PAGE_BYTES ? 7.9 : 7.65)
}
