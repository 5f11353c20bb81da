/**
 * `seized summary`: what a ledger holds, in numbers; for scripts the object that its run ended with. Of several exhibits of a case
 * one after the other, and what they come to together.
 */
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import { COUNTED, type Summary } from '../../contracts/view.ts'
import { countShared } from '../../ledger/read/shared-contents.ts'
import { withoutPrivileged } from '../../privilege/quarantine.ts'
import { countFindings } from '../../report/court/counts.ts'
import { formatCount } from '../../report/format.ts'
import { installationTexts } from '../../report/installation-text.ts'
import { jsonLine } from '../../report/jsonl.ts'
import { ledgerState } from '../../report/values.ts'
import { closeAll, openCase } from '../case-ledgers.ts'
import { exitCodeOf } from '../exit-code-of.ts'
import { fileSha256 } from '../file-sha256.ts'
import { createProgress } from '../progress/index.ts'
import { summaryEvent } from '../sealed.ts'
import type { Given } from '../table/option.ts'
import type { SUMMARY } from '../table/options.ts'

export async function summary(files: readonly string[], given: Given<typeof SUMMARY>): Promise<number> {
  const ledgers = await openCase(files, given)
  try {
    const codes: number[] = []
    for (const ledger of ledgers) codes.push(await ofOne(ledger, given.json))
    if (ledgers.length > 1) ofAll(ledgers, given.json)
    if (codes.includes(EXIT.interrupted)) return EXIT.interrupted
    return exitCodeOf(together(ledgers.map((ledger) => ledger.summary())))
  } finally {
    closeAll(ledgers)
  }
}

async function ofOne(ledger: LedgerReader, json: boolean): Promise<number> {
  if (ledger.seal === null) {
    const { caseId, exhibitId } = ledger.case
    const named = { case: caseId, exhibit: exhibitId, ledger: ledger.path }
    const installation = installationTexts(ledger)
    const counts = { event: 'paused', reason: 'not-sealed', ...named, ...ledger.summary(), installation }
    process.stdout.write(
      json
        ? `${JSON.stringify(counts)}\n`
        : [
            ...installation.map(printText),
            'PARTIAL: the ledger is not sealed. Go on with seized resume.',
            '',
          ].join('\n'),
    )
    return EXIT.interrupted
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

/** Complete where all are; findings where one has some. */
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

function ofAll(ledgers: readonly LedgerReader[], json: boolean): void {
  const { listed, listedOnSeveral, places } = countFindings(ledgers.map(withoutPrivileged))
  const shared = countShared(ledgers.map(({ path }) => path))
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
