/**
 * Recognises data that macOS stores in file attributes. The data has no signature, so its form alone tells the type.
 */
import type { Sample } from '../../../media-types/sample.ts'

export function signature(sample: Sample): string | null {
  return quarantineType(sample) ?? lastUsedType(sample)
}

/** `kMDItemWhereFroms`: a property list of one to three texts that starts with a URL. */
export function listSignature(list: Buffer): string | null {
  return WHERE_FROMS.test(list.toString('latin1', 8, 64)) ? 'application/x-apple-where-froms' : null
}

/**
 * Objects in order: the array that refers to the following objects, then a text. Texts over 14 characters have an
 * extra length field.
 */
const WHERE_FROMS =
  /^(?:\xa1\x01|\xa2\x01\x02|\xa3\x01\x02\x03)(?:[\x53-\x5e]|\x5f\x10.|\x5f\x11..)(?:https?|ftp|file|blob|data|message):/s

/** `flags;seconds in hex;program;event id`. */
export const QUARANTINE = /^([0-9a-f]{4});([0-9a-f]{8,16});([^;\r\n]{0,255})(?:;[0-9A-Za-z.|-]{0,255})?$/

function quarantineType({ head, sizeBytes }: Sample): string | null {
  // Most texts have no semicolon at this offset, so they are not decoded.
  return head[4] === 0x3b && sizeBytes <= 1024 && QUARANTINE.test(head.toString('utf8'))
    ? 'text/x-apple-quarantine'
    : null
}

const FIRST_SECOND = Date.UTC(2001, 0) / 1000
const LAST_SECOND = Date.UTC(2100, 0) / 1000

function lastUsedType({ head, sizeBytes }: Sample): string | null {
  return isLastUsed(head, sizeBytes) ? 'application/x-apple-last-used' : null
}

/** Seconds and nanoseconds since 1970, eight bytes each, and no further bytes. */
export function isLastUsed(head: Buffer, sizeBytes: number): boolean {
  if (sizeBytes !== 16 || head.length !== 16) return false
  const [seconds, ns] = [Number(head.readBigInt64LE(0)), Number(head.readBigInt64LE(8))]
  return seconds >= FIRST_SECOND && seconds < LAST_SECOND && ns >= 0 && ns < 1e9
}
