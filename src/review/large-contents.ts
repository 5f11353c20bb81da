/**
 * A large file of the exhibit, read again piece by piece into an entry of a ZIP: its size is not bounded by memory. An entry
 * whose bytes do not have the SHA-256 of the content is dropped again.
 */
import { createHash } from 'node:crypto'
import { depthOf } from '../base/evidence-path.ts'
import type { EntryView } from '../contracts/view.ts'
import type { Received } from '../host/reader/reader-batch.ts'
import type { ReaderPool } from '../host/reader/reader-pool.ts'
import type { GrowingEntry } from '../pack/aes-zip.ts'
import { pendingOf } from '../source/pending-read.ts'
import { ImplausibleReply } from '../wire/implausible.ts'

/** Smaller contents are read whole. */
const LARGE_BYTES = 64 * 1024 * 1024

/** Places of a content as a file of its own; empty where it is small, or stands inside another file alone. */
export function largeFiles(places: readonly EntryView[]): readonly EntryView[] {
  return places.filter(({ entry }) => depthOf(entry.path) === 1 && entry.sizeBytes > BigInt(LARGE_BYTES))
}

/**
 * @param places of one content, of {@link largeFiles}: the first whose bytes have its SHA-256 is used
 * @param begin begins its entry
 * @returns null when the entry is whole
 */
export async function streamAgain(
  readers: ReaderPool,
  places: readonly EntryView[],
  begin: (sizeBytes: number) => GrowingEntry,
): Promise<'cannot-read' | 'differs' | null> {
  let refused: 'cannot-read' | 'differs' = 'cannot-read'
  for (const { entry, content } of places) {
    const sizeBytes = Number(entry.sizeBytes)
    const growing = begin(sizeBytes)
    const pieces = new HashedPieces(sizeBytes, growing)
    const { result } = await readers.into(pendingOf(entry), pieces)
    const isEqual = result === 'done' && pieces.sha256() === content!.digests.sha256
    if (isEqual) growing.end()
    else growing.drop()
    if (isEqual) return null
    if (result === 'done') refused = 'differs'
  }
  return refused
}

class HashedPieces implements Received {
  readonly #hash = createHash('sha256')
  readonly #entry: GrowingEntry
  leftBytes: number

  constructor(sizeBytes: number, entry: GrowingEntry) {
    this.leftBytes = sizeBytes
    this.#entry = entry
  }

  take(piece: Buffer): void {
    const kept = piece.subarray(0, this.leftBytes)
    this.#hash.update(kept)
    this.#entry.take(kept)
    this.leftBytes -= kept.length
  }

  /** @throws ImplausibleReply where bytes are missing */
  whole(): null {
    if (this.leftBytes > 0) throw new ImplausibleReply('a content of which bytes are missing')
    return null
  }

  /** Can be called once, after all bytes came. */
  sha256(): string {
    return this.#hash.digest('hex')
  }
}
