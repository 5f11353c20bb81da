/** A record of the device in the ledger: under the chain and in the analysis digest, read by the timeline alone. */
import { storedJson } from '../base/stored-json.ts'
import type { Params } from '../contracts/coded.ts'
import type { Sign } from '../contracts/record.ts'
import { shortenedParams } from './bounded-text.ts'
import type { Cell, FindingRow } from './finding-kind.ts'
import { recordFactCells, recordFactsFromRow } from './record-columns.ts'
import { NO_TIME, timeCells, timeFromRow } from './time-columns.ts'

/** In the order of the columns of `sign`, after content and stage. */
export function signCells({
  what,
  when,
  person,
  direction,
  status,
  isPrivate,
  ofSha256,
  ...facts
}: Sign): readonly Cell[] {
  return [
    what.code,
    storedJson(shortenedParams(what.params)),
    ...(when === null ? NO_TIME : timeCells(when)),
    person,
    direction,
    status,
    isPrivate ? 1 : 0,
    ofSha256 === null ? null : Buffer.from(ofSha256, 'hex'),
    ...recordFactCells(facts),
  ]
}

export function signFromRow(row: FindingRow): Sign {
  return {
    what: { code: row.code as string, params: JSON.parse(row.params as string) as Params },
    when: timeFromRow(row),
    person: row.person as string | null,
    direction: row.direction as Sign['direction'],
    status: row.status as Sign['status'],
    isPrivate: row.private === 1n,
    ofSha256: row.of_sha256 === null ? null : (row.of_sha256 as Buffer).toString('hex'),
    ...recordFactsFromRow(row),
  }
}
