/** Times in the notations of other formats. A time whose zone is unknown gets no zone. */
import type { FileTime } from '../../contracts/entry.ts'
import { isoTime } from '../model/values.ts'

/** `xsd:dateTime` 1.0: no year 0, no plus sign; null where it cannot hold the time. */
export function xsdTime(time: FileTime): string | null {
  const text = isoTime(time).replace(/^\+0*/, '')
  return text.startsWith('-') || text.startsWith('0000') ? null : trimmed(text)
}

/**
 * ISO-8601 to the microsecond with an offset, which every reader of VICS accepts; null without a zone or beyond four
 * digits of the year.
 */
export function offsetTime(time: FileTime): string | null {
  const text = isoTime(time)
  return /^\d{4}-.*Z$/.test(text) && !text.startsWith('0000') ? `${text.slice(0, 26)}+00:00` : null
}

/** Removes a fraction of zeros: a time to the second has no fraction. */
function trimmed(text: string): string {
  return text
    .replace(/\.?0*(Z?)$/, (all, zone: string) => (all.startsWith('.') ? zone : all))
    .replace(/(\.\d*?)0+(Z?)$/, '$1$2')
}

/**
 * A wall-clock time in a zone, as nanoseconds since 1970 in UTC. For an hour that occurs twice, the first one is
 * taken; for an hour that is skipped, the hour after it.
 */
export function inZone(wallNs: bigint, zone: string): bigint {
  const wallMs = Number(wallNs / 1_000_000n)
  const day = 86_400_000
  const guesses = [wallMs - day, wallMs + day].map((at) => wallMs - offsetMs(at, zone))
  const fitting = guesses.filter((at) => at + offsetMs(at, zone) === wallMs)
  const utcMs = fitting.length > 0 ? Math.min(...fitting) : Math.max(...guesses)
  return wallNs + (BigInt(utcMs) - BigInt(wallMs)) * 1_000_000n
}

const FORMATS = new Map<string, Intl.DateTimeFormat>()

/**
 * How far the clocks of a zone are ahead of UTC at a moment. @throws RangeError when the moment is beyond the range of
 * dates
 */
function offsetMs(utcMs: number, zone: string): number {
  let format = FORMATS.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-u-hc-h23', {
      timeZone: zone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    })
    FORMATS.set(zone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(utcMs).map(({ type, value }) => [type, value]))
  const year = parts.era === 'BC' ? 1 - Number(parts.year) : Number(parts.year)
  const wall = new Date(0)
  wall.setUTCFullYear(year, Number(parts.month) - 1, Number(parts.day))
  wall.setUTCHours(Number(parts.hour), Number(parts.minute), Number(parts.second))
  return wall.getTime() - Math.floor(utcMs / 1000) * 1000
}
