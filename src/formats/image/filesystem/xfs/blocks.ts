/**
 * Blocks of structures by their place on the volume, in the state after a replay of the log, with reused chunks.
 * Damaged bytes read as zeros and are reported.
 */
import type { Medium } from '../../../../contracts/image.ts'
import type { ProblemLog } from '../common/problem-log.ts'
import type { Sectors } from './sectors.ts'

const CHUNK_BYTES = 65_536
const CHUNKS_KEPT = 256

export class Blocks {
  readonly volume: Medium
  readonly #sectors: Sectors
  readonly #problems: ProblemLog
  readonly #chunks = new Map<number, Buffer>()

  /** @param sectors what a replay of the log changed */
  constructor(volume: Medium, problems: ProblemLog, sectors: Sectors) {
    this.volume = volume
    this.#sectors = sectors
    this.#problems = problems
  }

  /** A copy. @returns null where the volume ends before */
  read(offset: number, length: number): Buffer | null {
    if (!(offset >= 0 && offset + length <= this.volume.sizeBytes)) return null
    const bytes = Buffer.allocUnsafe(length)
    for (let at = 0; at < length; ) {
      const first = Math.floor((offset + at) / CHUNK_BYTES) * CHUNK_BYTES
      const within = offset + at - first
      at += this.#chunk(first).copy(bytes, at, within, within + length - at)
    }
    return bytes
  }

  #chunk(first: number): Buffer {
    const kept = this.#chunks.get(first)
    if (kept) {
      this.#chunks.delete(first)
      this.#chunks.set(first, kept)
      return kept
    }
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, this.volume.sizeBytes - first))
    this.volume.readInto(chunk, first)
    this.#sectors.into(chunk, first)
    for (const { offset, length, cause } of this.volume.damageIn(first, chunk.length))
      this.#problems.add('metadata-on-damaged-bytes', null, `${offset}+${length} ${cause}`)
    if (this.#chunks.size >= CHUNKS_KEPT) this.#chunks.delete(this.#chunks.keys().next().value!)
    this.#chunks.set(first, chunk)
    return chunk
  }
}
