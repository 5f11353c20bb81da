/** Times as the report shows them: in the examiner's display zone, always with the offset. */
import type { FileTime } from '../../contracts/entry.ts'
import { isoTime } from './values.ts'

/** @param utc ISO-8601 @returns `2026-11-24 12:21:07 +02:00`, or the text unchanged when it is not a time */
export function displayUtc(utc: string, zone: string): string {
  const ms = Date.parse(utc)
  return Number.isNaN(ms) ? utc : displayMs(ms, zone)
}

/** A time without a zone is never converted: it is shown as the file system stores it, with a note. */
export function displayFileTime(time: FileTime, zone: string): string {
  const ms = Number(time.ns / 1_000_000n)
  const plain = isoTime(time)
    .replace('T', ' ')
    .replace(/\.\d+Z?$/, '')
  if (time.zone === 'local-unknown') return `${plain} (zone not recorded)`
  return Math.abs(ms) > 8.64e15 ? `${plain} UTC` : displayMs(ms, zone)
}

function displayMs(ms: number, zone: string): string {
  const part = Object.fromEntries(
    formatterOf(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  )
  // The notation depends on the version of the time zone library: `GMT`, `GMT+00:00` or `GMT+02:00`.
  const offset = part.timeZoneName!.replace(/^GMT(\+00:00)?/, '') || 'UTC'
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}:${part.second} ${offset}`
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known) return known
  const formatter = new Intl.DateTimeFormat('en-GB', {
    timeZone: isZone(zone) ? zone : 'UTC',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  })
  formatters.set(zone, formatter)
  return formatter
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
