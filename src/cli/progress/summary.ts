/** The end of a run for people: what was counted, the digests for the paper record, what the exit code means. */
import { type ProgressEvent, STAGE_OUTCOMES, STAGES } from '../../contracts.ts'
import { formatCount } from '../../report/format.ts'

export type SummaryEvent = Extract<ProgressEvent, { event: 'summary' }>

export function summaryLines(summary: SummaryEvent): string {
  const rows: [string, string][] = [
    ['entries', formatCount(summary.entries)],
    ['distinct contents', formatCount(summary.contents)],
    ['contents with hits', formatCount(summary.hits)],
    ['digest conflicts', formatCount(summary.conflicts)],
    ['near matches', formatCount(summary.near)],
    ['contents with leads', formatCount(summary.leads)],
  ]
  const digests: [string, string][] = [
    ['evidence digest', summary.evidenceDigest],
    ['analysis digest', summary.analysisDigest],
    ['chain head', summary.chainHead],
    ['ledger SHA-256', summary.ledgerSha256],
  ]
  return `${[
    ...pairs(rows),
    '',
    ...coverage(summary),
    '',
    ...pairs(digests),
    '',
    summary.complete
      ? 'Coverage is complete: every stage that was asked for reached everything in scope.'
      : 'Coverage is incomplete: the column "not-done" counts what a stage did not reach; the report lists it with reasons.',
    'Note the chain head and the SHA-256 on paper: they show later that nothing was cut off or changed.',
  ].join('\n')}\n`
}

function coverage(summary: SummaryEvent): string[] {
  const header = ['stage', ...STAGE_OUTCOMES]
  const body = STAGES.map((stage) => [
    stage,
    ...STAGE_OUTCOMES.map((outcome) => formatCount(summary.stages[stage][outcome])),
  ])
  const widths = header.map((_, i) => Math.max(...[header, ...body].map((row) => row[i]!.length)))
  return [header, ...body].map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  )
}

function pairs(rows: readonly [string, string][]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
}
