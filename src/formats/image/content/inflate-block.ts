/** Blocks of containers that are deflate streams of their own, inflated by one reused engine while it succeeds. */
import { inflateRawSync, inflateSync } from 'node:zlib'
import type { BlockPlace } from './block-medium.ts'
import { type DeflateForm, Inflater } from './inflater.ts'

/** Buffers that are used again: a disk has millions of chunks, and collecting them costs more than reading them. */
export interface Buffers {
  readonly bytes: number
  /** The buffer still contains its previous bytes. */
  take(): Buffer
  giveBack(buffer: Uint8Array): void
}

/** An engine keeps a buffer of this size; larger streams are few. */
const QUICK_BYTES_AT_MOST = 1 << 20

/** Engine for the last form and size, which are constant in an image. Null: this Node has no usable engine. */
let inflater: Inflater | null | undefined

/**
 * @param stored the stream; bytes behind its end are ignored
 * @param length bytes of the block in the medium: fewer than `unitBytes` only at its end
 * @param unitBytes most bytes that a stream may inflate to
 * @param buffers buffers of at least `unitBytes`: one is taken for the result
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

/** The same by the documented call, which reports the fault of a stream. */
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
    // The stream contains its own Adler-32; zlib reports a mismatch separately.
    return { kind: 'damaged', cause: error.message === 'incorrect data check' ? 'checksum' : 'inflate' }
  }
  return bytes.length < length ? { kind: 'damaged', cause: 'inflate' } : { kind: 'decoded', bytes }
}
