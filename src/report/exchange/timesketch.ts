/**
 * Timesketch: one JSON object on each line, one line for each known time of an entry, with `message`, `datetime` and
 * `timestamp_desc`.
 *
 * A time without a zone is written only where a person names a zone (`--assume-zone`); the line then states that the
 * zone was assumed.
 */

import { printPath } from '../../base/evidence-path.ts'
import type { EntryTimes, FileTime } from '../../contracts/entry.ts'
import type { EntryStatus } from '../../contracts/image.ts'
import type { EntryView } from '../../contracts/view.ts'
import type { Exporter } from '../export/exporter.ts'
import { NO_WISHES } from '../export/wishes.ts'
import { leavesOutAll } from '../model/leaves-out.ts'
import { recoveryOf } from '../model/recovery.ts'
import { withText } from '../model/text-out.ts'
import { isoTime, ledgerState, safeNumber } from '../model/values.ts'
import { jsonLine } from './jsonl.ts'
import { inZone } from './times.ts'

export const timesketch: Exporter = {
  id: 'timesketch',
  title: 'Times of entries for Timesketch, one a line',
  extension: '.jsonl',
  leavesOut: leavesOutAll(
    'It holds times of entries, and of attributes the time at which a picture says it was taken.',
  ),
  async write(ledger, out, _view, { assumeZone } = NO_WISHES) {
    const { caseId, exhibitId } = ledger.case
    const made = {
      case: caseId,
      exhibit: exhibitId,
      ledger: ledgerState(ledger),
      newestHead: ledger.newestHead(),
    }
    const recovery = recoveryOf(ledger)
    await withText(out, async (text) => {
      for (const view of ledger.places())
        for (const [what, time] of timesOf(view)) {
          const status = recovery(view.entry)?.status ?? 'live'
          const line = lineOf(view, what, time, { assumeZone, status })
          if (line) await text.write(`${jsonLine({ ...line, ...made })}\n`)
        }
    })
  },
}

function* timesOf({ entry, attributes }: EntryView): Iterable<readonly [string, FileTime]> {
  yield* known('', entry.times)
  if (entry.onImage?.nameTimes) yield* known('of the name, ', entry.onImage.nameTimes)
  const said = (code: string) =>
    attributes.find((one) => one.code === code)?.params as { readonly text?: string } | undefined
  const captured = captureTime(said('capture-time')?.text, said('capture-time-offset')?.text)
  if (captured) yield ['Capture time that the picture states', captured]
}

const WORDS = {
  modified: 'Content modification time',
  changed: 'Metadata change time',
  accessed: 'Last access time',
  born: 'Creation time',
} as const satisfies Record<keyof EntryTimes, string>

function* known(of: string, times: EntryTimes): Iterable<readonly [string, FileTime]> {
  for (const [key, words] of Object.entries(WORDS)) {
    const time = times[key as keyof EntryTimes]
    if (time) yield [`${of}${words}`, time]
  }
}

/** `2026:11:24 10:00:00` and `+02:00`, as EXIF 2.32 writes them; null for anything else. */
function captureTime(text: string | undefined, offset: string | undefined): FileTime | null {
  const match = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(text ?? '')
  if (!match) return null
  const [, year, month, day, hour, minute, second] = match
  const zone = /^([+-])(\d\d):(\d\d)$/.exec(offset ?? '')
  const wallMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(wallMs)) return null
  const aheadMs = zone ? Number(`${zone[1]}1`) * (Number(zone[2]) * 60 + Number(zone[3])) * 60_000 : 0
  return {
    ns: BigInt(wallMs - aheadMs) * 1_000_000n,
    source: 'exif',
    resolution: 's',
    zone: zone ? 'offset' : 'local-unknown',
  }
}

function lineOf(
  { entry, content }: EntryView,
  what: string,
  time: FileTime,
  { assumeZone, status }: { readonly assumeZone: string | null; readonly status: EntryStatus },
) {
  const isZoneless = time.zone === 'local-unknown'
  if (isZoneless && assumeZone === null) return null
  const at = isZoneless ? ({ ...time, ns: inZone(time.ns, assumeZone!), zone: 'offset' } as const) : time
  const path = printPath(entry.path)
  return {
    message: `${what}: ${path}`,
    datetime: isoTime(at),
    timestamp: safeNumber(at.ns / 1000n),
    timestamp_desc: isZoneless ? `${what} (zone assumed: ${assumeZone})` : what,
    data_type: 'seized:entry',
    path,
    kind: entry.kind,
    status,
    sizeBytes: safeNumber(entry.sizeBytes),
    mediaType: content?.mediaType ?? null,
    sha256: content?.digests.sha256 ?? null,
    resolution: time.resolution,
    source: time.source,
  }
}
