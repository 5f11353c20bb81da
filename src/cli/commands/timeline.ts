/** `seized timeline`: records on the device in order of time, each line with its record and its basis. */
import { resolve } from 'node:path'
import { fileSha256 } from '../../base/file-digest.ts'
import { Timeline, type TimelineRow } from '../../ledger/read/timeline.ts'
import { closedContents } from '../../privilege/quarantine.ts'
import { plural } from '../../report/texts/format.ts'
import { TIMELINES } from '../../report/timeline/timeline.ts'
import type { TimelineWishes } from '../../report/timeline/timeline-lines.ts'
import type { Given } from '../arguments/option.ts'
import type { TIMELINE } from '../arguments/options-table.ts'
import { writtenOut } from '../services/broken-output.ts'
import { closeAll, openCase } from '../services/case-ledgers.ts'
import { warnOfExposed } from '../services/exposed-files.ts'
import { damageDetail, logCustody } from '../services/log-custody.ts'
import { refuseOutput, writeWhole } from '../services/write-whole.ts'

/** @returns 0 when there was a line, 3 when there was none: scripts tell them apart */
export async function timeline(files: readonly string[], given: Given<typeof TIMELINE>): Promise<number> {
  const ledgers = await openCase(files, given)
  const open = ledgers.map((ledger) => ({ ledger, timeline: new Timeline(ledger.path) }))
  const { sha256: closed } = closedContents(ledgers)
  let left = 0
  const of = open.map(({ ledger, timeline }) => ({
    ledger,
    timeline: { rows: () => withoutClosed(timeline.rows(), closed, () => left++) },
  }))
  const { from = null, to = null, person = null, path: within = null, list = null } = given
  const wishes: TimelineWishes = { from, to, person, within, list }
  const write = TIMELINES[given.format]
  try {
    let lines = 0
    const out = given.out === undefined ? null : resolve(given.out)
    if (out === null) {
      const detail = { format: `timeline-${given.format}`, recipient: '' }
      lines = await writtenOut(ledgers, { event: 'reported', detail }, given, () =>
        write(of, process.stdout, wishes),
      )
    } else {
      refuseOutput(out, ledgers, given.overwrite)
      await writeWhole(out, async (stream) => {
        lines = await write(of, stream, wishes)
      })
    }
    if (out !== null) warnOfExposed(out)
    for (const ledger of ledgers.filter(({ seal }) => seal)) {
      const detail = {
        format: `timeline-${given.format}`,
        recipient: '',
        ...(out === null ? { sha256: '' } : { out, sha256: await fileSha256(out) }),
        ...damageDetail(ledger.damage),
      }
      logCustody(ledger.path, { event: 'reported', operator: given.operator ?? null, detail }, given.heads)
    }
    if (left > 0) process.stderr.write(`${plural(left, 'record')} of contents in quarantine left out.\n`)
    return lines > 0 ? 0 : 3
  } finally {
    for (const { timeline } of open) timeline.close()
    closeAll(ledgers)
  }
}

/** A record that lies in a content in quarantine quotes it; in a case that holds on every exhibit. */
function* withoutClosed(
  rows: IterableIterator<TimelineRow>,
  closed: ReadonlySet<string>,
  left: () => void,
): IterableIterator<TimelineRow> {
  try {
    for (const row of rows)
      if (row.sha256 === null || !closed.has(row.sha256)) yield row
      else if (row.isFirst) left()
  } finally {
    rows.return?.()
  }
}
