/**
 * Decodes bytes in any encoding: byte-order mark, UTF-8, UTF-16 without a mark, then statistics.
 *
 * Single-byte encodings cannot be distinguished with certainty. chardet knows the common ones, but neither Baltic nor
 * DOS encodings. Windows-1257 is therefore checked by letters of Lithuanian and Latvian, and code page 866 by the
 * code ranges of its Cyrillic letters.
 */
import { isUtf8 } from 'node:buffer'
import { analyse } from 'chardet'
import iconv from 'iconv-lite'
import { looksCodePage866 } from '../signatures/legacy-text.ts'

export interface DecodedText {
  readonly text: string
  readonly encoding: string
}

/** The statistics are stable long before this many bytes. */
const SAMPLE_BYTES = 64 * 1024

/** Encodings whose tables iconv-lite reads from disk at the first use, and one whose tables are in the same place. */
const READ_LATE = [
  'windows-1252',
  'shift_jis',
  'euc-jp',
  'cp936',
  'gbk',
  'gb18030',
  'cp949',
  'cp950',
  'big5hkscs',
]

/**
 * Called before a child process gives up root: the program may be in a folder that other users cannot read (0.2 s of
 * CPU, 15 MB).
 */
export function prepareEncodings(): void {
  for (const encoding of READ_LATE) iconv.getDecoder(encoding)
}

/**
 * @param declared encoding stated in the content (HTTP-EQUIV, XML declaration); used when the bytes do not contradict
 *   it
 */
export function decodeText(bytes: Buffer, declared?: string): DecodedText {
  const marked = byMark(bytes)
  if (marked) return marked
  const sixteen = utf16WithoutMark(bytes)
  if (sixteen) return decoded(bytes, sixteen)
  if (isUtf8(bytes) || isUtf8(cutAtCharacter(bytes))) return decoded(bytes, 'utf-8')
  if (declared !== undefined && !/^utf-?(8|16)/i.test(declared) && iconv.encodingExists(declared))
    return decoded(bytes, declared.toLowerCase())
  return decoded(bytes, singleByte(bytes.subarray(0, SAMPLE_BYTES)))
}

function byMark(bytes: Buffer): DecodedText | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return decoded(bytes.subarray(3), 'utf-8')
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return bytes[2] === 0 && bytes[3] === 0 && bytes.length % 4 === 0
      ? decoded(bytes.subarray(4), 'utf-32le')
      : decoded(bytes.subarray(2), 'utf-16le')
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decoded(bytes.subarray(2), 'utf-16be')
  return null
}

function decoded(bytes: Buffer, encoding: string): DecodedText {
  return { text: iconv.decode(bytes, encoding), encoding }
}

/**
 * UTF-16 without a mark. In running text, one byte of each pair gives the script and varies little (zero for Latin, 3
 * for Greek, 4 for Cyrillic, 9 for Bengali). The other byte varies a lot.
 */
function utf16WithoutMark(bytes: Buffer): string | null {
  const sample = bytes.subarray(0, Math.min(bytes.length, 4096) & ~1)
  if (sample.length < 8) return null
  const counts = [new Uint32Array(256), new Uint32Array(256)] as const
  for (let i = 0; i < sample.length; i++) counts[(i & 1) as 0 | 1][sample[i]!]!++
  const pairs = sample.length / 2
  const scriptShare = (side: 0 | 1) =>
    [0, 1, 3, 4, 5, 6, 9, 0x20].reduce((sum, byte) => sum + counts[side][byte]!, 0) / pairs
  const distinct = (side: 0 | 1) => counts[side].filter((count) => count > 0).length
  const controls = bytes.includes(0)
  if (!controls) return null
  if (scriptShare(1) > 0.9 && distinct(1) < distinct(0)) return 'utf-16le'
  if (scriptShare(0) > 0.9 && distinct(0) < distinct(1)) return 'utf-16be'
  return null
}

/** UTF-8 with a truncated last character is still UTF-8. */
function cutAtCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3 && back < bytes.length; back++) {
    if (bytes[bytes.length - back]! >= 0xc0) return bytes.subarray(0, bytes.length - back)
    if (bytes[bytes.length - back]! < 0x80) break
  }
  return bytes
}

/** Below this confidence (0–100) a guess is worse than the most common encoding. */
const LEAST_CONFIDENCE = 20
const FALLBACK = 'windows-1252'

function singleByte(sample: Buffer): string {
  if (looksCodePage866(sample)) return 'cp866'
  if (looksBaltic(sample)) return 'windows-1257'
  const best = analyse(sample).find(
    ({ name, confidence }) =>
      confidence >= LEAST_CONFIDENCE && iconv.encodingExists(name) && !/^utf/i.test(name),
  )
  if (!best) return FALLBACK
  // Content declared as Latin-1 is Windows-1252 in practice (WHATWG Encoding Standard, 4.2).
  return best.name === 'ISO-8859-1' ? FALLBACK : best.name.toLowerCase()
}

// ą č ę ė į š ų ū ž, their capitals and the Latvian ā ē ģ ī ķ ļ ņ ŗ. In Windows-1252 most of these codes rarely occur
// together.
const BALTIC = new Set([
  0xe0, 0xe8, 0xe6, 0xeb, 0xe1, 0xf0, 0xf8, 0xfb, 0xfe, 0xc0, 0xc8, 0xc6, 0xcb, 0xc1, 0xd0, 0xd8, 0xdb, 0xde,
  0xe2, 0xe7, 0xec, 0xee, 0xed, 0xef, 0xf2, 0x84, 0x93, 0x94, 0x96, 0xab, 0xbb,
])
/**
 * ė š ų ū ž in place of ë ð ø û þ: Windows-1252 text with two of the latter (Icelandic, French) also contains é, ó or
 * ö.
 */
const TELLING = [0xeb, 0xf0, 0xf8, 0xfb, 0xfe]
/** The code of a capital in Windows-1257 is lower than its small letter by this value. */
const CASE = 0x20

function looksBaltic(sample: Buffer): boolean {
  let [high, baltic] = [0, 0]
  const seen = new Set<number>()
  for (const byte of sample) {
    if (byte < 0x80) continue
    high++
    if (BALTIC.has(byte)) baltic++
    const small = byte < 0xe0 ? byte + CASE : byte
    if (TELLING.includes(small)) seen.add(small)
  }
  return high >= 4 && baltic / high > 0.97 && high / sample.length < 0.25 && seen.size >= 2
}
