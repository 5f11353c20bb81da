/** Recognises pictures and videos in row values: by their first bytes, then by the signature check of identify(). */
import { lookOf } from '../../media-types/applies.ts'
import { identify } from '../signatures/index.ts'

/** A picture has at least this size. */
const LEAST_BYTES = 32
const HEAD_BYTES = 4096

/**
 * JPEG, PNG, GIF, RIFF (WebP), boxes (HEIC, MP4), Matroska, TIFF. Weaker signatures are not reliable for short row
 * values.
 */
export const BEGINNINGS: readonly (readonly [offset: number, bytes: Buffer])[] = [
  [0, Buffer.from('ffd8ff', 'hex')],
  [0, Buffer.from('89504e47', 'hex')],
  [0, Buffer.from('GIF8')],
  [0, Buffer.from('RIFF')],
  [4, Buffer.from('ftyp')],
  [0, Buffer.from('1a45dfa3', 'hex')],
  [0, Buffer.from('49492a00', 'hex')],
  [0, Buffer.from('4d4d002a', 'hex')],
]

export function isPicture(bytes: Buffer): boolean {
  if (bytes.length < LEAST_BYTES || !BEGINNINGS.some(([at, begins]) => starts(bytes, at, begins)))
    return false
  return lookOf(identify(bytes.subarray(0, HEAD_BYTES), bytes.length).mediaType) !== null
}

function starts(bytes: Buffer, at: number, begins: Buffer): boolean {
  for (let i = 0; i < begins.length; i++) if (bytes[at + i] !== begins[i]) return false
  return true
}

const LEAST_TYPE = 12 + LEAST_BYTES * 2

/** Serial types of blobs are even numbers from 12. */
export function mayHoldPicture(type: number): boolean {
  return type >= LEAST_TYPE && type % 2 === 0
}
