/** `seized timeline`: what records on the device say, in order of time, each line with its record and its basis. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { Timeline } from '../../ledger/read/timeline.ts'
import { TIMELINES } from '../../report/timeline.ts'
import type { TimelineWishes } from '../../report/timeline-lines.ts'
import { isInside } from '../../source/mount/exhibit.ts'
import { closeAll, openCase } from '../case-ledgers.ts'
import { fileSha256 } from '../file-sha256.ts'
import { damageDetail, logCustody } from '../log-custody.ts'
import type { Given } from '../table/option.ts'
import type { TIMELINE } from '../table/options.ts'
import { writeWhole } from '../write-whole.ts'

/** @returns 0 when there was a line, 3 when there was none: scripts tell them apart */
export async function timeline(files: readonly string[], given: Given<typeof TIMELINE>): Promise<number> {
  const ledgers = await openCase(files, given)
  const of = ledgers.map((ledger) => ({ ledger, timeline: new Timeline(ledger.path) }))
  const { from = null, to = null, person = null, path: within = null, list = null } = given
  const wishes: TimelineWishes = { from, to, person, within, list }
  const write = TIMELINES[given.format]
  try {
    let lines = 0
    const out = given.out === undefined ? null : resolve(given.out)
    if (out === null) lines = await write(of, process.stdout, wishes)
    else {
      if (existsSync(out) && !given.overwrite)
        throw new UsageError(`--out ${out} exists. Choose another name, or add --overwrite.`)
      for (const { exhibit } of ledgers)
        if (existsSync(exhibit.root) && isInside(exhibit.root, out))
          throw new UsageError(
            `--out ${out} lies inside the exhibit. Nothing is ever written there: choose another folder.`,
          )
      await writeWhole(out, async (stream) => {
        lines = await write(of, stream, wishes)
      })
    }
    for (const ledger of ledgers.filter(({ seal }) => seal)) {
      const detail = {
        format: `timeline-${given.format}`,
        recipient: '',
        ...(out === null ? { sha256: '' } : { out, sha256: await fileSha256(out) }),
        ...damageDetail(ledger.damage),
      }
      logCustody(ledger.path, { event: 'reported', operator: given.operator ?? null, detail }, given.heads)
    }
    return lines > 0 ? 0 : 3
  } finally {
    for (const one of of) one.timeline.close()
    closeAll(ledgers)
  }
}
