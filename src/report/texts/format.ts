/** Counts, sizes and durations for people. Decimal units; never more digits than are meaningful. */
import type { Inside, Reading, Working } from '../../contracts/progress.ts'

/** `1,234,567`, the same on every machine: the locale of the system is not used. */
export function formatCount(count: number | bigint): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `512 B`, `1.2 kB`, `3.4 GB`: three digits, powers of 1000. */
export function formatBytes(bytes: bigint | number): string {
  let value = Number(bytes)
  if (value < 1000) return `${Math.round(value)} B`
  for (const unit of ['kB', 'MB', 'GB', 'TB', 'PB']) {
    value /= 1000
    if (value < 999.5) return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`
  }
  return `${Math.round(value / 1000)} EB`
}

export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(Math.max(0, bytesPerSecond))}/s`
}

/** `8 s`, `3 min 20 s`, `2 h 05 min`, `3 d 04 h`: two units at most, so that an estimate does not look exact. */
export function formatDuration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds))
  if (s < 60) return `${s} s`
  if (s < 3_600) return pair(s, 60, 'min', 1, 's')
  if (s < 86_400) return pair(s, 3_600, 'h', 60, 'min')
  return pair(s, 86_400, 'd', 3_600, 'h')
}

/** `1 file`, `2 files`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** Progress of one large file that is being read: `at DCIM/a.bin: 1.2 GB of 3.4 GB`. */
export function readingText({ path, bytesDone, bytesTotal }: Reading): string {
  return `at ${path}: ${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`
}

/** The content that takes long: `examining DCIM/film.mp4 for 1 min 10 s`. */
export function workingText({ path, seconds }: Working): string {
  return `examining ${path} for ${formatDuration(seconds)}`
}

/** Progress of a folder that is still being listed: `listing: 1,234 names so far`. */
export function listingText(names: number): string {
  return `listing: ${plural(names, 'name')} so far`
}

/** Progress of a container that is being opened: `in DCIM/a.zip: 1,234 members`. */
export function insideText({ path, members }: Inside): string {
  return `in ${path}: ${plural(members, 'member')}`
}

function pair(seconds: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const first = Math.floor(seconds / large)
  const second = Math.floor((seconds % large) / small)
  return `${first} ${largeUnit} ${String(second).padStart(2, '0')} ${smallUnit}`
}
