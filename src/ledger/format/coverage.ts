/** Counts of stage results over entries. Each stage adds up to the number of entries: one result each, never none. */

import type { Plan } from '../../contracts/case.ts'
import { MEANINGS } from '../../contracts/hash-set.ts'
import type { LedgerReader } from '../../contracts/ledger-reader.ts'
import { isEnvironmentDependent, isLeftInPart } from '../../contracts/reason.ts'
import {
  STAGE_OUTCOMES,
  STAGES,
  type StageName,
  type StageOutcome,
  type StageResult,
} from '../../contracts/stage.ts'
import type { COUNTED, Coverage, Summary } from '../../contracts/view.ts'
import { BY_KIND, FINDINGS } from '../../findings/index.ts'
import { IS_STATED_REFERENCE } from '../../findings/stated-reference.ts'
import type { Db } from './database.ts'
import { Examinations, entryFacts, factRows } from './entry-facts.ts'
import { incompleteness } from './incompleteness.ts'
import { reasonOf } from './result-row.ts'
import { type EntryFacts, stagesOf } from './stages.ts'

export type ReasonCount = ReturnType<LedgerReader['reasons']>[number]

export interface Totals {
  readonly summary: Summary
  readonly reasons: readonly ReasonCount[]
  /** Stage results that time, memory, a crash or the device decided: outside the digests. */
  readonly environmentDependent: number
}

/** Counts without computing digests; reports on a paused ledger use these counts. */
export function countCoverage(db: Db, plan: Plan): Totals {
  const counter = new CoverageCounter(plan)
  const examinations = new Examinations(db)
  for (const row of factRows(db)) counter.add(entryFacts(row, examinations))
  return counter.totals(db)
}

/** Distinct contents, and entries without a content, with a score that reaches its threshold. */
const LEADS = `SELECT count(*) FROM (
  SELECT content, NULL FROM score WHERE score_per_10k >= threshold_per_10k
  UNION SELECT r.content, iif(r.content IS NULL, s.entry, NULL)
    FROM entry_score s LEFT JOIN reading r ON r.entry = s.entry WHERE s.score_per_10k >= s.threshold_per_10k)`

/**
 * The same count for references. A reference that an image states about a file belongs to the entry of that file's
 * name.
 */
const REFERENCES = `SELECT count(*) FROM (
  SELECT content, NULL FROM reference WHERE ${BY_KIND.reference.shown}
  UNION SELECT r.content, iif(r.content IS NULL, a.entry, NULL)
    FROM entry_attribute a LEFT JOIN reading r ON r.entry = a.entry WHERE ${IS_STATED_REFERENCE})`

const AT_NAMES_TOO: Readonly<Record<string, string>> = { leads: LEADS, references: REFERENCES }

type Counted = Pick<Summary, (typeof COUNTED)[number]>

/** Contents by kind of finding. Leads and references may also belong to a name without a content. */
function counted(db: Db): Counted {
  const rows = FINDINGS.flatMap(({ counted: name, table, shown }) => {
    if (name === null) return []
    const sql = AT_NAMES_TOO[name] ?? `SELECT count(DISTINCT content) FROM ${table} WHERE ${shown}`
    return [[name, db.prepare(sql).pluck().get() as number] as const]
  })
  return Object.fromEntries(rows) as unknown as Counted
}

export class CoverageCounter {
  readonly #plan: Plan
  readonly #counts = new Map<StageName, Map<StageResult, number>>(STAGES.map((stage) => [stage, new Map()]))

  constructor(plan: Plan) {
    this.#plan = plan
  }

  add(entry: EntryFacts): void {
    const stages = stagesOf(entry, this.#plan)
    for (const stage of STAGES) {
      const counts = this.#counts.get(stage)!
      counts.set(stages[stage], (counts.get(stages[stage]) ?? 0) + 1)
    }
  }

  totals(db: Db): Totals {
    const reasons = this.#reasons()
    const stages = Object.fromEntries(STAGES.map((stage) => [stage, outcomes(stage, reasons)])) as Coverage
    const count = (sql: string) => db.prepare(sql).pluck().get() as number
    const incomplete = incompleteness(db, this.#plan, reasons.some(leavesOut))
    return {
      summary: {
        entries: count('SELECT count(*) FROM entry'),
        contents: count('SELECT count(*) FROM content'),
        stages,
        ...counted(db),
        hitsByMeaning: Object.fromEntries(
          MEANINGS.map((meaning) => [
            meaning,
            count(`SELECT count(DISTINCT content) FROM hit WHERE meaning = '${meaning}'`),
          ]),
        ) as Summary['hitsByMeaning'],
        complete: incomplete.length === 0,
        incomplete,
      },
      reasons,
      environmentDependent: reasons
        .filter(({ reason }) => isEnvironmentDependent(reason))
        .reduce((sum, { entries }) => sum + entries, 0),
    }
  }

  #reasons(): ReasonCount[] {
    return STAGES.flatMap((stage) =>
      [...this.#counts.get(stage)!]
        .map(([result, entries]) => ({
          stage,
          result: result.result,
          reason: reasonOf(result) ?? ('' as const),
          entries,
        }))
        .sort((a, b) => (key(a) < key(b) ? -1 : 1)),
    )
  }
}

/** A missing hash set is a reason of its own (contracts/incomplete.ts), for any number of entries. */
function leavesOut({ result, reason, entries }: ReasonCount): boolean {
  return entries > 0 && (isLeftInPart(reason) || (result === 'not-done' && reason !== 'no-hash-sets'))
}

function outcomes(stage: StageName, reasons: readonly ReasonCount[]): Record<StageOutcome, number> {
  const sum = (outcome: StageOutcome) =>
    reasons
      .filter((one) => one.stage === stage && one.result === outcome)
      .reduce((total, { entries }) => total + entries, 0)
  return Object.fromEntries(STAGE_OUTCOMES.map((outcome) => [outcome, sum(outcome)])) as Record<
    StageOutcome,
    number
  >
}

function key({ result, reason }: ReasonCount): string {
  return `${STAGE_OUTCOMES.indexOf(result)} ${reason}`
}
