/**
 * Adler-32, the checksum of zlib streams and of the structures of EWF images.
 *
 * @see RFC 1950, section 8.2
 */
const MODULUS = 65521
/** The largest count of bytes after which the sums still fit into 32 bits (RFC 1950, section 9: NMAX). */
const BYTES_WITHOUT_OVERFLOW = 5552

export function adler32(bytes: Uint8Array, seed = 1): number {
  let a = seed & 0xffff
  let b = seed >>> 16
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + BYTES_WITHOUT_OVERFLOW)
    for (; at < end; at++) {
      a += bytes[at]!
      b += a
    }
    a %= MODULUS
    b %= MODULUS
  }
  return ((b << 16) | a) >>> 0
}
