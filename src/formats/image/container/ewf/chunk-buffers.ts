/** Reuses the buffers of image chunks. */
import type { BlockPlace } from '../../content/block-medium.ts'
import type { Buffers } from '../../content/inflate-block.ts'

export class ChunkBuffers implements Buffers {
  readonly bytes: number
  readonly #free: Buffer[] = []

  constructor(bytes: number) {
    this.bytes = bytes
  }

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.bytes)
  }

  /** Takes back a buffer that was taken here, when it has the full size. No other code may still use it. */
  giveBack({ buffer }: Uint8Array): void {
    if (buffer.byteLength === this.bytes) this.#free.push(Buffer.from(buffer as ArrayBuffer))
  }

  /** Takes back the buffer of a place that no code uses any more. */
  free(place: BlockPlace): void {
    if (place.kind === 'decoded') this.giveBack(place.bytes)
  }
}
