/** What macOS keeps with a file as attributes. They have no names of their own in them: each is told by its form alone. */
import type { Sample } from '../../media-types/sample.ts'

/** A binary property list: of one to three texts, the first of them an address, where a file was got from. */
export function propertyListType({ head }: Sample): string {
  // Preferences of VLC on macOS.
  if (head.includes('recentlyPlayedMedia')) return 'application/x-vlc-preferences'
  if (head.includes('DownloadHistory') && head.includes('DownloadEntry'))
    return 'application/x-safari-downloads'
  return WHERE_FROMS.test(head.toString('latin1', 8, 64))
    ? 'application/x-apple-where-froms'
    : 'application/x-bplist'
}

/** Objects in order: the list that names the following ones, then a text of up to 14 or, with its length behind, of more characters. */
const WHERE_FROMS =
  /^(?:\xa1\x01|\xa2\x01\x02|\xa3\x01\x02\x03)(?:[\x53-\x5e]|\x5f\x10.|\x5f\x11..)(?:https?|ftp|file|blob|data|message):/s

/** `flags;seconds in hex;program;id of the event`. */
export const QUARANTINE = /^([0-9a-f]{4});([0-9a-f]{8,16});([^;\r\n]{0,255})(?:;[0-9A-Za-z.|-]{0,255})?$/

export function quarantineType({ head, sizeBytes }: Sample): string | null {
  // Most texts have no semicolon there: nothing is decoded of them.
  return head[4] === 0x3b && sizeBytes <= 1024 && QUARANTINE.test(head.toString('utf8'))
    ? 'text/x-apple-quarantine'
    : null
}

const FIRST_SECOND = Date.UTC(2001, 0) / 1000
const LAST_SECOND = Date.UTC(2100, 0) / 1000

export function lastUsedType({ head, sizeBytes }: Sample): string | null {
  return isLastUsed(head, sizeBytes) ? 'application/x-apple-last-used' : null
}

/** Seconds and nanoseconds since 1970, eight bytes each, and nothing else. */
export function isLastUsed(head: Buffer, sizeBytes: number): boolean {
  if (sizeBytes !== 16 || head.length !== 16) return false
  const [seconds, ns] = [Number(head.readBigInt64LE(0)), Number(head.readBigInt64LE(8))]
  return seconds >= FIRST_SECOND && seconds < LAST_SECOND && ns >= 0 && ns < 1e9
}
