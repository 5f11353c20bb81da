/** Writes one line for each event on standard error, for people and log files, and the summary on standard output. */

import { printPath, printText } from '../../base/evidence-path.ts'
import type { Hit } from '../../contracts/finding.ts'
import type { PauseReason, ProgressEvent } from '../../contracts/progress.ts'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatRate,
  insideText,
  listingText,
  plural,
  readingText,
  workingText,
} from '../../report/texts/format.ts'
import { isoNow } from './clock.ts'
import type { Progress, ProgressStreams } from './progress.ts'
import { drained } from './streams.ts'
import { summaryLines } from './summary.ts'

/** Interval that keeps the log of a run of ten hours readable. */
const PROGRESS_EVERY_MS = 5_000

export function lineProgress(
  { stdout, stderr }: ProgressStreams,
  verbose = false,
  clock: { readonly utc: () => string; readonly nowMs: () => number } = {
    utc: isoNow,
    nowMs: () => performance.now(),
  },
): Progress {
  let lastProgressMs = Number.NEGATIVE_INFINITY
  let ledger = ''
  let notes = 0
  return {
    on: (event) => {
      if (event.event === 'note' && !verbose) {
        notes += 1
        return
      }
      // Notes come together, before the next event.
      if (notes > 0) stderr.write(`${clock.utc()}  ${notesLine(notes)}\n`)
      notes = 0
      if (event.event === 'summary') {
        stdout.write(summaryLines(event))
        return
      }
      if (event.event === 'started') ledger = event.ledger
      if (event.event === 'progress' && !isLast(event)) {
        const nowMs = clock.nowMs()
        if (nowMs - lastProgressMs < PROGRESS_EVERY_MS) return
        lastProgressMs = nowMs
      }
      const line = eventLine(event, ledger)
      if (line !== null) stderr.write(`${clock.utc()}  ${line}\n`)
    },
    close: async () => {
      await drained(stderr)
      await drained(stdout)
    },
  }
}

/** @returns null for an event that is only counted: hits on lists of known contents */
export function eventLine(
  event: Exclude<ProgressEvent, { event: 'summary' }>,
  ledger: string,
): string | null {
  switch (event.event) {
    case 'started':
      return `started    case ${printText(event.case.caseId)}, exhibit ${printText(event.case.exhibitId)}, examiner ${printText(event.case.examiner)}; ledger ${printText(event.ledger)}; plan ${event.planDigest}`
    case 'phase':
      return `${event.phase.padEnd(9)}  begins: ${plural(event.entriesTotal, 'entry', 'entries')}, ${formatBytes(event.bytesTotal)}`
    case 'progress':
      return `${event.phase.padEnd(9)}  ${progressText(event)}`
    case 'hit':
      return event.hit.meaning === 'known'
        ? null
        : `HIT        ${hitText(event.hit)}: ${printPath(event.path)}`
    case 'warning':
      return `warning    ${printText(event.message)}`
    case 'note':
      return `note       ${printText(event.message)}`
    case 'paused':
      return `paused     ${PAUSED[event.reason]}; nothing is lost; go on with: seized resume ${printText(ledger)}`
  }
}

/** Stands for the notes that are not printed. */
export function notesLine(notes: number): string {
  return `note       ${plural(notes, 'fact')} about exhibit and lists ${notes === 1 ? 'stands' : 'stand'} in ledger and report (--verbose prints ${notes === 1 ? 'it' : 'them'} here)`
}

const PAUSED: Readonly<Record<PauseReason, string>> = {
  interrupted: 'interrupted',
  terminated: 'the system asked it to end',
  'hung-up': 'its terminal was closed',
  'reader-gone': 'nobody reads its output any more',
}

export type ProgressNumbers = Extract<ProgressEvent, { event: 'progress' }>

/** `12,345 of 60,000 entries, 1.2 GB of 4.0 GB, 210 MB/s, about 3 min 20 s left, 2 hits, 0 leads, 3 not done` */
function progressText(event: ProgressNumbers): string {
  return [
    event.entriesTotal === null
      ? plural(event.entriesDone, 'entry', 'entries')
      : `${formatCount(event.entriesDone)} of ${plural(event.entriesTotal, 'entry', 'entries')}`,
    // Without a total, bytes are shown once there are any: not every phase counts them.
    ...(event.bytesTotal === null
      ? event.bytesDone === 0n
        ? []
        : [formatBytes(event.bytesDone)]
      : [`${formatBytes(event.bytesDone)} of ${formatBytes(event.bytesTotal)}`]),
    ...(event.bytesTotal === null ? [] : [formatRate(event.bytesPerSecond)]),
    ...(event.etaSeconds === null || event.etaSeconds < 0.5 || event.inside || event.reading || isLast(event)
      ? []
      : [`about ${formatDuration(event.etaSeconds)} left`]),
    plural(event.hits, 'hit'),
    plural(event.leads, 'lead'),
    `${formatCount(event.notDone)} not done`,
    ...(event.inside ? [insideText(event.inside)] : []),
    ...(event.reading ? [readingText(event.reading)] : []),
    ...(event.working ? [workingText(event.working)] : []),
    ...(event.listing ? [listingText(event.listing)] : []),
  ].join(', ')
}

/** `illegal, National list, category 1 “…”, by md5+sha1` */
function hitText(hit: Hit): string {
  return printText(
    [
      hit.meaning,
      hit.hashSet,
      ...(hit.category === null
        ? []
        : [`category ${hit.category}${hit.categoryLabel === null ? '' : ` (${hit.categoryLabel})`}`]),
      `by ${hit.algorithms.join('+')}${hit.weak ? ' alone' : ''}`,
    ].join(', '),
  )
}

function isLast(event: ProgressNumbers): boolean {
  return event.entriesDone === event.entriesTotal && !event.inside
}
