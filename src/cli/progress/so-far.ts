/** The state of a ledger that is not sealed: progress of its run, and the findings so far. */
import { printText } from '../../base/evidence-path.ts'
import type { EntryTotals, LedgerReader, RunHistory } from '../../contracts/ledger-reader.ts'
import { isStageAsked, STAGES, type StageName } from '../../contracts/stage.ts'
import type { Snapshot } from '../../ledger/read/snapshot.ts'
import { formatCount } from '../../report/texts/format.ts'
import { countedRows, pairs, table } from './summary.ts'

/**
 * Number of entries that each stage has not reached. Null before all names are recorded, because their number is then
 * unknown.
 */
export function waitingIn(ledger: RunHistory & EntryTotals): Readonly<Record<StageName, number>> | null {
  if (!ledger.events().some(({ event }) => event === 'inventory-done')) return null
  const reasons = ledger.reasons().filter(({ reason }) => reason === 'not-reached')
  const waits = (stage: StageName) =>
    reasons.filter((one) => one.stage === stage).reduce((sum, { entries }) => sum + entries, 0)
  return Object.fromEntries(STAGES.map((stage) => [stage, waits(stage)])) as Record<StageName, number>
}

/** @param snapshot copy that the ledger is read from; null: no run is writing to it */
export function soFarLines(ledger: LedgerReader, snapshot: Snapshot | null): string[] {
  const summary = ledger.summary()
  const waiting = waitingIn(ledger)
  const asked = STAGES.filter((stage) => isStageAsked(stage, ledger.plan))
  return [
    snapshot === null
      ? 'PARTIAL: the ledger is not sealed. Go on with seized resume.'
      : `BEING EXAMINED: what stood in the ledger at ${snapshot.utc}, read from a copy and not verified.`,
    ...pairs([
      ['case', printText(ledger.case.caseId)],
      ['exhibit', printText(ledger.case.exhibitId)],
      ['ledger', printText(ledger.path)],
    ]),
    '',
    ...pairs([['entries', formatCount(summary.entries)], ...countedRows(summary)]),
    '',
    ...(waiting === null
      ? ['Its names are still being recorded: nobody knows yet how many there are.']
      : table([
          ['stage', 'done with', 'waiting'],
          ...asked.map((stage) => [
            stage,
            formatCount(summary.entries - waiting[stage]),
            formatCount(waiting[stage]),
          ]),
        ])),
  ]
}
