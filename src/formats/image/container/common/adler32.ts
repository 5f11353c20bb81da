/**
 * Adler-32, the checksum of zlib streams and of the structures of EWF images.
 *
 * @see RFC 1950, section 8.2
 */
import { AdlerKernel, BLOCK_BYTES, MOST_BLOCKS } from './adler-kernel.ts'

const MODULUS = 65521
/** The largest count of bytes after which the sums still fit into 32 bits (RFC 1950, section 9: NMAX). */
const BYTES_WITHOUT_OVERFLOW = 5552
/** For shorter input, calling the kernel costs more than it saves. */
const KERNEL_FROM_BYTES = 512

let kernel: AdlerKernel | null | undefined

export function adler32(bytes: Uint8Array, seed = 1): number {
  if (bytes.length < KERNEL_FROM_BYTES) return adler32Plain(bytes, seed)
  kernel ??= AdlerKernel.create()
  if (kernel === null) return adler32Plain(bytes, seed)
  let a = seed & 0xffff
  let b = seed >>> 16
  const whole = bytes.length - (bytes.length % BLOCK_BYTES)
  for (let at = 0; at < whole; at += MOST_BLOCKS * BLOCK_BYTES) {
    const piece = bytes.subarray(at, Math.min(whole, at + MOST_BLOCKS * BLOCK_BYTES))
    const { sum, prefix, weighted } = kernel.sums(piece)
    b = (b + piece.length * a + BLOCK_BYTES * prefix + weighted) % MODULUS
    a = (a + sum) % MODULUS
  }
  return adler32Plain(bytes.subarray(whole), ((b << 16) | a) >>> 0)
}

/** The slow version with the same result: for engines without SIMD, for short input, and to test the fast version. */
export function adler32Plain(bytes: Uint8Array, seed = 1): number {
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
