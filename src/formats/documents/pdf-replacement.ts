/**
 * Finds replacement text of a PDF (`/ActualText`): text to be copied instead of the drawn glyphs. For Bengali,
 * Devanagari and similar scripts, office programs store the letters only there. pdf.js reports where such a span
 * starts and ends, but not its text. The content streams are therefore searched for it. The marks of a stream must
 * equal the marks of the page from pdf.js, one for one, before their text is used.
 *
 * @see ISO 32000-1, 7.8.2 (content streams), 14.6 (marked content), 14.9.4 (replacement text)
 */
import { inflateSync } from 'node:zlib'

/** A mark at the start of marked content: BMC or BDC. */
export interface Mark {
  readonly tag: string
  /** Null: no replacement text. */
  readonly replacement: string | null
}

const STREAM = Buffer.from('stream')
const END = Buffer.from('endstream')
const WANTED = Buffer.from('/ActualText')

/**
 * Marks of each content stream with replacement text, in file order.
 * @param mostBytes limit for the unpacked bytes of all streams together
 */
export function markedStreams(file: Buffer, mostBytes: number): readonly (readonly Mark[])[] {
  const found: (readonly Mark[])[] = []
  let left = mostBytes
  for (let at = file.indexOf(STREAM); at !== -1; ) {
    let start = at + STREAM.length
    if (file[start] === 0x0d) start++
    if (file[start] === 0x0a) start++
    const end = file.indexOf(END, start)
    if (end === -1) break
    const content = unpacked(file.subarray(start, end), left)
    left -= content.length
    if (content.includes(WANTED)) found.push(marksOf(content.toString('latin1')))
    at = file.indexOf(STREAM, end + END.length)
  }
  return found
}

/** Empty for another compression, damaged data, or data over the limit. */
function unpacked(bytes: Buffer, most: number): Buffer {
  if (most <= 0) return Buffer.alloc(0)
  try {
    return inflateSync(bytes, { maxOutputLength: most })
  } catch {
    return bytes.length <= most && bytes.includes(WANTED) ? bytes : Buffer.alloc(0)
  }
}

/** The first stream with the same marks as the page; null when there is none. */
export function marksLike(
  streams: readonly (readonly Mark[])[],
  tags: readonly string[],
): readonly Mark[] | null {
  const key = tags.join(' ')
  return streams.find((marks) => marks.map(({ tag }) => tag).join(' ') === key) ?? null
}

// Strings (with nested brackets), dictionaries, names, comments, and words (including operators).
const TOKEN =
  /\((?:\\[\s\S]|[^\\()])*\)?|<<|>>|<[0-9A-Fa-f\s]*>|\/[^\s()<>[\]{}/%]*|%[^\r\n]*|[^\s()<>[\]{}/%]+|[\s\S]/g
const MOST_MARKS = 200_000

/** @param content latin1 */
export function marksOf(content: string): readonly Mark[] {
  const marks: Mark[] = []
  let [tag, replacement, depth, wants] = ['', null as string | null, 0, false]
  for (const [token] of content.matchAll(TOKEN)) {
    if (token === '<<') depth++
    else if (token === '>>') depth = Math.max(0, depth - 1)
    else if (token[0] === '/') {
      if (depth === 0 && tag === '') tag = nameOf(token)
      wants = depth > 0 && token === '/ActualText'
    } else if (token[0] === '(' || (token[0] === '<' && token.length > 1)) {
      if (wants) replacement = textOf(token)
      wants = false
    } else if (/^[A-Za-z'"*]/.test(token)) {
      // Every operator ends the operands before it.
      if (token === 'BMC' || token === 'BDC') marks.push({ tag, replacement })
      if (marks.length >= MOST_MARKS) break
      if (depth === 0) [tag, replacement] = ['', null]
    }
  }
  return marks
}

/** ISO 32000-1, 7.3.5: `#20` is a space. */
function nameOf(token: string): string {
  return token
    .slice(1)
    .replace(/#([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}

/** A PDF string as text: UTF-16 when it has the byte-order mark, else latin1. */
function textOf(token: string): string {
  const bytes =
    token[0] === '<'
      ? Buffer.from(token.slice(1, -1).replace(/\s/g, ''), 'hex')
      : Buffer.from(unescaped(token.slice(1, token.endsWith(')') ? -1 : undefined)), 'latin1')
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return bytes
      .subarray(2, 2 + 2 * ((bytes.length - 2) >> 1))
      .swap16()
      .toString('utf16le')
  return bytes.toString('latin1')
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

function unescaped(text: string): string {
  return text.replace(/\\([0-7]{1,3}|\r\n|[\s\S])/g, (_, code: string) =>
    /^[0-7]/.test(code)
      ? String.fromCharCode(Number.parseInt(code, 8) & 0xff)
      : /^[\r\n]/.test(code)
        ? ''
        : (ESCAPES[code] ?? code),
  )
}
