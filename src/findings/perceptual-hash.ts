/** A perceptual hash of a picture, or of a frame of a video: for near matches, now and when lists change. */
import type { PerceptualHash } from '../contracts/finding.ts'
import type { FindingKind } from './finding-kind.ts'

export const perceptualHash: FindingKind<PerceptualHash, 'perceptual_hash'> = {
  kind: 'perceptual-hash',
  table: 'perceptual_hash',
  columns: ['algorithm text', 'hex text', 'quality int', 'flavour text', 'part text'],
  digest: 'opinions',
  shown: null,
  isShown: () => false,
  compared: { leftOut: 'It says nothing by itself: the near matches that it leads to are compared.' },
  counted: null,
  searchText: null,
  toRow: (one) => [one.algorithm, one.hex, one.quality, one.flavour, one.part],
  fromRow: (row) => ({
    kind: 'perceptual-hash',
    algorithm: row.algorithm as PerceptualHash['algorithm'],
    hex: row.hex as string,
    quality: Number(row.quality),
    flavour: row.flavour as string,
    part: row.part as string,
  }),
  says: { algorithm: 'text', hex: 'text', quality: 'number', part: 'text' },
  params: ({ algorithm, hex, quality, part }) => ({ algorithm, hex, quality, part }),
  // Hundreds of a video, and of no use to a reader of one line.
  record: null,
}
