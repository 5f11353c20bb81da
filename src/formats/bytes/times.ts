/** Converts times from the forms of programs to the form of the wire. A value outside 1990 to 2100 is not a time. */
import type { WireRecord } from '../../wire/records-reply.ts'

type Time = WireRecord['when']

const FIRST_NS = BigInt(Date.UTC(1990, 0)) * 1_000_000n
const LAST_NS = BigInt(Date.UTC(2100, 0)) * 1_000_000n
/** Seconds from 1601 (FILETIME, WebKit) to 1970. */
const SECONDS_1601 = 11_644_473_600n
const SECONDS_2001 = 978_307_200n

/** Microseconds since 1601. */
export function webkitTime(value: unknown): Time {
  const micros = wholeOf(value)
  return micros === null ? null : timeOf((micros - SECONDS_1601 * 1_000_000n) * 1000n, 'us')
}

/** Microseconds since 1970 (PRTime). */
export function microsecondTime(value: unknown): Time {
  const micros = wholeOf(value)
  return micros === null ? null : timeOf(micros * 1000n, 'us')
}

/** Milliseconds since 1970. */
export function millisecondTime(value: unknown): Time {
  const ms = wholeOf(value)
  return ms === null ? null : timeOf(ms * 1_000_000n, 'ms')
}

/** Units of 100 ns since 1601 (FILETIME). */
export function fileTime(value: bigint): Time {
  return timeOf((value - SECONDS_1601 * 10_000_000n) * 100n, '100ns')
}

export function secondTime(value: unknown): Time {
  const seconds = wholeOf(value)
  return seconds === null ? null : timeOf(seconds * 1_000_000_000n, 's')
}

/** `2026-01-02 03:04:05.678`, the form in which SQLite writes UTC. */
export function textTime(value: unknown): Time {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,3})?)/.exec(String(value ?? '')) ?? []
  const ms = Date.parse(`${day}T${time}Z`)
  return Number.isNaN(ms) ? null : millisecondTime(ms)
}

/** Seconds since 2001, with fractions (Core Data). */
export function cocoaTime(value: unknown): Time {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null
  return timeOf(BigInt(Math.round(value * 1000)) * 1_000_000n + SECONDS_2001 * 1_000_000_000n, 'ms')
}

/** ISO 8601 with a zone. Fractions are kept to the millisecond. */
export function isoTime(text: string | undefined): Time {
  if (text === undefined || !ISO.test(text)) return null
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? null : millisecondTime(ms)
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/

function timeOf(ns: bigint, resolution: NonNullable<Time>['resolution']): Time {
  return ns >= FIRST_NS && ns < LAST_NS ? { ns: String(ns), resolution, zone: 'utc' } : null
}

function wholeOf(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : null
}
