/**
 * The two loops of near search that run millions of times: a scan over hashes, and a walk over index buckets.
 *
 * Both append (index, distance) pairs of 32-bit words to an output area and return its new end.
 */
import {
  advance,
  type Code,
  get,
  I8X16,
  I16X8,
  I32,
  I64,
  i32,
  repeatWhile,
  returnWhen,
  set,
  tee,
  V128,
  type WasmFunction,
  when,
} from '../../base/wasm-module.ts'

export const HASH_BYTES = 32
export const PAIR_BYTES = 8

/** scan(query, hash, hashesEnd, firstIndex, maxDistance, out): compares every hash in turn. Room for a pair each. */
export const SCAN = ((): WasmFunction => {
  const [query, hash, end, index, maxDistance, out] = [0, 1, 2, 3, 4, 5] as const
  const distance = 6
  const words = [7, 8, 9, 10] as const
  const each = [
    [distanceTo(hash, words), tee(distance), get(maxDistance), I32.leU],
    when([], append(out, get(index), distance)),
    advance(hash, HASH_BYTES),
    advance(index, 1),
  ]
  return {
    name: 'scan',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    result: 'i32',
    locals: ['i32', 'i64', 'i64', 'i64', 'i64'],
    body: [
      loadWords(query, words),
      when([get(hash), get(end), I32.ltU], repeatWhile(each, [get(hash), get(end), I32.ltU])),
      get(out),
    ],
  }
})()

/**
 * probe(query, hashes, offsets, nexts, ids, probes, probesEnd, key, next, maxDistance, out, outEnd): searches the
 * buckets of one slot that `probes` names.
 * Each probe is a 32-bit word: bits to flip in the key, and above them the distance allowed in the next slot. Entries
 * whose next slot is near enough are compared in full. Returns 0 when the output is full.
 */
export const PROBE = ((): WasmFunction => {
  const [query, hashes, offsets, nexts, ids, probes, probesEnd, key] = [0, 1, 2, 3, 4, 5, 6, 7] as const
  const [next, maxDistance, out, outEnd] = [8, 9, 10, 11] as const
  const [at, end, lanes, index, hash, distance] = [12, 13, 14, 15, 16, 17] as const
  const words = [18, 19, 20, 21] as const
  const [nextLanes, boundLanes] = [22, 23] as const

  const entryOf = (bucket: number) => [get(offsets), get(bucket), i32(2), I32.shl, I32.add]
  const address = (position: Code) => [get(nexts), position, i32(1), I32.shl, I32.add]
  const compareLane = [
    // index = ids[(at − nexts) / 2 + lane]
    [get(at), get(nexts), I32.sub, i32(1), I32.shrU, get(lanes), I32.ctz, I32.add],
    [i32(2), I32.shl, get(ids), I32.add, I32.load(), set(index)],
    [get(hashes), get(index), i32(5), I32.shl, I32.add, set(hash)],
    [distanceTo(hash, words), tee(distance), get(maxDistance), I32.leU],
    when([], [returnWhen([get(out), get(outEnd), I32.geU], i32(0)), append(out, get(index), distance)]),
    // Clear the lowest set lane.
    [get(lanes), get(lanes), i32(1), I32.sub, I32.and, set(lanes)],
  ]
  const eightEntries = [
    [get(at), V128.load(), get(nextLanes), V128.xor, I8X16.popcnt, I16X8.addPairsU],
    [get(boundLanes), I16X8.leU, I16X8.bitmask, tee(lanes)],
    when(
      [],
      [
        // Entries past the bucket's end belong to the next bucket.
        when(
          [get(end), get(at), I32.sub, i32(16), I32.ltU],
          [
            i32(1),
            get(end),
            get(at),
            I32.sub,
            i32(1),
            I32.shrU,
            I32.shl,
            i32(1),
            I32.sub,
            get(lanes),
            I32.and,
            set(lanes),
          ],
        ),
        when(get(lanes), repeatWhile(compareLane, get(lanes))),
      ],
    ),
    advance(at, 16),
  ]
  const oneProbe = [
    [get(probes), I32.load(), tee(index), i32(16), I32.shrU, I16X8.splat, set(boundLanes)],
    [get(index), i32(0xffff), I32.and, get(key), I32.xor, set(index)],
    [address([entryOf(index), I32.load(0)]), set(at)],
    [address([entryOf(index), I32.load(4)]), set(end)],
    when([get(at), get(end), I32.ltU], repeatWhile(eightEntries, [get(at), get(end), I32.ltU])),
    advance(probes, 4),
  ]
  return {
    name: 'probe',
    parameters: Array.from({ length: 12 }, () => 'i32' as const),
    result: 'i32',
    locals: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i64', 'i64', 'i64', 'i64', 'v128', 'v128'],
    body: [
      loadWords(query, words),
      [get(next), I16X8.splat, set(nextLanes)],
      repeatWhile(oneProbe, [get(probes), get(probesEnd), I32.ltU]),
      get(out),
    ],
  }
})()

function loadWords(from: number, words: readonly number[]): Code {
  return words.map((word, k) => [get(from), I64.load(8 * k), set(word)])
}

/** Bits that differ between the hash at `hash` and four 64-bit words. */
function distanceTo(hash: number, words: readonly number[]): Code {
  const parts = words.map((word, k) => [get(hash), I64.load(8 * k), get(word), I64.xor, I64.popcnt])
  return [parts, I64.add, I64.add, I64.add, I64.toI32]
}

function append(out: number, index: Code, distance: number): Code {
  return [[get(out), index, I32.store(0)], [get(out), get(distance), I32.store(4)], advance(out, PAIR_BYTES)]
}
