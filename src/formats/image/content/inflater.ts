/**
 * Inflates thousands of deflate streams of one size by one engine. Creating and freeing an engine for each doubles the
 * cost of a 32 KB chunk.
 * Node has no documented call for that; npm's own reader of archives (minizlib) uses the engine in the same way. It
 * only reports success: `inflateSync` judges every other stream.
 */
import {
  constants,
  createInflate,
  createInflateRaw,
  deflateRawSync,
  deflateSync,
  type Inflate,
} from 'node:zlib'

/** With the header and the Adler-32 of zlib (RFC 1950), or without (RFC 1951). */
export type DeflateForm = 'zlib' | 'raw'

interface Engine extends Inflate {
  _handle: { close: () => void } | null
  _processChunk(chunk: Uint8Array, flush: number): Uint8Array | null
}

export class Inflater {
  readonly unitBytes: number
  readonly form: DeflateForm
  readonly #engine: Engine
  readonly #handle: Engine['_handle']
  readonly #close: () => void

  /** @returns null where this Node's engine fails a round trip of two test streams */
  static create(unitBytes: number, form: DeflateForm): Inflater | null {
    const create = form === 'zlib' ? createInflate : createInflateRaw
    const engine = create({ chunkSize: Math.max(64, unitBytes + 1) }) as Engine
    if (typeof engine._processChunk !== 'function' || typeof engine._handle?.close !== 'function') return null
    const made = new Inflater(unitBytes, form, engine)
    const known = Buffer.from('known').subarray(0, unitBytes)
    const stored = (form === 'zlib' ? deflateSync : deflateRawSync)(known)
    for (let time = 0; time < 2; time++) if (!made.inflate(stored)?.equals(known)) return null
    return made
  }

  private constructor(unitBytes: number, form: DeflateForm, engine: Engine) {
    this.unitBytes = unitBytes
    this.form = form
    this.#engine = engine
    this.#handle = engine._handle
    this.#close = engine._handle!.close.bind(engine._handle)
    // Each call ends with a close, which would free the state for the next call.
    this.#handle!.close = () => {}
  }

  /**
   * @returns at most `unitBytes`, overwritten by the next call. Null: the stream is damaged or longer than that, and
   *   the engine must not be used again
   */
  inflate(stored: Uint8Array): Buffer | null {
    const engine = this.#engine
    try {
      engine.reset()
      const bytes = engine._processChunk(stored, constants.Z_FINISH)
      if (bytes !== null && bytes.length <= this.unitBytes)
        return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      engine.on('error', () => {})
    } finally {
      // Each call leaves a listener behind, and takes the handle from the engine.
      engine.removeAllListeners('error')
      engine._handle = this.#handle
    }
    this.#end()
    return null
  }

  #end(): void {
    this.#engine.on('error', () => {})
    this.#engine._handle = null
    this.#close()
  }
}
