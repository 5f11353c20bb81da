/** The end of a run for people, in 80 columns: the counts, and the digests for the paper record. */
import { printText } from '../../base/evidence-path.ts'
import type { ProgressEvent } from '../../contracts/progress.ts'
import { STAGE_OUTCOMES } from '../../contracts/stage.ts'
import { countedStages, type Summary } from '../../contracts/view.ts'
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

/** Rows of what was counted: seals of formats 1 and 2 have no hits by meaning and no references. */
export function countedRows(summary: Summary): [string, string][] {
  const byMeaning: Partial<Summary['hitsByMeaning']> = summary.hitsByMeaning ?? {}
  const rows: readonly [string, number | undefined][] = [
    ['distinct contents', summary.contents],
    ['contents with hits', summary.hits],
    ['  illegal', byMeaning.illegal],
    ['  of interest', byMeaning.interest],
    ['contents known', byMeaning.known],
    ['digest conflicts', summary.conflicts],
    ['near matches', summary.near],
    ['contents with references', summary.references],
  ]
  const counted = rows.flatMap(([name, count]): [string, string][] =>
    count === undefined ? [] : [[name, formatCount(count)]],
  )
  return [...counted, ['contents with leads', leadsBesideLast(summary)]]
}

/** Leads to look at, and beside them those that a second opinion or their place put last. */
function leadsBesideLast({ leads, leadsPutLast = 0 }: Summary): string {
  const first = formatCount(leads - leadsPutLast)
  return leadsPutLast === 0 ? first : `${first}, and ${formatCount(leadsPutLast)} put last`
}

function coverage(summary: SummaryEvent): string[] {
  return table([
    ['stage', ...STAGE_OUTCOMES],
    ...countedStages(summary).map((stage) => [
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
