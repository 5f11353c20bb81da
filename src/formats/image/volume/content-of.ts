/**
 * Names the content of a range of the medium: a file system by its signature; otherwise zeros, random bytes, or
 * unknown.
 */
import type { Medium } from '../../../contracts/image.ts'
import { HEAD_BYTES, SIGNATURES } from './signatures.ts'

const SAMPLE_BYTES = 4096
/** 4,096 random bytes have 7.954 bits a byte; compressed files fall below this value in places. */
const NOISE_BITS_A_SAMPLE = 7.93
/** 256 KiB of random bytes have 7.9993. VeraCrypt volumes have no other recognisable feature. */
const NOISE_BITS_IN_ALL = 7.99
const NOISE_SAMPLES_AT_LEAST = 16

/** @param samples count of samples, evenly over the range, when no signature fits */
export function contentOfVolume(volume: Medium, samples: number): string {
  return signatureOf(volume) ?? contentBySamples(volume, samples)
}

/** @returns null when no signature fits */
export function signatureOf(volume: Medium): string | null {
  const head = Buffer.alloc(HEAD_BYTES)
  volume.readInto(head, 0)
  for (const [content, fits] of SIGNATURES) if (fits(head, volume)) return content
  return null
}

/** @returns `empty`, `not-readable`, `possibly-encrypted` or `unknown`; `empty` only when all samples could be read */
export function contentBySamples(volume: Medium, samples: number): string {
  const counts = new Uint32Array(256)
  const own = new Uint32Array(256)
  const sample = Buffer.alloc(Math.min(SAMPLE_BYTES, volume.sizeBytes))
  const places = Math.max(1, Math.min(samples, Math.ceil(volume.sizeBytes / SAMPLE_BYTES)))
  const step = places === 1 ? 0 : (volume.sizeBytes - sample.length) / (places - 1)
  let noisy = 0
  let zero = true
  let damaged = 0
  for (let place = 0; place < places; place++) {
    const at = Math.floor((place * step) / 512) * 512
    volume.readInto(sample, at)
    if (volume.damageIn(at, sample.length).length > 0) {
      damaged++
      continue
    }
    own.fill(0)
    for (const byte of sample) own[byte]!++
    for (let byte = 0; byte < 256; byte++) counts[byte]! += own[byte]!
    if (own[0] !== sample.length) zero = false
    if (bitsAByte(own) > NOISE_BITS_A_SAMPLE) noisy++
  }
  if (zero) return damaged === 0 ? 'empty' : 'not-readable'
  const noise = places >= NOISE_SAMPLES_AT_LEAST && noisy === places && bitsAByte(counts) > NOISE_BITS_IN_ALL
  return noise ? 'possibly-encrypted' : 'unknown'
}

function bitsAByte(counts: Uint32Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  let bits = 0
  for (const count of counts) if (count > 0) bits -= (count / total) * Math.log2(count / total)
  return bits
}
