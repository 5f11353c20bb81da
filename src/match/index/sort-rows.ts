/** Sorts rows of words in memory, and splits partitions that are too large for it. */
import type { Spool } from './spool.ts'

export interface RowKind {
  wordsAt(words: Uint32Array, at: number): number
  /** Position in a row of the word by which rows were distributed into partitions. */
  readonly keyAt: number
  /** Order of two rows; the key first. */
  compare(words: Uint32Array, x: number, y: number): number
}

/** A partition that fits into memory; all its keys are equal in the first `skip` bits. */
export interface Leaf {
  readonly words: Uint32Array
  readonly skip: number
}

/** Larger partitions occur only in crafted lists, whose digests are not spread evenly. */
const MOST_LEAF_WORDS = 48 * 1024 * 1024
const CUT_BITS = 6
/** Buckets with more equal keys are sorted by the library. */
const INSERTION_LIMIT = 24
const MOST_BUCKET_BITS = 22

/** The parts of a partition in order; each fits into memory. */
export function* leaves(
  spool: Spool,
  partition: number,
  kind: RowKind,
  newSpool: (bits: number) => Spool,
  mostWords = MOST_LEAF_WORDS,
  skip = spool.bits,
): Generator<Leaf> {
  if (spool.size(partition) <= mostWords || skip + CUT_BITS > 32) {
    yield { words: spool.read(partition), skip }
    return
  }
  const cut = newSpool(CUT_BITS)
  try {
    for (const piece of spool.pieces(partition)) {
      for (let at = 0; at < piece.length; ) {
        const length = kind.wordsAt(piece, at)
        const part = (piece[at + kind.keyAt]! << skip) >>> (32 - CUT_BITS)
        const to = cut.reserve(part, length)
        for (let w = 0; w < length; w++) cut.pool[to + w] = piece[at + w]!
        at += length
      }
    }
    for (let part = 0; part < cut.partitions; part++) {
      yield* leaves(cut, part, kind, newSpool, mostWords, skip + CUT_BITS)
    }
  } finally {
    cut.remove()
  }
}

/** @returns starts of the rows in sorted order; equal rows in the order of their arrival */
export function sortRows(words: Uint32Array, skip: number, kind: RowKind): Uint32Array {
  const { keyAt } = kind
  const arrived = rowStarts(words, kind)
  const bits = Math.min(32 - skip, MOST_BUCKET_BITS, Math.max(1, Math.ceil(Math.log2(arrived.length + 1))))
  if (bits <= 0) {
    sortBucket(words, arrived, 0, arrived.length, kind)
    return arrived
  }
  const shift = 32 - bits
  const ends = new Uint32Array(2 ** bits + 1)
  for (let i = 0; i < arrived.length; i++) {
    const bucket = (words[arrived[i]! + keyAt]! << skip) >>> shift
    ends[bucket + 1]!++
  }
  for (let b = 1; b < ends.length; b++) ends[b]! += ends[b - 1]!
  const sorted = new Uint32Array(arrived.length)
  for (let i = 0; i < arrived.length; i++) {
    const bucket = (words[arrived[i]! + keyAt]! << skip) >>> shift
    sorted[ends[bucket]!++] = arrived[i]!
  }
  for (let bucket = 0, from = 0; bucket < ends.length - 1; bucket++) {
    const end = ends[bucket]!
    if (end - from > 1) sortBucket(words, sorted, from, end, kind)
    from = end
  }
  return sorted
}

function rowStarts(words: Uint32Array, kind: RowKind): Uint32Array {
  let starts = new Uint32Array(1024)
  let rows = 0
  for (let at = 0; at < words.length; at += kind.wordsAt(words, at)) {
    if (rows === starts.length) {
      const larger = new Uint32Array(rows * 2)
      larger.set(starts)
      starts = larger
    }
    starts[rows++] = at
  }
  return starts.subarray(0, rows)
}

function sortBucket(words: Uint32Array, starts: Uint32Array, from: number, end: number, kind: RowKind): void {
  if (end - from > INSERTION_LIMIT) {
    starts.subarray(from, end).sort((x, y) => kind.compare(words, x, y) || x - y)
    return
  }
  const { keyAt } = kind
  for (let i = from + 1; i < end; i++) {
    const row = starts[i]!
    const key = words[row + keyAt]!
    let j = i
    while (j > from) {
      const before = starts[j - 1]!
      const beforeKey = words[before + keyAt]!
      if (beforeKey < key || (beforeKey === key && kind.compare(words, before, row) <= 0)) break
      starts[j] = before
      j--
    }
    starts[j] = row
  }
}
