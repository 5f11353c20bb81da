/** Blocks of containers that stand in deflate streams, each of its own: by one engine as long as all goes well. */
import { inflateRawSync, inflateSync } from 'node:zlib'
import type { BlockPlace } from './block-medium.ts'
import { type DeflateForm, Inflater } from './inflater.ts'

/** Buffers that are used again: a disk has millions of chunks, and collecting them costs more than reading them. */
export interface Buffers {
  readonly bytes: number
  /** What it holds is of whatever was there before. */
  take(): Buffer
  giveBack(buffer: Uint8Array): void
}

/** An engine keeps a buffer of this size; larger streams are few. */
const QUICK_BYTES_AT_MOST = 1 << 20

/** Of the form and size that came last: an image has one. Null: this Node has none. */
let inflater: Inflater | null | undefined

/**
 * @param stored      the stream; what stands behind its end is left alone
 * @param length      bytes that the medium has of the block: fewer than `unitBytes` only at its end
 * @param unitBytes   what a stream may inflate to at most
 * @param buffers     of `unitBytes` and more each: one is taken for what is decoded
 */
export function inflatedBlock(
  form: DeflateForm,
  stored: Buffer,
  length: number,
  unitBytes: number,
  buffers?: Buffers,
): BlockPlace {
  const quick = unitBytes <= QUICK_BYTES_AT_MOST ? quicklyInflated(form, stored, unitBytes) : null
  if (quick === null) return inflatedOnce(form, stored, length, unitBytes)
  if (quick.length < length) return { kind: 'damaged', cause: 'inflate' }
  const bytes = (buffers?.take() ?? Buffer.allocUnsafeSlow(quick.length)).subarray(0, quick.length)
  quick.copy(bytes)
  return { kind: 'decoded', bytes }
}

function quicklyInflated(form: DeflateForm, stored: Buffer, unitBytes: number): Buffer | null {
  if (inflater === null) return null
  if (inflater?.unitBytes !== unitBytes || inflater.form !== form) inflater = Inflater.create(unitBytes, form)
  const bytes = inflater?.inflate(stored) ?? null
  // One that met a stream it did not like is of no use any more.
  if (bytes === null && inflater) inflater = undefined
  return bytes
}

/** The same by the documented call, which says what is wrong with a stream. */
export function inflatedOnce(
  form: DeflateForm,
  stored: Buffer,
  length: number,
  unitBytes: number,
): BlockPlace {
  const inflate = form === 'zlib' ? inflateSync : inflateRawSync
  let bytes: Buffer
  try {
    bytes = inflate(stored, { maxOutputLength: unitBytes, chunkSize: Math.max(64, unitBytes) })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // The stream carries its own Adler-32: zlib says so when that is what fails.
    return { kind: 'damaged', cause: error.message === 'incorrect data check' ? 'checksum' : 'inflate' }
  }
  return bytes.length < length ? { kind: 'damaged', cause: 'inflate' } : { kind: 'decoded', bytes }
}
