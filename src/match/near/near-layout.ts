/**
 * Layout of a near-index in memory and, byte for byte, in its file.
 *
 * One shard: the hashes, then a table for each of the 16 slots (16 bits of the hash each) with the hashes sorted by
 * that slot. A table has the start of each of the 65,536 buckets, the *next* slot's 16 bits of every entry in bucket
 * order, and the entry's number.
 * A shard with few hashes has no tables: scanning it is faster.
 */
import { HASH_BYTES, PAIR_BYTES } from './near-kernel.ts'

export const SLOTS = 16
export const BUCKETS = 65536

/** Below this, a scan beats looking into 272 buckets: 0.01 ms either way. */
export const TABLES_FROM = 5_000

/** 2 GB of tables a shard: WebAssembly addresses 4 GB. */
export const SHARD_HASHES = 16_000_000

/** Room for results of one slot, or of one stretch of a scan. */
export const OUT_PAIRS = 8192
/** Flip patterns of up to two bits of 16. */
export const MOST_PROBES = 1 + 16 + 120

export const QUERY_AT = 0
export const PROBES_AT = QUERY_AT + HASH_BYTES
export const OUT_AT = PROBES_AT + 4 * (MOST_PROBES + 7)
export const OUT_END = OUT_AT + OUT_PAIRS * PAIR_BYTES
/** From here on memory and file are the same. */
export const SHARD_AT = OUT_END

export interface Table {
  readonly offsetsAt: number
  readonly nextsAt: number
  readonly idsAt: number
}

export interface ShardLayout {
  readonly count: number
  readonly hashesAt: number
  readonly tables: readonly Table[]
  readonly endAt: number
}

/** @param tabled make tables where they help; without them a shard takes a quarter of the memory */
export function shardLayout(count: number, tabled = true): ShardLayout {
  const tablesAt = SHARD_AT + count * HASH_BYTES
  if (!tabled || count < TABLES_FROM) return { count, hashesAt: SHARD_AT, tables: [], endAt: tablesAt }
  // Eight entries are loaded at a time, so a load may reach past the last one.
  const nextsBytes = paddedTo16(2 * count + 16)
  const tableBytes = paddedTo16(4 * (BUCKETS + 1)) + nextsBytes + paddedTo16(4 * count)
  const tables = Array.from({ length: SLOTS }, (_, slot) => {
    const offsetsAt = tablesAt + slot * tableBytes
    const nextsAt = offsetsAt + paddedTo16(4 * (BUCKETS + 1))
    return { offsetsAt, nextsAt, idsAt: nextsAt + nextsBytes }
  })
  return { count, hashesAt: SHARD_AT, tables, endAt: tablesAt + SLOTS * tableBytes }
}

/** Sizes of the shards that hold this many hashes. */
export function shardCounts(count: number, shardHashes: number): number[] {
  const shards = Math.max(1, Math.ceil(count / shardHashes))
  return Array.from({ length: shards }, (_, k) => Math.min(shardHashes, count - k * shardHashes))
}

function paddedTo16(bytes: number): number {
  return Math.ceil(bytes / 16) * 16
}
