/** The end of a run for people, in 80 columns: the counts, and the digests for the paper record. */
import { printText } from '../../base/evidence-path.ts'
import type { ProgressEvent } from '../../contracts/progress.ts'
import { STAGE_OUTCOMES, STAGES } from '../../contracts/stage.ts'
import type { Summary } from '../../contracts/view.ts'
import { clockText } from '../../report/texts/clock-text.ts'
import { formatCount } from '../../report/texts/format.ts'

export type SummaryEvent = Extract<ProgressEvent, { event: 'summary' }>

export function summaryLines(summary: SummaryEvent): string {
  const { caseId, exhibitId, examiner } = summary.case
  const run: [string, string][] = [
    ['case', printText(caseId)],
    ['exhibit', printText(exhibitId)],
    ['examiner', printText(examiner)],
    ['ledger', printText(summary.ledger)],
  ]
  const rows: [string, string][] = [
    ['entries', formatCount(summary.entries)],
    ['  places', formatCount(summary.places)],
    ...countedRows(summary),
  ]
  const digests: [string, string][] = [
    ['evidence', summary.evidenceDigest],
    ['analysis', summary.analysisDigest],
    ['chain head', summary.chainHead],
    ['custody head', summary.custodyHead],
    ['ledger file', summary.ledgerSha256],
  ]
  return `${[
    ...pairs(run),
    '',
    ...pairs(rows),
    '',
    ...coverage(summary),
    '',
    ...(summary.readAgain ? [...wrapped(summary.readAgain.says), ''] : []),
    ...(summary.samples ?? []).flatMap(({ says }) => [printText(says), '']),
    'SHA-256 for the paper record: they show later that nothing was changed',
    ...pairs(digests),
    '',
    ...summary.clock.flatMap((one) => wrapped(clockText(one))),
    ...summary.says.flatMap(wrapped),
    summary.complete
      ? 'Coverage is complete: every stage asked for reached all that is in scope.'
      : 'Coverage is incomplete: the report lists what was not done, with reasons.',
    `Next: seized report ${printText(summary.ledger)} --format html --out REPORT.html`,
  ].join('\n')}\n`
}

export function countedRows(summary: Summary): [string, string][] {
  const { illegal, interest, known } = summary.hitsByMeaning
  return [
    ['distinct contents', formatCount(summary.contents)],
    ['contents with hits', formatCount(summary.hits)],
    ['  illegal', formatCount(illegal)],
    ['  of interest', formatCount(interest)],
    ['contents known', formatCount(known)],
    ['digest conflicts', formatCount(summary.conflicts)],
    ['near matches', formatCount(summary.near)],
    ['contents with references', formatCount(summary.references)],
    ['contents with leads', formatCount(summary.leads)],
  ]
}

function coverage(summary: SummaryEvent): string[] {
  return table([
    ['stage', ...STAGE_OUTCOMES],
    ...STAGES.map((stage) => [
      stage,
      ...STAGE_OUTCOMES.map((outcome) => formatCount(summary.stages[stage][outcome])),
    ]),
  ])
}

/** The first column is left-aligned, all others right-aligned. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)))
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  )
}

const COLUMNS = 80

/** Lines of at most {@link COLUMNS} where words allow it. */
function wrapped(text: string): string[] {
  const lines: string[] = []
  for (const word of printText(text).split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= COLUMNS)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

export function pairs(rows: readonly [string, string][]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
}
