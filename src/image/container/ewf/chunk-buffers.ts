/** Buffers of chunks that are stored as they are, used again: a disk has millions, and collecting them costs more than reading them. */
import type { BlockPlace } from '../../content/block-medium.ts'

export class ChunkBuffers {
  readonly #bytes: number
  readonly #free: Buffer[] = []

  constructor(bytes: number) {
    this.#bytes = bytes
  }

  /** What it holds is of whatever was there before. */
  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#bytes)
  }

  /** Of a place that nobody has any more: if its bytes lie in a buffer that was taken here. */
  giveBack(place: BlockPlace): void {
    if (place.kind !== 'decoded') return
    const { buffer } = place.bytes
    if (buffer.byteLength === this.#bytes) this.#free.push(Buffer.from(buffer as ArrayBuffer))
  }
}
