/** A content whose digests equal those of a record: a fact. */
import type { Hit } from '../contracts/finding.ts'
import type { FindingKind } from './finding-kind.ts'
import {
  CATEGORY,
  categoryCells,
  isOfIllegalOrInterest,
  joined,
  LIST,
  LIST_SAYS,
  listCells,
  listParams,
  listText,
  OF_ILLEGAL_OR_INTEREST,
  ofListFromRow,
  split,
} from './list-columns.ts'

export const hit: FindingKind<Hit, 'hit'> = {
  kind: 'hit',
  table: 'hit',
  columns: [...LIST, 'algorithms text', 'weak int', ...CATEGORY],
  digest: 'facts',
  shown: OF_ILLEGAL_OR_INTEREST,
  isShown: isOfIllegalOrInterest,
  compared: { section: 'matches', key: ({ meaning }) => [meaning] },
  counted: 'hits',
  searchText: listText,
  toRow: (one) => [...listCells(one), joined(one.algorithms), one.weak ? 1 : 0, ...categoryCells(one)],
  fromRow: (row) => ({
    kind: 'hit',
    ...ofListFromRow(row),
    algorithms: split(row.algorithms),
    weak: row.weak === 1n,
  }),
  says: { ...LIST_SAYS, algorithms: 'text', weak: 'flag' },
  params: (one) => ({ ...listParams(one), algorithms: one.algorithms.join('+'), weak: one.weak }),
  record: ({
    hashSet,
    edition,
    algorithms,
    category,
    scale,
    meaning,
    categoryLabel,
    hashSetSha256,
    weak,
  }) => ({
    hashSet,
    edition,
    algorithm: algorithms.join('+'),
    category,
    scale,
    meaning,
    categoryLabel,
    hashSetSha256,
    weak,
  }),
}
