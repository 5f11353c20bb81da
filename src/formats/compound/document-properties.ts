/** Reads title, subject, keywords and comments that a person entered (SummaryInformation). @see MS-OLEPS 2.20–2.21 */
import iconv from 'iconv-lite'
import { encodingOf } from '../bytes/code-page.ts'
import type { CompoundFile } from './compound-file.ts'

const CODE_PAGE = 1
/** PIDSI_TITLE, SUBJECT, KEYWORDS, COMMENTS (MS-OLEPS 3.1.1). */
const WRITTEN_BY_HAND = [2, 3, 5, 6]
const VT_I2 = 2
const VT_LPSTR = 30
const VT_LPWSTR = 31
const MAX_PROPERTIES = 1000

export function documentProperties(file: CompoundFile): readonly string[] {
  const bytes = file.stream('\u0005SummaryInformation')?.bytes
  if (!bytes || bytes.length < 48) return []
  const start = bytes.readUInt32LE(44)
  if (start + 8 > bytes.length) return []
  const set = bytes.subarray(start)
  const count = Math.min(set.readUInt32LE(4), MAX_PROPERTIES)
  const offsets = new Map<number, number>()
  for (let i = 0; i < count && 16 + i * 8 <= set.length; i++)
    offsets.set(set.readUInt32LE(8 + i * 8), set.readUInt32LE(12 + i * 8))
  const encoding = encodingOf(codePageAt(set, offsets.get(CODE_PAGE)))
  return WRITTEN_BY_HAND.map((id) => textAt(set, offsets.get(id), encoding)).filter((text) => text !== '')
}

function codePageAt(set: Buffer, at: number | undefined): number {
  if (at === undefined || at + 6 > set.length || set.readUInt32LE(at) !== VT_I2) return 1252
  return set.readUInt16LE(at + 4)
}

function textAt(set: Buffer, at: number | undefined, encoding: string): string {
  if (at === undefined || at + 8 > set.length) return ''
  const [type, length] = [set.readUInt32LE(at), set.readUInt32LE(at + 4)]
  if (type !== VT_LPSTR && type !== VT_LPWSTR) return ''
  const [bytes, as] =
    type === VT_LPWSTR || encoding === 'utf-16le'
      ? [length * (type === VT_LPWSTR ? 2 : 1), 'utf-16le']
      : [length, encoding]
  return iconv
    .decode(set.subarray(at + 8, at + 8 + bytes), as)
    .replace(/\0.*$/s, '')
    .trim()
}
