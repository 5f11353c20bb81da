/**
 * Near matches of one content by its perceptual hashes, over the records of all loaded lists: pictures with listed
 * pictures, frames with listed pictures, pictures with frames of listed videos, videos with listed videos.
 */
import type { NearMatch, PerceptualHash, VideoShares } from '../../contracts/finding.ts'
import { parseFramePart } from '../../contracts/frame-part.ts'
import type { HasherRecords } from '../records/hasher-records.ts'
import type { PdqHashes, PdqRecords } from '../records/pdq-records.ts'
import { listedHashes, nearByHasher } from './near-hasher.ts'
import { NearIndex } from './near-index.ts'
import { makeNearMatcher, NEAR_EXACT_BITS, PDQ_MIN_QUALITY } from './near-matcher.ts'
import { type VideoFound, VideoIndex } from './near-vpdq.ts'

export interface NearFinder {
  /** PDQ records that are compared. */
  readonly records: number
  find(hashes: readonly PerceptualHash[]): NearMatch[]
}

/** Most listed videos of one list, category and meaning with findings of their own; these findings count the others. */
const MOST_VIDEOS = 20

/**
 * @param byHashers lists with hashes of agencies' hashers
 * @returns null when no list has a perceptual hash: then no comparison is made
 */
export function makeNearFinder(
  lists: readonly PdqRecords[],
  byHashers: readonly HasherRecords[] = [],
): NearFinder | null {
  if (lists.length === 0 && byHashers.length === 0) return null
  const agency = once(() => byHashers.map(listedHashes))
  const pictures = once(() =>
    makeNearMatcher(
      lists
        .filter(({ kind }) => kind === 'pdq')
        .map((list) => {
          const { hashes, record } = list.load()
          return { ...list, index: NearIndex.build(hashes), record }
        }),
    ),
  )
  const videos = once(() =>
    lists
      .filter(({ kind }) => kind === 'vpdq')
      .map((list): ListedVideos => {
        const frames = list.load()
        return { list, frames, index: new VideoIndex(frames) }
      }),
  )
  return {
    records: lists.reduce((sum, { count }) => sum + count, 0),
    find: (hashes) => {
      if (hashes.length === 0) return []
      const ofVideo = hashes.filter(({ algorithm }) => algorithm === 'vpdq')
      const ofPicture = hashes.filter(({ algorithm }) => algorithm === 'pdq')
      return [
        ...nearPictures(
          pictures(),
          hashes.filter(({ algorithm }) => algorithm !== 'hasher'),
        ),
        ...(hashes.some(({ algorithm }) => algorithm === 'hasher') ? agency() : []).flatMap((listed) =>
          nearByHasher(listed, hashes),
        ),
        ...videos().flatMap((listed) => [...asFrames(listed, ofPicture), ...asVideo(listed, ofVideo)]),
      ]
    },
  }
}

/** Delays the work until its first use. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

interface ListedVideos {
  readonly list: PdqRecords
  readonly frames: PdqHashes
  readonly index: VideoIndex
}

function nearPictures(
  matcher: ReturnType<typeof makeNearMatcher>,
  hashes: readonly PerceptualHash[],
): NearMatch[] {
  const best = new Map<string, NearMatch>()
  for (const { hex, quality, part } of hashes) {
    for (const near of matcher.match(hex, quality, orientationOf(part))) {
      const key = `${near.hashSetSha256} ${near.category} ${near.meaning}`
      const known = best.get(key)
      if (!known || near.distanceBits < known.distanceBits) best.set(key, near)
    }
  }
  return [...best.values()]
}

/** A part that names a frame has no orientation. */
function orientationOf(part: string): string {
  return parseFramePart(part) === null ? part : 'original'
}

function asVideo(listed: ListedVideos, hashes: readonly PerceptualHash[]): NearMatch[] {
  if (hashes.length === 0) return []
  const frames = hashes
    .filter(({ quality }) => quality >= PDQ_MIN_QUALITY)
    .map(({ hex, quality, part }) => ({
      hash: Buffer.from(hex, 'hex'),
      quality,
      second: parseFramePart(part)?.second ?? null,
    }))
  const found = listed.index.findAlike(frames)
  return closest(listed, found, MOST_VIDEOS).map((one) => matchOf(listed, one, 'vpdq', 'original'))
}

/**
 * A picture, or a frame of an animation: the nearest frame of each list, category and meaning, and the number of videos
 * with one.
 */
function asFrames(listed: ListedVideos, hashes: readonly PerceptualHash[]): NearMatch[] {
  const found = hashes
    .filter(({ quality }) => quality >= PDQ_MIN_QUALITY)
    .flatMap(({ hex, quality, part }) =>
      listed.index
        .find([{ hash: Buffer.from(hex, 'hex'), quality, second: 0 }])
        .map((one) => ({ ...one, orientation: orientationOf(part) })),
    )
  const best = new Map<number, (typeof found)[number]>()
  for (const one of found) {
    const known = best.get(one.video)
    if (!known || one.distanceBits < known.distanceBits) best.set(one.video, one)
  }
  return closest(listed, [...best.values()], 1).map((one) => matchOf(listed, one, 'pdq', one.orientation))
}

/** The closest of each category and meaning, by the greater share, then by bits, then by their order in the list. */
function closest<T extends VideoFound>(
  { frames }: ListedVideos,
  found: readonly T[],
  most: number,
): (T & { readonly videos: number })[] {
  const groups = new Map<string, T[]>()
  for (const one of found) {
    const { category, meaning } = frames.record(one.record)
    const key = JSON.stringify([category, meaning])
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].flatMap((group) =>
    group
      .sort(
        (a, b) => greaterShare(b) - greaterShare(a) || a.distanceBits - b.distanceBits || a.video - b.video,
      )
      .slice(0, most)
      .map((one) => ({ ...one, videos: group.length })),
  )
}

function greaterShare({ ours, listed }: VideoFound): number {
  return Math.max(ours.found / ours.of, listed.found / listed.of)
}

function matchOf(
  { list, frames }: ListedVideos,
  found: VideoFound & { readonly videos: number },
  algorithm: NearMatch['algorithm'],
  orientation: string,
): NearMatch {
  const { hashSet, hashSetSha256, edition } = list
  const { distanceBits, quality } = found
  const video: VideoShares = {
    id: frames.videoName(found.video),
    ours: found.ours,
    listed: found.listed,
    frames: found.frames,
    videos: found.videos,
  }
  return {
    kind: 'near',
    hashSet,
    hashSetSha256,
    edition,
    algorithm,
    distanceBits,
    quality,
    band: distanceBits <= NEAR_EXACT_BITS ? 'near-exact' : 'similar',
    orientation,
    video,
    ...frames.record(found.record),
  }
}
