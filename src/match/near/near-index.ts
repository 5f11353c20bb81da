/**
 * Finds every 256-bit hash within a distance of a query, exactly: it misses none that a full comparison would find.
 *
 * A hash is cut into 16 slots of 16 bits, arranged in a ring. If two hashes differ in at most D bits, there is a slot
 * from which *every* run of slots has at most its share: ⌊D/16⌋ in that slot, ⌊2D/16⌋ in it and the next together, and
 * so on. (Otherwise the ring could be walked in runs that each exceed their share, and the sum would exceed D.)
 *
 * So it is enough to look up, for each slot, the keys within ⌊D/16⌋ bits (for D = 31: itself and 16 neighbours), and to
 * compare in full only entries whose next slot is near enough too. The next slots' bits are stored side by side in the
 * table, so about ninety-nine of a hundred entries are dismissed without reading their hash.
 *
 * @see Qin and Xiao, "Pigeonring: A Principle for Faster Thresholded Similarity Search", PVLDB 12(1), 2018
 * @see Norouzi, Punjani and Fleet, "Fast Exact Search in Hamming Space with Multi-Index Hashing", 2014
 */
import { type NearContent, readNearFile, writeNearFile } from './near-file.ts'
import { HASH_BYTES } from './near-kernel.ts'
import { SHARD_HASHES, shardCounts } from './near-layout.ts'
import { NearShard } from './near-shard.ts'

/** The reference's threshold for "the same picture". */
export const PDQ_MAX_DISTANCE_BITS = 31

export interface Neighbour {
  /** Position of the hash among those given to `build`. */
  readonly index: number
  readonly distanceBits: number
}

export class NearIndex {
  readonly count: number
  readonly #shards: readonly NearShard[]
  readonly #shardHashes: number

  private constructor({ shards, shardHashes }: NearContent) {
    this.#shards = shards
    this.#shardHashes = shardHashes
    this.count = shards.reduce((sum, shard) => sum + shard.count, 0)
  }

  /**
   * About 128 bytes of memory a hash.
   * @param hashes n × 32 bytes
   * @param shardHashes most hashes in one memory
   * @throws RangeError when the length is no multiple of 32
   */
  static build(hashes: Uint8Array, shardHashes = SHARD_HASHES): NearIndex {
    if (hashes.length % HASH_BYTES !== 0)
      throw new RangeError(`${hashes.length} bytes are not whole 32-byte hashes`)
    const shards = shardCounts(hashes.length / HASH_BYTES, shardHashes).map((count, k) => {
      const from = k * shardHashes * HASH_BYTES
      return new NearShard(count).index(hashes.subarray(from, from + count * HASH_BYTES))
    })
    return new NearIndex({ shards, shardHashes })
  }

  /** @throws NearFileDamaged when the file is not one that `save` wrote, whole and unchanged */
  static load(path: string): NearIndex {
    return new NearIndex(readNearFile(path))
  }

  /** Writes one checksummed file; it appears under its name only when complete. */
  save(path: string): void {
    writeNearFile(path, { shards: this.#shards, shardHashes: this.#shardHashes })
  }

  /**
   * Nearest first, then by index.
   * @param hash 32 bytes
   * @param maxDistance bits, 0–256; tables serve up to 47, beyond that every hash is compared
   */
  query(hash: Uint8Array, maxDistance = PDQ_MAX_DISTANCE_BITS): Neighbour[] {
    if (hash.length !== HASH_BYTES) throw new RangeError(`A hash has 32 bytes, not ${hash.length}`)
    const distances = new Map<number, number>()
    this.#shards.forEach((shard, k) => {
      shard.query(hash, maxDistance, (index, distanceBits) =>
        distances.set(k * this.#shardHashes + index, distanceBits),
      )
    })
    return [...distances]
      .map(([index, distanceBits]) => ({ index, distanceBits }))
      .sort((a, b) => a.distanceBits - b.distanceBits || a.index - b.index)
  }

  /** @param hashes m × 32 bytes; answers in their order */
  queryBatch(hashes: Uint8Array, maxDistance = PDQ_MAX_DISTANCE_BITS): Neighbour[][] {
    if (hashes.length % HASH_BYTES !== 0)
      throw new RangeError(`${hashes.length} bytes are not whole 32-byte hashes`)
    return Array.from({ length: hashes.length / HASH_BYTES }, (_, k) =>
      this.query(hashes.subarray(k * HASH_BYTES, (k + 1) * HASH_BYTES), maxDistance),
    )
  }

  /** The hash at a position. */
  hashAt(index: number): Uint8Array {
    if (!Number.isInteger(index) || index < 0 || index >= this.count)
      throw new RangeError(`No hash number ${index}`)
    const at = (index % this.#shardHashes) * HASH_BYTES
    return this.#shards[Math.floor(index / this.#shardHashes)]!.hashes.slice(at, at + HASH_BYTES)
  }
}

/** The obvious version: compares with every hash. The oracle of the index. */
export function compareWithEach(hashes: Uint8Array, hash: Uint8Array, maxDistance: number): Neighbour[] {
  const found: Neighbour[] = []
  for (let index = 0; index * HASH_BYTES < hashes.length; index++) {
    let distanceBits = 0
    for (let k = 0; k < HASH_BYTES && distanceBits <= maxDistance; k++) {
      distanceBits += BITS_SET[hashes[index * HASH_BYTES + k]! ^ hash[k]!]!
    }
    if (distanceBits <= maxDistance) found.push({ index, distanceBits })
  }
  return found.sort((a, b) => a.distanceBits - b.distanceBits || a.index - b.index)
}

const BITS_SET = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length)
