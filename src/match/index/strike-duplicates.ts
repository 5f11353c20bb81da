/** Finds records of a list that are the same in everything that matching looks at, within the buckets of a directory. */
import type { Directory } from './bucket-directory.ts'

/** Longer runs are sorted before the search for duplicates: a list may repeat one digest a million times. */
const PAIRWISE_LIMIT = 16

export interface Records {
  /** Bits of the digests that a record has; 0: struck out. */
  presentAt(id: number): number
  /** Orders records by everything that matching looks at; 0: duplicates. */
  compare(x: number, y: number): number
  /** @returns 1 */
  strike(id: number): number
}

/**
 * Keeps the first of equal records.
 * @param earlier bits of algorithms whose directories were searched before
 * @returns number of records struck out
 */
export function strikeDuplicates(
  records: Records,
  { starts, ids }: Directory,
  firstWords: Uint32Array,
  earlier: number,
): number {
  let struck = 0
  for (let bucket = 0; bucket + 1 < starts.length; bucket++) {
    const from = starts[bucket]!
    const end = starts[bucket + 1]!
    if (end - from > PAIRWISE_LIMIT) struck += strikeSorted(records, ids.slice(from, end), earlier)
    else if (end - from > 1) struck += strikePairs(records, ids, firstWords, from, end, earlier)
  }
  return struck
}

function strikePairs(
  records: Records,
  ids: Uint32Array,
  firstWords: Uint32Array,
  from: number,
  end: number,
  earlier: number,
): number {
  let struck = 0
  for (let i = from + 1; i < end; i++) {
    for (let j = from; j < i; j++) {
      if (firstWords[i] !== firstWords[j] || records.compare(ids[i]!, ids[j]!) !== 0) continue
      if ((records.presentAt(ids[i]!) & earlier) === 0) struck += records.strike(ids[i]!)
      break
    }
  }
  return struck
}

function strikeSorted(records: Records, bucket: Uint32Array, earlier: number): number {
  const members = bucket.filter((id) => (records.presentAt(id) & earlier) === 0)
  members.sort((x, y) => records.compare(x, y) || x - y)
  let struck = 0
  let kept = members[0]
  for (const id of members.subarray(1)) {
    if (records.compare(kept!, id) !== 0) kept = id
    else struck += records.strike(id)
  }
  return struck
}
