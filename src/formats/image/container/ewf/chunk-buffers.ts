/** Buffers of the chunks of an image, used again. */
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

  /** Whole, if it is one that was taken here; nobody may have it any more. */
  giveBack({ buffer }: Uint8Array): void {
    if (buffer.byteLength === this.bytes) this.#free.push(Buffer.from(buffer as ArrayBuffer))
  }

  /** Of a place that nobody has any more. */
  free(place: BlockPlace): void {
    if (place.kind === 'decoded') this.giveBack(place.bytes)
  }
}
