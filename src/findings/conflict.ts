/** One digest of a record agrees with the content and another does not. */
import type { DigestConflict } from '../contracts/finding.ts'
import type { FindingKind } from './finding-kind.ts'
import {
  CATEGORY,
  categoryCells,
  joined,
  LIST,
  LIST_SAYS,
  listCells,
  listParams,
  listText,
  ofListFromRow,
  split,
} from './list-columns.ts'

export const conflict: FindingKind<DigestConflict, 'digest_conflict'> = {
  kind: 'conflict',
  table: 'digest_conflict',
  columns: [...LIST, 'agreeing text', 'differing text', ...CATEGORY],
  digest: 'facts',
  shown: 'true',
  isShown: () => true,
  compared: { section: 'matches', key: ({ meaning }) => [meaning] },
  counted: 'conflicts',
  searchText: listText,
  toRow: (one) => [...listCells(one), joined(one.agreeing), joined(one.differing), ...categoryCells(one)],
  fromRow: (row) => ({
    kind: 'conflict',
    ...ofListFromRow(row),
    agreeing: split(row.agreeing),
    differing: split(row.differing),
  }),
  says: { ...LIST_SAYS, agreeing: 'text', differing: 'text' },
  params: (one) => ({
    ...listParams(one),
    agreeing: one.agreeing.join('+'),
    differing: one.differing.join('+'),
  }),
  record: ({
    hashSet,
    edition,
    agreeing,
    differing,
    category,
    scale,
    meaning,
    categoryLabel,
    hashSetSha256,
  }) => ({
    hashSet,
    edition,
    agreeing,
    differing,
    category,
    scale,
    meaning,
    categoryLabel,
    hashSetSha256,
  }),
}
