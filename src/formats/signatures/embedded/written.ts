/**
 * Detects pictures and files encoded in text: base64 in web pages, styles, drawings, cards, feeds, exports and
 * property lists; hexadecimal digits in RTF and database dumps. The encoded signature of a picture identifies such a
 * run; ` base64,` identifies a run of any type.
 *
 * @see RFC 4648 (base64), RFC 2397 (`data:`), RFC 6350 (vCard), Microsoft, "RTF Specification 1.9.1", "Pictures"
 */
import { holdsOthers, holdsText } from '../../../media-types/applies.ts'
import { hasMark } from './marks.ts'
import type { Walk } from './walk.ts'

/** First line of a uuencoded file, up to its name. @see IEEE Std 1003.1, uuencode */
const UUENCODED = String.raw`(?:^|[\r\n])begin [0-7]{3,4} `

/** One regular expression over Latin-1 costs half as much as a search for each pattern. */
const BEGINNINGS = [
  'base64,',
  // JPEG; a slash is `\/` in the JSON of some programs, `%2F` in a URL, `_` in the URL alphabet of base64.
  String.raw`(?:\\?\/|_|%2[Ff])9j(?:\\?\/|_|%2[Ff])`,
  'iVBORw0KGgo',
  'R0lGOD',
  'UklGR',
  'AAAA[A-Za-z0-9]GZ0eXB',
  '(?:ffd8ff|FFD8FF)[eEdDcC]',
  '89504[eE]470[dD]0[aA]',
  '47494638[37]',
  // ZIP, and a Windows bitmap: its size, then zeros.
  'UEsDB[A-D]',
  'Qk[A-Za-z0-9+/]{6}AAAAA',
  UUENCODED,
] as const

export const LONGEST_BEGINNING = 20

/** Matches the start of a possible run, in text as Latin-1. */
export function writtenBeginnings(): RegExp {
  return new RegExp(BEGINNINGS.join('|'), 'g')
}

/** Control words for pictures and objects of any kind in RTF. */
const IN_RTF = /\\(?:pict|objdata)\b/

const RTF = new Set(['application/rtf', 'text/rtf'])

export function isRtf(mediaType: string): boolean {
  return RTF.has(mediaType)
}

/** Text of any kind except mail, whose parts are members of their own. */
export function mayHoldWritten(mediaType: string): boolean {
  return (
    (holdsText(mediaType) && !holdsOthers(mediaType) && mediaType !== BINARY_LIST) || mediaType === DRAWING
  )
}

export const BINARY_LIST = 'application/x-bplist'
const DRAWING = 'image/svg+xml'

/** @returns null: text of this media type is not searched for pictures */
export function writtenNotice(mediaType: string, sizeBytes: number): Walk<boolean> | null {
  if (mediaType === BINARY_LIST) return hasAnyMark(sizeBytes)
  if (!mayHoldWritten(mediaType)) return null
  return has(isRtf(mediaType) ? IN_RTF : new RegExp(BEGINNINGS.join('|')), sizeBytes)
}

/** A binary property list contains its data unencoded. */
function* hasAnyMark(sizeBytes: number): Walk<boolean> {
  for (let at = 0; at < sizeBytes; ) {
    const bytes = yield { at, least: Math.min(LONGEST_BEGINNING, sizeBytes - at) }
    if (hasMark(bytes)) return true
    if (bytes.length < LONGEST_BEGINNING) return false
    at += Math.max(1, bytes.length - LONGEST_BEGINNING + 1)
  }
  return false
}

const PIECE_BYTES = 256 * 1024
const LONGEST_WIDE = 2 * LONGEST_BEGINNING

function* has(beginning: RegExp, sizeBytes: number): Walk<boolean> {
  let isWide: boolean | null = null
  for (let at = 0; at < sizeBytes; ) {
    const bytes = yield { at, least: Math.min(LONGEST_WIDE, sizeBytes - at) }
    isWide ??= isUtf16(bytes)
    for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
      const text = bytes.toString('latin1', from, from + PIECE_BYTES + LONGEST_WIDE)
      if (beginning.test(isWide ? text.replaceAll('\0', '') : text)) return true
    }
    if (bytes.length < LONGEST_WIDE) return false
    at += Math.max(1, bytes.length - LONGEST_WIDE + 1)
  }
  return false
}

/** By its mark. Letters and digits of ASCII have a zero byte each. @see RFC 2781 */
export function isUtf16(head: Buffer): boolean {
  return head.length > 1 && (head.readUInt16BE(0) === 0xfffe || head.readUInt16BE(0) === 0xfeff)
}
