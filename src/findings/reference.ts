/** A record on the exhibit that names a digest of a list. Never a hit: the content may be missing from the exhibit. */

import { storedJson } from '../base/stored-json.ts'
import type { Params } from '../contracts/coded.ts'
import type { Reference } from '../contracts/finding.ts'
import { shortenedParams } from './bounded-text.ts'
import type { FindingKind } from './finding-kind.ts'
import {
  CATEGORY,
  categoryCells,
  isOfIllegalOrInterest,
  LIST,
  LIST_SAYS,
  listCells,
  listParams,
  listText,
  OF_ILLEGAL_OR_INTEREST,
  ofListFromRow,
} from './list-columns.ts'
import { RECORD_FACTS, recordFactCells, recordFactsFromRow } from './record-columns.ts'
import { NO_TIME, TIME, timeCells, timeFromRow } from './time-columns.ts'

export const reference: FindingKind<Reference, 'reference'> = {
  kind: 'reference',
  table: 'reference',
  columns: [
    ...LIST,
    'algorithm text',
    'digest blob',
    'record_code text',
    'record_params text',
    'direction text?',
    'times int?',
    ...TIME,
    'on_exhibit int',
    ...CATEGORY,
    ...RECORD_FACTS,
  ],
  digest: 'opinions',
  shown: OF_ILLEGAL_OR_INTEREST,
  isShown: isOfIllegalOrInterest,
  compared: {
    section: 'matches',
    key: ({ meaning, algorithm, digest }) => [meaning, `${algorithm}:${digest}`],
  },
  counted: 'references',
  searchText: (one) =>
    [
      listText(one),
      one.record.code,
      ...Object.values(one.record.params),
      one.digest,
      one.direction ?? '',
    ].join(' '),
  toRow: (one) => [
    ...listCells(one),
    one.algorithm,
    Buffer.from(one.digest, 'hex'),
    one.record.code,
    storedJson(shortenedParams(one.record.params)),
    one.direction,
    one.times,
    ...(one.when === null ? NO_TIME : timeCells(one.when)),
    one.found ? 1 : 0,
    ...categoryCells(one),
    ...recordFactCells(one, { [one.algorithm]: one.digest }),
  ],
  fromRow: (row) => ({
    kind: 'reference',
    ...ofListFromRow(row),
    algorithm: row.algorithm as string,
    digest: (row.digest as Buffer).toString('hex'),
    record: {
      code: row.record_code as string,
      params: JSON.parse(row.record_params as string) as Params,
    },
    direction: row.direction as Reference['direction'],
    times: row.times === null ? null : Number(row.times),
    when: timeFromRow(row),
    found: row.on_exhibit === 1n,
    ...recordFactsFromRow(row, { [row.algorithm as string]: (row.digest as Buffer).toString('hex') }),
  }),
  says: {
    ...LIST_SAYS,
    record: 'text',
    direction: 'text?',
    times: 'number?',
    algorithm: 'text',
    digest: 'text',
    found: 'flag',
  },
  params: (one) => ({
    ...listParams(one),
    record: one.record.code,
    ...(one.direction !== null && { direction: one.direction }),
    ...(one.times !== null && { times: one.times }),
    algorithm: one.algorithm,
    digest: one.digest,
    found: one.found,
  }),
  record: ({ kind: _, when, moreTimes, ...rest }) => ({
    ...rest,
    when: when && { ...when, ns: String(when.ns) },
    moreTimes: moreTimes.map((one) => ({ kind: one.kind, when: { ...one.when, ns: String(one.when.ns) } })),
  }),
}
