/** A picture or video that looks like a listed one: perceptual, and for a person to compare. */
import { parseStoredJson, storedJson } from '../base/stored-json.ts'
import type { Params } from '../contracts/coded.ts'
import type { NearMatch } from '../contracts/finding.ts'
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
    one.details === undefined ? null : storedJson(one.details),
  ],
  fromRow: (row) => ({
    kind: 'near',
    ...ofListFromRow(row),
    algorithm: row.algorithm as NearMatch['algorithm'],
    distanceBits: Number(row.distance_bits),
    quality: Number(row.quality),
    band: row.nearness as NearMatch['band'],
    orientation: row.orientation as string,
    ...(row.details !== null && { details: parseStoredJson(row.details as string) as Params }),
  }),
  says: { ...LIST_SAYS, algorithm: 'text', distanceBits: 'number', band: 'text', orientation: 'text' },
  params: (one) => ({
    ...listParams(one),
    algorithm: one.algorithm,
    distanceBits: one.distanceBits,
    band: one.band,
    orientation: one.orientation,
  }),
  record: ({ hashSet, edition, algorithm, distanceBits, quality, band, orientation, ...rest }) => ({
    hashSet,
    edition,
    algorithm,
    distanceBits,
    quality,
    band,
    orientation,
    category: rest.category,
    scale: rest.scale,
    meaning: rest.meaning,
    categoryLabel: rest.categoryLabel,
    hashSetSha256: rest.hashSetSha256,
  }),
}
