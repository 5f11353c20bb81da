/**
 * `seized summary`: the totals of a ledger; for scripts, the object that its run ended with. For several exhibits of a
 * case it prints one after the other, then their common totals.
 */
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { fileSha256 } from '../../base/file-digest.ts'
import type { LedgerReader } from '../../contracts/ledger-reader.ts'
import { COUNTED, type Summary } from '../../contracts/view.ts'
import { sharedContents } from '../../ledger/read/shared-contents.ts'
import type { Snapshot } from '../../ledger/read/snapshot.ts'
import { closedContents, withoutPrivileged } from '../../privilege/quarantine.ts'
import { countFindings } from '../../report/court/counts.ts'
import { jsonLine } from '../../report/exchange/jsonl.ts'
import { ledgerState } from '../../report/model/values.ts'
import { formatCount } from '../../report/texts/format.ts'
import { installationTexts } from '../../report/texts/installation-text.ts'
import type { Given } from '../arguments/option.ts'
import type { SUMMARY } from '../arguments/options-table.ts'
import { createProgress } from '../progress/index.ts'
import { soFarLines, waitingIn } from '../progress/so-far.ts'
import { closeAll, openCase } from '../services/case-ledgers.ts'
import { exitCodeOf } from '../services/exit-code-of.ts'
import { summaryEvent } from '../services/sealed.ts'

export async function summary(files: readonly string[], given: Given<typeof SUMMARY>): Promise<number> {
  const snapshots = new Map<LedgerReader, Snapshot>()
  const ledgers = await openCase(
    files,
    { ...given, orSealedHere: true, saysHow: true },
    {
      whileWritten: 'read',
      told: (ledger, snapshot) => snapshots.set(ledger, snapshot),
    },
  )
  try {
    const codes: number[] = []
    for (const ledger of ledgers) codes.push(await ofOne(ledger, snapshots.get(ledger) ?? null, given.json))
    if (ledgers.length > 1)
      ofAll(
        ledgers,
        ledgers.map((ledger) => snapshots.get(ledger)?.path ?? ledger.path),
        given.json,
      )
    for (const code of [EXIT.tryAgain, EXIT.interrupted]) if (codes.includes(code)) return code
    return exitCodeOf(together(ledgers.map((ledger) => ledger.summary())))
  } finally {
    closeAll(ledgers)
  }
}

async function ofOne(ledger: LedgerReader, snapshot: Snapshot | null, json: boolean): Promise<number> {
  if (ledger.seal === null) {
    const { caseId, exhibitId } = ledger.case
    const named = { case: caseId, exhibit: exhibitId, ledger: ledger.path }
    const installation = installationTexts(ledger)
    const counts = { ...named, ...ledger.summary(), waiting: waitingIn(ledger), installation }
    const event = snapshot
      ? { event: 'running', utc: snapshot.utc, ...counts }
      : { event: 'paused', reason: 'not-sealed', ...counts }
    process.stdout.write(
      json
        ? `${JSON.stringify(event)}\n`
        : [...installation.map(printText), ...soFarLines(ledger, snapshot), ''].join('\n'),
    )
    return snapshot ? EXIT.tryAgain : EXIT.interrupted
  }
  const event = summaryEvent(ledger, await fileSha256(ledger.path))
  const progress = createProgress(json ? 'json' : 'lines', {
    stdout: process.stdout,
    stderr: process.stderr,
  })
  progress.on(event)
  await progress.close()
  return exitCodeOf(event)
}

/** Complete when all ledgers are complete; with findings when any ledger has findings. */
function together(summaries: readonly Summary[]): Parameters<typeof exitCodeOf>[0] {
  const sum = (name: (typeof COUNTED)[number]) => summaries.reduce((all, one) => all + one[name], 0)
  return {
    ...(Object.fromEntries(COUNTED.map((name) => [name, sum(name)])) as Record<
      (typeof COUNTED)[number],
      number
    >),
    complete: summaries.every(({ complete }) => complete),
  }
}

/** @param paths where each ledger is read from: a copy of a ledger that is being written */
function ofAll(ledgers: readonly LedgerReader[], paths: readonly string[], json: boolean): void {
  const closed = closedContents(ledgers)
  const { listed, listedOnSeveral, places } = countFindings(
    ledgers.map((ledger) => withoutPrivileged(ledger, closed)),
  )
  const shared = sharedContents(paths).contents
  const rows = ledgers.map((ledger) => {
    const { stages, complete } = ledger.summary()
    return {
      exhibit: ledger.case.exhibitId,
      state: ledgerState(ledger),
      read: stages.read.done + stages.read['done-with-warnings'],
      notRead: stages.read['not-done'] + stages.read['out-of-scope'],
      complete,
    }
  })
  const of = { case: ledgers[0]!.case.caseId, exhibits: rows, listed, listedPlaces: places }
  if (json) {
    process.stdout.write(`${jsonLine({ event: 'case', ...of, listedOnSeveral, shared })}\n`)
    return
  }
  const cells = [
    ['exhibit', 'record', 'read', 'not read', 'coverage'],
    ...rows.map(({ exhibit, state, read, notRead, complete }) => [
      printText(exhibit),
      state,
      formatCount(read),
      formatCount(notRead),
      complete ? 'complete' : 'incomplete',
    ]),
  ]
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)))
  const lines = [
    '',
    `CASE ${printText(of.case)}: ${ledgers.length} exhibits`,
    ...cells.map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    ),
    '',
    `listed contents           ${formatCount(listed)}, at ${formatCount(places)} places`,
    `  on several exhibits     ${formatCount(listedOnSeveral)}`,
    `contents of any kind on several exhibits  ${formatCount(shared)} (the empty file left out)`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}
