/** A picture or video that looks like a listed one: perceptual, and for a person to compare. */
import { parseStoredJson, storedJson } from '../base/stored-json.ts'
import type { Params } from '../contracts/coded.ts'
import type { HasherMatch, NearMatch, VideoShares } from '../contracts/finding.ts'
import type { FindingKind } from './finding-kind.ts'
import {
  CATEGORY,
  categoryCells,
  LIST,
  LIST_SAYS,
  listCells,
  listParams,
  listText,
  ofListFromRow,
} from './list-columns.ts'

/** Parameters for texts about a match of videos; absent for pictures. */
const VIDEO_SAYS = {
  videoId: 'text?',
  oursFound: 'number?',
  oursSeconds: 'number?',
  listedFound: 'number?',
  listedSeconds: 'number?',
  frames: 'number?',
  videos: 'number?',
} as const

/** Parameters for texts about a match by an agency's hasher; absent for others. */
const HASHER_SAYS = {
  hasher: 'text?',
  hasherSha256: 'text?',
  cardSha256: 'text?',
  metric: 'text?',
  distance: 'text?',
  limit: 'text?',
} as const

export const near: FindingKind<NearMatch, 'near_match'> = {
  kind: 'near',
  table: 'near_match',
  columns: [
    ...LIST,
    'algorithm text',
    'distance_bits int',
    'quality int',
    'nearness text',
    'orientation text',
    ...CATEGORY,
    'details text?',
  ],
  digest: 'opinions',
  shown: 'true',
  isShown: () => true,
  compared: { section: 'matches', key: ({ meaning }) => [meaning] },
  counted: 'near',
  searchText: listText,
  toRow: (one) => [
    ...listCells(one),
    one.algorithm,
    one.distanceBits,
    one.quality,
    one.band,
    one.orientation,
    ...categoryCells(one),
    measuredCell(one),
  ],
  fromRow: (row) => ({
    kind: 'near',
    ...ofListFromRow(row),
    algorithm: row.algorithm as NearMatch['algorithm'],
    distanceBits: Number(row.distance_bits),
    quality: Number(row.quality),
    band: row.nearness as NearMatch['band'],
    orientation: row.orientation as string,
    ...measuredFromCell(row.details as string | null),
  }),
  says: {
    ...LIST_SAYS,
    algorithm: 'text',
    distanceBits: 'number',
    band: 'text',
    orientation: 'text',
    ...VIDEO_SAYS,
    ...HASHER_SAYS,
  },
  params: (one) => ({
    ...listParams(one),
    algorithm: one.algorithm,
    distanceBits: one.distanceBits,
    band: one.band,
    orientation: one.orientation,
    ...videoParams(one.video),
    ...hasherParams(one.hasher),
  }),
  record: ({ hashSet, edition, algorithm, distanceBits, quality, band, orientation, video, ...rest }) => ({
    hashSet,
    edition,
    algorithm,
    distanceBits,
    quality,
    band,
    orientation,
    ...(video && { video }),
    ...(rest.hasher && { hasher: rest.hasher }),
    category: rest.category,
    scale: rest.scale,
    meaning: rest.meaning,
    categoryLabel: rest.categoryLabel,
    hashSetSha256: rest.hashSetSha256,
  }),
}

/** Further measurements of the matching method, in one column; for a video its shares, which have a type. */
function measuredCell({ video, hasher, details }: NearMatch): string | null {
  if (video !== null) return storedJson(videoParams(video))
  if (hasher !== undefined) return storedJson(hasherParams(hasher))
  return details === undefined ? null : storedJson(details)
}

function measuredFromCell(cell: string | null): Pick<NearMatch, 'video' | 'hasher' | 'details'> {
  if (cell === null) return { video: null }
  const measured = parseStoredJson(cell) as Params
  if (typeof measured.hasher === 'string') return { video: null, hasher: hasherFrom(measured) }
  if (typeof measured.oursSeconds !== 'number') return { video: null, details: measured }
  const number = (name: keyof typeof VIDEO_SAYS) => Number(measured[name])
  const video: VideoShares = {
    id: typeof measured.videoId === 'string' ? measured.videoId : null,
    ours: { found: number('oursFound'), of: number('oursSeconds') },
    listed: { found: number('listedFound'), of: number('listedSeconds') },
    frames: number('frames'),
    videos: number('videos'),
  }
  return { video }
}

export function videoParams(video: VideoShares | null): Params {
  if (video === null) return {}
  const { id, ours, listed, frames, videos } = video
  return {
    ...(id !== null && { videoId: id }),
    oursFound: ours.found,
    oursSeconds: ours.of,
    listedFound: listed.found,
    listedSeconds: listed.of,
    frames,
    videos,
  }
}

export function hasherParams(hasher: HasherMatch | undefined): Params {
  if (hasher === undefined) return {}
  const { id, sha256, cardSha256, metric, distance, limit } = hasher
  return { hasher: id, hasherSha256: sha256, cardSha256, metric, distance, limit }
}

function hasherFrom(measured: Params): HasherMatch {
  const text = (name: keyof typeof HASHER_SAYS) => String(measured[name])
  return {
    id: text('hasher'),
    sha256: text('hasherSha256'),
    cardSha256: text('cardSha256'),
    metric: text('metric') as HasherMatch['metric'],
    distance: text('distance'),
    limit: text('limit'),
  }
}
