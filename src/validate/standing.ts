/**
 * Relates a validation record to one examination: its subject, and the parts of the examination that it does not cover.
 */
import type { ExaminationFacts, RunHistory } from '../contracts/ledger-reader.ts'
import type { StaleFor, Standing } from '../report/model/lab.ts'
import type { ReadRecord } from './read-record.ts'
import { numberOf } from './record.ts'

export function standingOf(
  { record, sha256 }: ReadRecord,
  ledgers: readonly (ExaminationFacts & RunHistory)[],
): Standing {
  const stale = new Set(ledgers.flatMap((ledger) => staleFor(record, ledger)))
  return {
    number: numberOf(record, sha256),
    day: record.ended.slice(0, 10),
    isFit: record.fit,
    stale: [...stale],
  }
}

function staleFor(
  { program, ended }: ReadRecord['record'],
  ledger: ExaminationFacts & RunHistory,
): StaleFor[] {
  const { tool, plan } = ledger
  const models = new Map(program.models.map((one) => [one.id, textOf(one)]))
  const events = ledger.events()
  const examined = events[0]?.utc
  const of: readonly (readonly [StaleFor, boolean])[] = [
    ['version', tool.seized !== program.version],
    ['binary', tool.partsSha256 !== program.partsSha256],
    ['model', plan.models.some((one) => models.get(one.id) !== textOf(one))],
    ['list-format', plan.hashSets.some(({ format }) => !program.listFormats.includes(format))],
    ['age', examined !== undefined && Date.parse(examined) - Date.parse(ended) > YEAR_MS],
  ]
  return of.flatMap(([what, is]) => (is ? [what] : []))
}

/** A record asks to be repeated after a year at the latest. */
const YEAR_MS = 366 * 86_400_000

/** With its thresholds: another threshold is another method. */
function textOf({ sha256, thresholds }: { readonly sha256: string; readonly thresholds: object }): string {
  return `${sha256} ${JSON.stringify(Object.entries(thresholds).sort())}`
}
