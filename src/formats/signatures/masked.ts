/**
 * Pictures and videos that a vault app hid by XOR with one byte, over all of it or over its beginning alone: told by what the
 * beginning is without it. Asked only of what nothing else recognises.
 */
import type { Sample } from '../../media-types/sample.ts'

const MASKED = 'application/x-masked-media'

export function maskedType({ head, sizeBytes }: Sample): string | null {
  return sizeBytes < LEAST_BYTES || maskOf(head) === null ? null : MASKED
}

const LEAST_BYTES = 128

/** @returns the byte, 1 to 255; null: there is none */
export function maskOf(head: Buffer): number | null {
  if (head.length < LEAST_BYTES) return null
  for (const [at, first, isBeginning] of BEGINNINGS) {
    const mask = head[at]! ^ first
    if (mask !== 0 && isBeginning(Buffer.from(head.subarray(0, 32).map((byte) => byte ^ mask)))) return mask
  }
  return null
}

/** Data of JFIF or Exif, or a table of quantisation of one of the two lengths that a first one has. */
function isJpeg(plain: Buffer): boolean {
  if (plain.readUIntBE(0, 3) !== 0xffd8ff) return false
  if (/^(JFIF|Exif)\0/.test(plain.toString('latin1', 6, 11))) return true
  return plain[3] === 0xdb && [0x43, 0x84].includes(plain.readUInt16BE(4)) && plain[6] === 0
}

/** Where a byte is known, and what must hold of the first bytes: enough of them that chance makes none in a million files. */
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
