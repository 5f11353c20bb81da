/** One shard of a near-index: its memory, its construction and its search. */
import { type WasmExports, wasmInstance, wasmMemory } from '../../base/wasm-module.ts'
import { HASH_BYTES, PAIR_BYTES, PROBE, SCAN } from './near-kernel.ts'
import {
  MOST_PROBES,
  OUT_AT,
  OUT_END,
  OUT_PAIRS,
  PROBES_AT,
  QUERY_AT,
  SHARD_AT,
  type ShardLayout,
  SLOTS,
  shardLayout,
} from './near-layout.ts'
import { fillTables } from './near-tables.ts'

/** Receives every hash within the distance, possibly more than once. */
export type Report = (index: number, distanceBits: number) => void

export class NearShard {
  readonly count: number
  readonly #layout: ShardLayout
  readonly #bytes: Uint8Array
  readonly #words: Uint32Array
  readonly #kernel: WasmExports
  #probesFor = -1
  #probes = 0

  /**
   * An empty shard for so many hashes: fill `stored`, or call `index`.
   * @param tabled without tables every query is a scan, about five milliseconds a million hashes: for few queries
   */
  constructor(count: number, tabled = true) {
    this.count = count
    this.#layout = shardLayout(count, tabled)
    const memory = wasmMemory(this.#layout.endAt)
    this.#bytes = new Uint8Array(memory.buffer)
    this.#words = new Uint32Array(memory.buffer)
    // Without SIMD every query is a scan: slower, and the same answer.
    this.#kernel = wasmInstance([SCAN, PROBE], memory) ?? wasmInstance([SCAN], memory)!
  }

  /** The part of the file for this shard. */
  get stored(): Uint8Array {
    return this.#bytes.subarray(SHARD_AT, this.#layout.endAt)
  }

  get hashes(): Uint8Array {
    return this.#bytes.subarray(this.#layout.hashesAt, this.#layout.hashesAt + this.count * HASH_BYTES)
  }

  /** @param hashes exactly `count` × 32 bytes */
  index(hashes: Uint8Array): this {
    this.#bytes.set(hashes, this.#layout.hashesAt)
    fillTables(this.#layout, this.#bytes.buffer)
    return this
  }

  /** @param write writes 32 bytes into the room at an offset; called once per hash, in order */
  indexWritten(write: (room: Buffer, at: number) => void): this {
    const room = Buffer.from(this.#bytes.buffer, this.#layout.hashesAt, this.count * HASH_BYTES)
    for (let at = 0; at < room.length; at += HASH_BYTES) write(room, at)
    fillTables(this.#layout, this.#bytes.buffer)
    return this
  }

  query(hash: Uint8Array, maxDistance: number, report: Report): void {
    this.#bytes.set(hash, QUERY_AT)
    const radius = Math.floor(maxDistance / SLOTS)
    const probed = this.#layout.tables.length > 0 && radius <= 2 && this.#kernel.probe !== undefined
    if (!probed || !this.#probeAll(maxDistance, report)) this.#scanAll(maxDistance, report)
  }

  /** False when a slot had more results than fit. */
  #probeAll(maxDistance: number, report: Report): boolean {
    if (this.#probesFor !== maxDistance) {
      const probes = probesFor(maxDistance)
      this.#words.set(probes, PROBES_AT / 4)
      this.#probes = probes.length
      this.#probesFor = maxDistance
    }
    const { tables, hashesAt } = this.#layout
    const found: number[] = []
    for (let slot = 0; slot < SLOTS; slot++) {
      const { offsetsAt, nextsAt, idsAt } = tables[slot]!
      const end = this.#kernel.probe!(
        QUERY_AT,
        hashesAt,
        offsetsAt,
        nextsAt,
        idsAt,
        PROBES_AT,
        PROBES_AT + 4 * this.#probes,
        this.#querySlot(slot),
        this.#querySlot((slot + 1) % SLOTS),
        maxDistance,
        OUT_AT,
        OUT_END,
      )
      if (end === 0) return false
      for (let at = OUT_AT / 4; at < end / 4; at++) found.push(this.#words[at]!)
    }
    for (let at = 0; at < found.length; at += 2) report(found[at]!, found[at + 1]!)
    return true
  }

  #scanAll(maxDistance: number, report: Report): void {
    const { hashesAt } = this.#layout
    for (let first = 0; first < this.count; first += OUT_PAIRS) {
      const last = Math.min(this.count, first + OUT_PAIRS)
      const end = this.#kernel.scan!(
        QUERY_AT,
        hashesAt + first * HASH_BYTES,
        hashesAt + last * HASH_BYTES,
        first,
        maxDistance,
        OUT_AT,
      )
      for (let at = OUT_AT; at < end; at += PAIR_BYTES) report(this.#words[at / 4]!, this.#words[at / 4 + 1]!)
    }
  }

  #querySlot(slot: number): number {
    return this.#bytes[QUERY_AT + 2 * slot]! | (this.#bytes[QUERY_AT + 2 * slot + 1]! << 8)
  }
}

/**
 * Buckets to search: keys that differ from the query's in at most ⌊D/16⌋ bits, with the distance left for the next
 * slot, so that both together are at most ⌊2D/16⌋ (near-index.ts gives the reason).
 */
function probesFor(maxDistance: number): number[] {
  const radius = Math.floor(maxDistance / SLOTS)
  const together = Math.floor((2 * maxDistance) / SLOTS)
  const probes = [together << 16]
  for (let a = 0; a < 16 && radius >= 1; a++) {
    probes.push((1 << a) | ((together - 1) << 16))
    for (let b = 0; b < a && radius >= 2; b++) probes.push((1 << a) | (1 << b) | ((together - 2) << 16))
  }
  if (probes.length > MOST_PROBES) throw new RangeError('Only two flipped bits of a slot are looked up')
  return probes
}
