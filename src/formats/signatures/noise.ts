/**
 * Recognises contents that may be containers of VeraCrypt and similar programs: no signature, random bytes at the
 * start and the end, and a length in whole sectors. One in 512 other contents without structure has such a length.
 */
import { HEAD_BYTES, TAIL_BYTES } from '../../media-types/sample.ts'

const SECTOR_BYTES = 512
/** The smallest VeraCrypt container has 292 KiB. */
const LEAST_BYTES = 256 * 1024
/** 64 KiB of random bytes have 7.997 bits a byte, in 99.9 % of cases over 7.9966. 4 KiB have 7.954, and over 7.93. */
const WHOLE_BITS = 7.995
const FIRST_BYTES = 4096
const FIRST_BITS = 7.93

/** @param head the first HEAD_BYTES. @param tail the last TAIL_BYTES */
export function looksEncrypted(head: Buffer, tail: Buffer | null, sizeBytes: number): boolean {
  if (sizeBytes < LEAST_BYTES || sizeBytes % SECTOR_BYTES !== 0) return false
  if (head.length < HEAD_BYTES || tail === null || tail.length < TAIL_BYTES) return false
  const last = tail.subarray(-TAIL_BYTES)
  return (
    bitsAByte(head.subarray(0, FIRST_BYTES)) > FIRST_BITS &&
    bitsAByte(head.subarray(0, HEAD_BYTES)) > WHOLE_BITS &&
    bitsAByte(last) > WHOLE_BITS
  )
}

function bitsAByte(bytes: Buffer): number {
  const counts = new Uint32Array(256)
  for (const byte of bytes) counts[byte]!++
  let bits = 0
  for (const count of counts) if (count > 0) bits -= (count / bytes.length) * Math.log2(count / bytes.length)
  return bits
}
