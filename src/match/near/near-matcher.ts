/**
 * Perceptual matching of pictures against the PDQ records of hash sets.
 *
 * A near match is not a hit: two pictures look alike to PDQ, and a person must check. Pictures and records of quality
 * under 50 are never compared, because their hashes are mostly chance (the intake rejects such records). A record of
 * unknown quality is compared.
 */
import type { NearMatch } from '../../contracts/finding.ts'
import type { ListedAs } from '../records/pdq-records.ts'
import { type NearIndex, PDQ_MAX_DISTANCE_BITS } from './near-index.ts'

/** Below this quality a picture is too plain to match (reference implementation). */
export const PDQ_MIN_QUALITY = 50
/** The reference's tolerance between two implementations on one picture. */
export const NEAR_EXACT_BITS = 10

/** Category and meaning of one PDQ record of a hash set. */
export type NearRecord = ListedAs

/** The PDQ records of one hash set. */
export interface NearSet {
  readonly hashSet: string
  readonly hashSetSha256: string
  readonly edition: string | null
  readonly index: NearIndex
  /** By position in the index. */
  record(index: number): NearRecord
}

export interface NearMatcher {
  /** PDQ records over all sets. */
  readonly count: number
  /**
   * The nearest record of each hash set, category and meaning within 31 bits: nearest first, then by hash set.
   * A cluster of like records in a list is one match, not hundreds.
   * @param hash 64 hex digits, or 32 bytes, most significant first
   */
  match(hash: string | Uint8Array, quality: number, orientation?: string): NearMatch[]
  /** The same over several orientations of one content; each match names the orientation that came nearest. */
  matchOrientations(hashes: Readonly<Record<string, string | Uint8Array>>, quality: number): NearMatch[]
}

export function makeNearMatcher(sets: readonly NearSet[]): NearMatcher {
  const ordered = [...sets].sort((a, b) => compareText(a.hashSetSha256, b.hashSetSha256))
  return {
    count: ordered.reduce((sum, { index }) => sum + index.count, 0),
    match: (hash, quality, orientation = 'original') =>
      nearestOf(ordered.flatMap((set) => matchesIn(set, bytesOf(hash), quality, orientation))),
    matchOrientations: (hashes, quality) =>
      nearestOf(
        Object.entries(hashes).flatMap(([orientation, hash]) =>
          ordered.flatMap((set) => matchesIn(set, bytesOf(hash), quality, orientation)),
        ),
      ),
  }
}

function matchesIn(set: NearSet, hash: Uint8Array, quality: number, orientation: string): NearMatch[] {
  if (quality < PDQ_MIN_QUALITY) return []
  return set.index.query(hash, PDQ_MAX_DISTANCE_BITS).flatMap(({ index, distanceBits }) => {
    const meaning = set.record(index)
    return [
      {
        kind: 'near' as const,
        hashSet: set.hashSet,
        hashSetSha256: set.hashSetSha256,
        edition: set.edition,
        algorithm: 'pdq' as const,
        distanceBits,
        quality,
        band: distanceBits <= NEAR_EXACT_BITS ? ('near-exact' as const) : ('similar' as const),
        orientation,
        video: null,
        category: meaning.category,
        scale: meaning.scale,
        categoryLabel: meaning.categoryLabel,
        meaning: meaning.meaning,
      },
    ]
  })
}

/** Nearest first; equal ones in the given order. Then the first of each hash set, category and meaning. */
function nearestOf(matches: readonly NearMatch[]): NearMatch[] {
  const nearest = new Map<string, NearMatch>()
  for (const match of [...matches].sort((a, b) => a.distanceBits - b.distanceBits)) {
    const key = keyOf(match)
    if (!nearest.has(key)) nearest.set(key, match)
  }
  return [...nearest.values()].sort(
    (a, b) => a.distanceBits - b.distanceBits || compareText(keyOf(a), keyOf(b)),
  )
}

function keyOf({ hashSetSha256, scale, category, meaning }: NearMatch): string {
  return JSON.stringify([hashSetSha256, scale, category, meaning])
}

function bytesOf(hash: string | Uint8Array): Uint8Array {
  if (typeof hash !== 'string') return hash
  if (!/^[0-9a-f]{64}$/i.test(hash))
    throw new RangeError(`A PDQ hash has 64 hex digits: ${JSON.stringify(hash)}`)
  return Buffer.from(hash, 'hex')
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
