/**
 * A few thousand records of a list in typed arrays; a format fills them and the importer empties them.
 *
 * There is no object per record, because lists contain a hundred million. The same batch is reused after `clear`.
 */
import { ALTERNATIVE, type AlgorithmPlace, decodeHexText, PDQ, VPDQ, WIDE_BYTES } from './algorithms.ts'
import { type AlternativeHash, packAlternatives, writeAlternativeDigest } from './alternative-hashes.ts'

export interface RejectedRow {
  readonly line: number
  readonly reason: string
}

/**
 * Fields of a list's record beside digests, size and category, as one JSON object in UTF-8; kept for export and not
 * compared.
 * Members that repeat a column (the digests in a VICS record) are ignored.
 */
export type Extras = Buffer

export function extrasFrom(members: Readonly<Record<string, unknown>>): Extras {
  return Buffer.from(JSON.stringify(members))
}

/** A batch of so many records is full. */
const CAPACITY = 4096
/** Beyond: what one line or record may still add, the frames of a video or the lines behind an unclosed quote. */
const ROOM = CAPACITY + 64

export class RecordBatch {
  /** Rows of the list that gave a record or a rejection. */
  rows = 0
  count = 0
  /** Wide records (algorithms.ts), one after the other. */
  readonly digests = new Uint8Array(ROOM * WIDE_BYTES)
  readonly present = new Uint8Array(ROOM)
  /** NaN: the record has no size. */
  readonly sizes = new Float64Array(ROOM)
  /** Line (or record) number of each record. */
  readonly lines = new Float64Array(ROOM)
  readonly categories: (string | null)[] = new Array(ROOM).fill(null)
  readonly extras: (Extras | null)[] = new Array(ROOM).fill(null)
  /** Packed (alternative-hashes.ts), of records that have the algorithm ALTERNATIVE. */
  readonly alternatives: (Buffer | null)[] = new Array(ROOM).fill(null)
  readonly rejected: RejectedRow[] = []
  /** Digests that cannot be read, of records that have another: these are compared by it alone. */
  readonly unread: RejectedRow[] = []
  /** Names of the videos of these frames, by number; kept when the batch is cleared. */
  readonly videos: string[] = []
  readonly #numbers = new Map<string, number>()

  get full(): boolean {
    return this.count >= CAPACITY || this.rejected.length >= CAPACITY
  }

  /** Byte offset for the next record's digest of this algorithm. */
  offset(algorithm: AlgorithmPlace): number {
    return this.count * WIDE_BYTES + algorithm.at
  }

  /** Adds the record whose digests were written at {@link offset}. */
  keep(line: number, present: number, size: number, category: string | null, extras: Extras | null): void {
    // A typed array takes a digest behind its end without a word.
    if (this.count === ROOM) throw new Error(`a batch got more than ${ROOM} records`)
    const i = this.count++
    this.rows++
    this.present[i] = present
    this.sizes[i] = size
    this.lines[i] = line
    this.categories[i] = category
    this.extras[i] = extras
  }

  /**
   * Writes the frame of a video into the next record; {@link keep} it as VPDQ. @returns false when the hash is invalid
   */
  writeFrame(hash: string, video: string, second: number): boolean {
    let number = this.#numbers.get(video)
    if (number === undefined) {
      number = this.videos.push(video) - 1
      this.#numbers.set(video, number)
    }
    const at = this.offset(VPDQ)
    const view = new DataView(this.digests.buffer, this.digests.byteOffset + at + PDQ.bytes)
    view.setUint32(0, number, true)
    view.setUint32(4, second, true)
    return decodeHexText(hash, this.digests, at, PDQ.bytes)
  }

  /** Puts hashes into the next record: {@link keep} it with the bit that is returned, 0 where there are none. */
  writeAlternatives(hashes: readonly AlternativeHash[]): number {
    if (hashes.length === 0) return 0
    const packed = packAlternatives(hashes)
    this.alternatives[this.count] = packed
    writeAlternativeDigest(packed, this.digests, this.offset(ALTERNATIVE))
    return ALTERNATIVE.bit
  }

  reject(line: number, reason: string): void {
    this.rows++
    this.rejected.push({ line, reason })
  }

  clear(): void {
    this.rows = 0
    this.count = 0
    this.rejected.length = 0
    this.unread.length = 0
  }
}
