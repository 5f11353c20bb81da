/**
 * Near matches of one content from its perceptual hashes: pictures and frames of animations by PDQ, videos by vPDQ.
 * Built once from the PDQ records of all loaded lists.
 */
import type { NearMatch, PerceptualHash } from '../../contracts/finding.ts'
import type { PdqRecords } from '../records/pdq-records.ts'
import { NearIndex } from './near-index.ts'
import { makeNearMatcher, NEAR_EXACT_BITS, PDQ_MIN_QUALITY } from './near-matcher.ts'
import { type VpdqFrame, vpdqAlike, vpdqCompare } from './near-vpdq.ts'

export interface NearFinder {
  /** Records that are compared. */
  readonly records: number
  find(hashes: readonly PerceptualHash[]): NearMatch[]
}

/** @returns null when no list has a PDQ record: then nothing is compared */
export function makeNearFinder(lists: readonly PdqRecords[]): NearFinder | null {
  if (lists.length === 0) return null
  const pictures = lists.filter(({ kind }) => kind === 'pdq')
  const videos = lists.filter(({ kind }) => kind === 'vpdq')
  const matcher = makeNearMatcher(
    pictures.map((list) => ({ ...list, index: NearIndex.build(list.hashes), record: (i) => list.record(i) })),
  )
  return {
    records: lists.reduce((sum, { hashes }) => sum + hashes.length / HASH_BYTES, 0),
    find: (hashes) => [
      ...nearPictures(matcher, hashes),
      ...videos.flatMap((video) =>
        nearVideo(
          video,
          hashes.filter(({ algorithm }) => algorithm === 'vpdq'),
        ),
      ),
    ],
  }
}

const HASH_BYTES = 32

function nearPictures(
  matcher: ReturnType<typeof makeNearMatcher>,
  hashes: readonly PerceptualHash[],
): NearMatch[] {
  const best = new Map<string, NearMatch>()
  for (const { hex, quality, part } of hashes) {
    // A part that is a number is a frame; else it names the orientation that was hashed.
    for (const near of matcher.match(hex, quality, /^\d+$/.test(part) ? 'original' : part)) {
      const key = `${near.hashSetSha256} ${near.category} ${near.meaning}`
      const known = best.get(key)
      if (!known || near.distanceBits < known.distanceBits) best.set(key, near)
    }
  }
  return [...best.values()]
}

/** A list in vPDQ form is the frames of one video: alike when most of either is found in the other. */
function nearVideo(video: PdqRecords, hashes: readonly PerceptualHash[]): NearMatch[] {
  const ours: VpdqFrame[] = hashes.map(({ hex, quality }) => ({ hash: Buffer.from(hex, 'hex'), quality }))
  const theirs: VpdqFrame[] = Array.from({ length: video.hashes.length / HASH_BYTES }, (_, i) => ({
    hash: video.hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
    quality: video.record(i).quality ?? PDQ_MIN_QUALITY,
  }))
  if (ours.length === 0 || theirs.length === 0 || !vpdqAlike(vpdqCompare(theirs, ours))) return []
  const index = NearIndex.build(video.hashes)
  const nearest = ours.flatMap(({ hash, quality }) =>
    quality < PDQ_MIN_QUALITY ? [] : index.query(hash).map(({ distanceBits }) => ({ distanceBits, quality })),
  )
  const closest = nearest.sort((a, b) => a.distanceBits - b.distanceBits)[0]
  if (!closest) return []
  const { category, scale, categoryLabel, meaning } = video.record(0)
  return [
    {
      kind: 'near',
      hashSet: video.hashSet,
      hashSetSha256: video.hashSetSha256,
      edition: video.edition,
      algorithm: 'vpdq',
      ...closest,
      band: closest.distanceBits <= NEAR_EXACT_BITS ? 'near-exact' : 'similar',
      orientation: 'original',
      category,
      scale,
      categoryLabel,
      meaning,
    },
  ]
}
