/**
 * Words and runs of letters as bucket numbers: no vocabulary to ship, and no words of anybody's rows in the weights.
 *
 * A feature's bucket depends on the group it came from: "urgent" in a title is not "urgent" in a description.
 */

/** Buckets of one group of features, each at most once. */
export type Buckets = readonly number[]

/** @returns a bucket below `buckets`, which must be a power of two */
export function bucketOf(group: string, gram: string, buckets: number): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < group.length; i += 1) hash = Math.imul(hash ^ group.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ 0x1f, 0x01000193)
  for (let i = 0; i < gram.length; i += 1) hash = Math.imul(hash ^ gram.charCodeAt(i), 0x01000193)
  // FNV-1a leaves the low bits of short words poorly mixed: MurmurHash3's finaliser mixes them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) & (buckets - 1)
}

/** Distinct buckets of the grams, in ascending order. */
export function bucketsOf(group: string, grams: Iterable<string>, buckets: number): Buckets {
  const found = new Set<number>()
  for (const gram of grams) found.add(bucketOf(group, gram, buckets))
  return [...found].sort((a, b) => a - b)
}

const TOKEN = /\[(?:url|email|phone|num|id)\]|[$£€]|[\p{L}\p{M}]+|\p{N}+/gu

/** Words of folded text; a number is only as telling as its length, so its digits become zeros. */
export function wordsOf(folded: string): string[] {
  return (folded.replaceAll("'", '').match(TOKEN) ?? []).map((token) =>
    /^\p{N}/u.test(token) ? '0'.repeat(Math.min(token.length, 5)) : token,
  )
}

export function pairsOf(words: readonly string[]): string[] {
  return words.slice(1).map((word, i) => `${words[i]} ${word}`)
}

export function triplesOf(words: readonly string[]): string[] {
  return words.slice(2).map((word, i) => `${words[i]} ${words[i + 1]} ${word}`)
}
