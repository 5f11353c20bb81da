/**
 * Recognises pictures and videos that a vault app hid by XOR with one byte, over the whole file or only its start.
 * The check removes the mask and tests the signature. It runs only when no other detector recognises the content.
 */
import type { Sample } from '../../media-types/sample.ts'

const MASKED = 'application/x-masked-media'

export function maskedType({ head, sizeBytes }: Sample): string | null {
  return sizeBytes < LEAST_BYTES || maskOf(head) === null ? null : MASKED
}

const LEAST_BYTES = 128

/** @returns the mask byte, 1 to 255; null: no mask fits */
export function maskOf(head: Buffer): number | null {
  if (head.length < LEAST_BYTES) return null
  for (const [at, first, isBeginning] of BEGINNINGS) {
    const mask = head[at]! ^ first
    if (mask !== 0 && isBeginning(Buffer.from(head.subarray(0, 32).map((byte) => byte ^ mask)))) return mask
  }
  return null
}

/** A JFIF or Exif segment, or a first quantisation table with one of its two possible lengths. */
function isJpeg(plain: Buffer): boolean {
  if (plain.readUIntBE(0, 3) !== 0xffd8ff) return false
  if (/^(JFIF|Exif)\0/.test(plain.toString('latin1', 6, 11))) return true
  return plain[3] === 0xdb && [0x43, 0x84].includes(plain.readUInt16BE(4)) && plain[6] === 0
}

/**
 * Offset and value of a known byte, and a check of the first bytes. Each check is strict enough to give no false
 * result in a million files.
 */
const BEGINNINGS: readonly (readonly [at: number, byte: number, isBeginning: (plain: Buffer) => boolean])[] =
  [
    [0, 0xff, isJpeg],
    [0, 0x89, (plain) => plain.toString('hex', 0, 8) === '89504e470d0a1a0a'],
    [
      4,
      0x66,
      (plain) =>
        plain.toString('latin1', 4, 8) === 'ftyp' &&
        plain.readUInt32BE(0) >= 16 &&
        plain.readUInt32BE(0) < 256,
    ],
    [0, 0x47, (plain) => /^GIF8[79]a/.test(plain.toString('latin1', 0, 6))],
  ]
