/**
 * Fills the tables of a shard: for each slot, all hashes sorted by its 16 bits.
 *
 * Counting sort, first by the slot's upper byte and then, within each of those 256 groups, by the lower: a direct
 * scatter into 65,536 buckets misses the cache with every entry. Entries of a bucket stay in the order of their
 * numbers, so equal input gives equal files.
 */
import { BUCKETS, type ShardLayout, SLOTS } from './near-layout.ts'

const GROUPS = 256

export function fillTables(layout: ShardLayout, buffer: ArrayBufferLike): void {
  if (layout.tables.length === 0) return
  const { count } = layout
  const slots = new Uint16Array(buffer, layout.hashesAt, count * SLOTS)
  const groupSizes = countUpperBytes(slots)
  const scratch = { pairs: new Uint32Array(count), ids: new Uint32Array(count) }
  layout.tables.forEach((table, slot) => {
    const starts = startsOf(groupSizes.subarray(slot * GROUPS, (slot + 1) * GROUPS))
    splitByUpperByte(slots, slot, starts, scratch)
    const views = {
      offsets: new Uint32Array(buffer, table.offsetsAt, BUCKETS + 1),
      nexts: new Uint16Array(buffer, table.nextsAt, count),
      ids: new Uint32Array(buffer, table.idsAt, count),
    }
    for (let group = 0; group < GROUPS; group++) {
      splitByLowerByte(scratch, starts[group]!, starts[group + 1]!, group, views)
    }
    views.offsets[BUCKETS] = count
  })
}

/** Entries on their way: the slot's bits with the next slot's above them, and the number of the hash. */
interface Scratch {
  readonly pairs: Uint32Array
  readonly ids: Uint32Array
}

/** The three parts of a table in memory. */
interface TableViews {
  readonly offsets: Uint32Array
  readonly nexts: Uint16Array
  readonly ids: Uint32Array
}

/** How many hashes have each upper byte, slot after slot. */
function countUpperBytes(slots: Uint16Array): Uint32Array {
  const sizes = new Uint32Array(SLOTS * GROUPS)
  for (let at = 0; at < slots.length; at += SLOTS) {
    for (let slot = 0; slot < SLOTS; slot++) sizes[slot * GROUPS + (slots[at + slot]! >>> 8)]!++
  }
  return sizes
}

/** Start of each group, and the end of the last. */
function startsOf(sizes: Uint32Array): Uint32Array {
  const starts = new Uint32Array(sizes.length + 1)
  for (let group = 0; group < sizes.length; group++) starts[group + 1] = starts[group]! + sizes[group]!
  return starts
}

function splitByUpperByte(
  slots: Uint16Array,
  slot: number,
  starts: Uint32Array,
  { pairs, ids }: Scratch,
): void {
  const free = starts.slice()
  const toNext = ((slot + 1) % SLOTS) - slot
  for (let id = 0, at = slot; id < ids.length; id++, at += SLOTS) {
    const key = slots[at]!
    const to = free[key >>> 8]!++
    pairs[to] = key | (slots[at + toNext]! << 16)
    ids[to] = id
  }
}

function splitByLowerByte(
  scratch: Scratch,
  from: number,
  to: number,
  group: number,
  table: TableViews,
): void {
  const sizes = new Uint32Array(GROUPS)
  for (let at = from; at < to; at++) sizes[scratch.pairs[at]! & 0xff]!++
  const free = startsOf(sizes)
  for (let lower = 0; lower < GROUPS; lower++) {
    free[lower]! += from
    table.offsets[(group << 8) | lower] = free[lower]!
  }
  for (let at = from; at < to; at++) {
    const pair = scratch.pairs[at]!
    const place = free[pair & 0xff]!++
    table.nexts[place] = pair >>> 16
    table.ids[place] = scratch.ids[at]!
  }
}
