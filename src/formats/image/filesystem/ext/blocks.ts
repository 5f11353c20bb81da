/**
 * Blocks of a volume in the state after a replay of the journal.
 *
 * The replay is a map from blocks to their newest committed copy in the journal; no byte is written. Memory is a fixed
 * number of reused chunks. Callers get copies, unless the name of a method says otherwise.
 */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type { Medium } from '../../../../contracts/image.ts'
import type { ProblemLog } from '../common/problem-log.ts'

/** Place of a block's copy in the journal. */
export interface JournalCopy {
  /** Byte offset on the volume. */
  readonly offset: number
  /** The block's first four bytes equalled the journal's magic, so the journal stores zeros in their place. */
  readonly escaped: boolean
}

export const JOURNAL_MAGIC = 0xc03b3998

const CHUNK_BYTES = 16_384
const CHUNKS_KEPT = 1024

export class Blocks {
  readonly volume: Medium
  readonly blockBytes: number
  /** Blocks of the file system; a truncated volume has fewer. */
  readonly count: number
  readonly #problems: ProblemLog
  readonly #chunkBytes: number
  readonly #chunks = new Map<number, Buffer>()
  #replayed: ReadonlyMap<number, JournalCopy> = new Map()
  #replayedInOrder = new Float64Array(0)
  #magicAt = 0

  constructor(volume: Medium, blockBytes: number, count: number, problems: ProblemLog) {
    this.volume = volume
    this.blockBytes = blockBytes
    this.count = count
    this.#problems = problems
    this.#chunkBytes = Math.max(CHUNK_BYTES, blockBytes)
  }

  /** @param magicAt byte offset on the volume of four bytes that are the journal's magic (its superblock). */
  replay(copies: ReadonlyMap<number, JournalCopy>, magicAt: number): void {
    this.#replayed = copies
    this.#replayedInOrder = Float64Array.from(copies.keys()).sort()
    this.#magicAt = magicAt
    this.#chunks.clear()
  }

  /** @returns null when the volume has no such block. Damaged bytes read as zeros and are reported. */
  read(block: number): Buffer | null {
    const seen = this.quickPreview(block)
    return seen && Buffer.from(seen)
  }

  /** The same, good until the next call of anything here. */
  quickPreview(block: number): Buffer | null {
    const at = block * this.blockBytes
    if (!(block >= 0 && block < this.count && at + this.blockBytes <= this.volume.sizeBytes)) return null
    const first = Math.floor(at / this.#chunkBytes) * this.#chunkBytes
    const chunk = this.#chunk(first)
    return chunk.subarray(at - first, at - first + this.blockBytes)
  }

  /** A copy of bytes of the volume, through the replay, within one block. @returns null outside the volume. */
  bytes(offset: number, length: number): Buffer | null {
    const block = Math.floor(offset / this.blockBytes)
    const within = offset - block * this.blockBytes
    if (within + length > this.blockBytes) return null
    const seen = this.quickPreview(block)
    return seen && Buffer.from(seen.subarray(within, within + length))
  }

  /** @param bytes a block's length, to be used again and again */
  copyOf(copy: JournalCopy, bytes: Buffer = Buffer.alloc(this.blockBytes)): Buffer {
    this.volume.readInto(bytes, copy.offset)
    if (copy.escaped) bytes.writeUInt32BE(JOURNAL_MAGIC, 0)
    return bytes
  }

  /** The runs, with replayed blocks taken from the journal. */
  throughReplay(runs: readonly DataRun[]): readonly DataRun[] {
    const order = this.#replayedInOrder
    if (order.length === 0) return runs
    const result: DataRun[] = []
    for (const run of runs) {
      if (run.offset === null) {
        result.push(run)
        continue
      }
      let at = run.offset
      const end = run.offset + run.length
      let index = firstNotBelow(order, Math.floor(at / this.blockBytes))
      while (at < end) {
        const block = order[index++]
        const begins = block === undefined ? end : block * this.blockBytes
        if (begins >= end) break
        if (begins > at) result.push({ offset: at, length: begins - at })
        const length = Math.min(this.blockBytes, end - begins)
        result.push(...this.#inJournal(block ?? 0, length))
        at = begins + length
      }
      if (at < end) result.push({ offset: at, length: end - at })
    }
    return result
  }

  /** Offset of a byte after the replay: in the journal, where its block has a copy there. */
  replayedOffset(offset: number): number {
    const within = offset % this.blockBytes
    const copy = this.#replayed.get((offset - within) / this.blockBytes)
    return copy ? copy.offset + within : offset
  }

  #inJournal(block: number, length: number): DataRun[] {
    const copy = this.#replayed.get(block)
    if (!copy) return []
    if (!copy.escaped) return [{ offset: copy.offset, length }]
    const magic = { offset: this.#magicAt, length: Math.min(4, length) }
    return length <= 4 ? [magic] : [magic, { offset: copy.offset + 4, length: length - 4 }]
  }

  #chunk(first: number): Buffer {
    const kept = this.#chunks.get(first)
    if (kept) {
      this.#chunks.delete(first)
      this.#chunks.set(first, kept)
      return kept
    }
    const length = Math.min(this.#chunkBytes, this.volume.sizeBytes - first)
    const chunk = this.#emptied()
    this.volume.readInto(chunk.subarray(0, length), first)
    for (const damage of this.volume.damageIn(first, length)) {
      this.#problems.add(
        'metadata-on-damaged-bytes',
        null,
        `${damage.offset}+${damage.length} ${damage.cause}`,
      )
    }
    if (this.#replayed.size > 0) {
      for (let at = 0; at + this.blockBytes <= length; at += this.blockBytes) {
        const copy = this.#replayed.get((first + at) / this.blockBytes)
        if (copy) this.copyOf(copy, chunk.subarray(at, at + this.blockBytes))
      }
    }
    this.#chunks.set(first, chunk)
    return chunk
  }

  /** A new chunk, or the one that was not used for longest. */
  #emptied(): Buffer {
    if (this.#chunks.size >= CHUNKS_KEPT) {
      for (const [first, chunk] of this.#chunks) {
        this.#chunks.delete(first)
        return chunk
      }
    }
    return Buffer.alloc(this.#chunkBytes)
  }
}

/** Index of the first value that is at least `wanted`. */
export function firstNotBelow(order: Float64Array, wanted: number): number {
  let low = 0
  let high = order.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((order[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}
