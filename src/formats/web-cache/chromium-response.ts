/**
 * Parses keys and responses in caches of the Chromium family. @see Chromium net/http/http_cache.cc,
 * http_response_info.cc
 */
import type { FileTime } from '../../contracts/entry.ts'
import { headerOf } from './header.ts'

export interface Response {
  /** Value of the header `content-encoding`; null: the header is missing. */
  readonly encoding: string | null
  readonly modified: FileTime | null
}

/** The sites that requested the URL precede it, because the cache is partitioned by them. */
export function addressIn(key: string): string {
  return key
    .slice(key.lastIndexOf(' ') + 1)
    .replace(/^\d+\/\d+\//, '')
    .replaceAll('\0', '')
}

// Microseconds since 1601.
const TO_1970 = 11_644_473_600_000_000n
const LATEST = TO_1970 + 4_102_444_800_000_000n

/**
 * Flags (more flags when the highest bit is set), time of the request, time of the response, …, then the headers with
 * their length.
 */
export function responseIn(bytes: Buffer): Response {
  const at = bytes.indexOf('HTTP/', 0, 'latin1')
  const length = at < 4 ? 0 : bytes.readUInt32LE(at - 4)
  const encoding = headerOf(bytes.toString('latin1', Math.max(0, at), at + length), 'content-encoding')
  const timesAt = bytes.length < 8 ? 0 : (bytes.readUInt32LE(4) & 0x8000_0000) === 0 ? 8 : 12
  const answered = timesAt + 16 <= at ? bytes.readBigUInt64LE(timesAt + 8) : 0n
  return { encoding, modified: chromiumTime(answered) }
}

export function chromiumTime(value: bigint): FileTime | null {
  if (value <= TO_1970 || value > LATEST) return null
  return { ns: (value - TO_1970) * 1000n, source: 'archive', resolution: 'us', zone: 'utc' }
}
