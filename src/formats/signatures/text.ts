/** Recognises text and its type, from the first words, never from the name. */
import { isUtf8 } from 'node:buffer'
import type { Sample } from '../../media-types/sample.ts'
import { KIND_TEXT_SIGNATURES } from './kinds.ts'
import { looksLegacy } from './legacy-text.ts'
import { firstOf } from './structures.ts'

/** Null when the content is not text. */
export function textType({ head, sizeBytes }: Sample): string | null {
  const text = decoded(head, head.length >= sizeBytes)
  return text === null ? mailOfBytes(head) : kindOfText(text, head.length >= sizeBytes)
}

/** A mail, or a mailbox that begins with one, with a part in bytes instead of letters: its header is text. */
function mailOfBytes(head: Buffer): string | null {
  const begins = head.subarray(0, LOOKED_AT)
  const end = /\n\r?\n/.exec(begins.toString('latin1'))
  if (end === null) return null
  const header = begins.subarray(0, end.index + 1)
  if (hasControls(header) || header.includes(0)) return null
  const text = header.toString('latin1')
  return MAILBOX.test(text) ? 'application/mbox' : mailType(text)
}

// Bytes that are decoded to determine the type of text. Whether the head is text is decided from the whole head.
const LOOKED_AT = 4 * 1024

function decoded(head: Buffer, whole: boolean): string | null {
  if (head[0] === 0xff && head[1] === 0xfe) return utf16(head, false)
  if (head[0] === 0xfe && head[1] === 0xff) return utf16(head, true)
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return decoded(head.subarray(3), whole)
  if (head.includes(0)) return looksUtf16(head)
  if (hasControls(head)) return null
  if (isUtf8(whole ? head : withoutCutCharacter(head))) return head.toString('utf8', 0, LOOKED_AT)
  return looksLegacy(head) ? head.toString('latin1', 0, LOOKED_AT) : null
}

function utf16(head: Buffer, big: boolean): string | null {
  const even = head.subarray(2, Math.min(head.length, LOOKED_AT * 2) & ~1)
  const text = units(even, big)
  return badUnits(text) * 50 <= text.length ? text : null
}

/**
 * UTF-16 without a byte-order mark. In one byte order, nearly all characters must be below U+0700, without control
 * characters.
 */
function looksUtf16(head: Buffer): string | null {
  const even = head.subarray(0, Math.min(head.length, LOOKED_AT * 2) & ~1)
  if (even.length < 16 || [false, true].every((big) => hasControlUnit(even, big))) return null
  for (const big of [false, true]) {
    // The first characters reveal random bytes, so the rest is not decoded.
    if (BAD_UNIT.test(units(even.subarray(0, 256), big).replace(/[\ud800-\udbff]$/, ''))) continue
    const text = units(even, big)
    if (!BAD_UNIT.test(text) && (text.match(/[\t\n\r\x20-\u06ff]/g)?.length ?? 0) * 10 >= text.length * 9)
      return text
  }
  return null
}

function units(even: Buffer, big: boolean): string {
  return (big ? Buffer.from(even).swap16() : even).toString('utf16le')
}

/** Nearly every binary content has a control character among its first units, so this check avoids decoding. */
function hasControlUnit(even: Buffer, big: boolean): boolean {
  for (let i = 0; i < even.length && i < 128; i += 2) {
    const [high, low] = big ? [even[i]!, even[i + 1]!] : [even[i + 1]!, even[i]!]
    if (high === 0 && IS_CONTROL[low] === 1) return true
  }
  return false
}

/** Control characters that no text contains, and unpaired surrogates. */
const BAD_UNIT =
  /[\0-\x08\x0e-\x1a\x1c-\x1f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\ufffe|\uffff/
const BAD_UNITS = new RegExp(BAD_UNIT, 'g')

function badUnits(text: string): number {
  return text.match(BAD_UNITS)?.length ?? 0
}

const IS_CONTROL = Uint8Array.from({ length: 256 }, (_, byte) =>
  // Tab, line feed, vertical tab, form feed, return and escape occur in text; backspace in printed manuals.
  (byte < 0x20 && ![8, 9, 10, 11, 12, 13, 27].includes(byte)) || byte === 0x7f ? 1 : 0,
)
const CONTROLS_IN = 4096

/** Whether the first bytes contain a control character that no text of one byte a character contains. */
export function hasControls(head: Buffer): boolean {
  const end = Math.min(head.length, CONTROLS_IN)
  for (let i = 0; i < end; i++) if (IS_CONTROL[head[i]!] === 1) return true
  return false
}

function withoutCutCharacter(head: Buffer): Buffer {
  for (let back = 1; back <= 3 && back < head.length; back++) {
    const byte = head[head.length - back]!
    if (byte >= 0xc0) return head.subarray(0, head.length - back)
    if (byte < 0x80) break
  }
  return head
}

function kindOfText(text: string, whole: boolean): string {
  const start = text.slice(0, 2048).trimStart()
  for (const [sign, type] of SIGNS) if (sign.test(start)) return type
  const kind = firstOf(KIND_TEXT_SIGNATURES, text)
  if (kind !== null) return kind
  if (start.startsWith('<')) return markupType(start) ?? 'text/plain'
  return jsonType(text, whole) ?? mailType(text) ?? tableType(text, whole) ?? 'text/plain'
}

const MAILBOX = /^From \S+ [^\n]{0,120}\d\d:\d\d[^\n]{0,60}\n[A-Za-z-]+:/

const SIGNS: readonly (readonly [sign: RegExp, mediaType: string])[] = [
  [/^\{\\rtf/, 'application/rtf'],
  [/^#EXTM3U/, 'application/vnd.apple.mpegurl'],
  [/^\[playlist\]/i, 'audio/x-scpls'],
  [/^BEGIN:VCARD/i, 'text/vcard'],
  [/^BEGIN:VCALENDAR/i, 'text/calendar'],
  [/^WEBVTT(?=[\s]|$)/, 'text/vtt'],
  [/^\d+\r?\n\d\d:\d\d:\d\d,\d{3} --> /, 'application/x-subrip'],
  [/^(Windows Registry Editor Version|REGEDIT4)/, 'application/x-ms-regedit'],
  [/^\[InternetShortcut\]/i, 'application/x-mswinurl'],
  [/^#!\s*\/\S*\/(env\s+)?(ba|da|k|z)?sh\b/, 'text/x-shellscript'],
  [/^#!\s*\/\S*\/(env\s+)?python/, 'text/x-python'],
  [/^#!\s*\/\S*\/(env\s+)?perl/, 'text/x-perl'],
  [/^<\?php/i, 'text/x-php'],
  [/^\/\* XPM \*\//, 'image/x-xpixmap'],
  [/^#define \w+_width \d+/, 'image/x-xbitmap'],
  [/^solid [^\n]*\n\s*facet /, 'model/stl'],
  [MAILBOX, 'application/mbox'],
  [/^(?:%[^\n]*\n)*\\documentclass/, 'text/x-tex'],
]

const HTML =
  /^<(!doctype\s+html|html|head|body|script|title|style|table|frameset|meta|h[1-6]|p|div|iframe)\b/i
// One item at a time: a repeated group over comments would try every way to split them.
const PROLOGUE =
  /^<\?xml[^>]*\?>\s*|^<!--[\s\S]*?-->\s*|^<!doctype[^>[]*(\[[\s\S]*?\])?[^>]*>\s*|^<\?[^>]*\?>\s*/i

function markupType(start: string): string | null {
  const declared = /^<\?xml/i.test(start)
  let rest = start
  for (let i = 0; i < 20; i++) {
    if (!declared && HTML.test(rest)) return 'text/html'
    const cut = PROLOGUE.exec(rest)
    if (!cut) break
    rest = rest.slice(cut[0].length)
  }
  const root = /^<(?:[\w-]+:)?([A-Za-z][\w.-]*)/.exec(rest)?.[1]?.toLowerCase()
  switch (root) {
    case 'svg':
      return 'image/svg+xml'
    case 'xbel':
      return 'application/x-xbel+xml'
    case 'html':
      return 'application/xhtml+xml'
    case 'plist':
      return 'application/x-plist'
    case 'kml':
      return 'application/vnd.google-earth.kml+xml'
    case 'gpx':
      return 'application/gpx+xml'
    case 'rss':
      return 'application/rss+xml'
    case 'smil':
      return 'application/smil+xml'
  }
  return declared || (root !== undefined && /^<!doctype/i.test(start)) ? 'application/xml' : null
}

const JSON_START = /^[[{]\s*(["\]}]|[[{]|-?\d|true|false|null)/
const JSON_TOKENS =
  /^(?:[[\]{},:\s]|"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true|false|null)*$/

function jsonType(text: string, whole: boolean): string | null {
  const start = text.trimStart()
  if (!JSON_START.test(start)) return null
  const lines = start.split('\n', 3).map((line) => line.trim())
  if (lines.length > 1 && lines.slice(0, 2).every((line) => /^\{.*\}$|^\[.*\]$/.test(line) && isJson(line)))
    return 'application/x-ndjson'
  if (whole && text.length < LOOKED_AT) return isJson(start) ? 'application/json' : null
  // Truncated JSON: every token must be valid JSON; the last one may be truncated.
  const cut = start.slice(0, Math.max(start.lastIndexOf(',', 4096), 1))
  return JSON_TOKENS.test(cut) ? 'application/json' : null
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const MAIL_FIELDS =
  /^(received|return-path|delivered-to|from|to|cc|subject|date|message-id|mime-version|content-type|reply-to|in-reply-to|x-[a-z-]+|dkim-signature|authentication-results|arc-[a-z-]+|sender|importance|thread-[a-z]+):/i

/** A message starts with header fields: at least three that mail uses, one of them From, Received or Return-Path. */
function mailType(text: string): string | null {
  let known = 0
  let sender = false
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at)
    const line = text.slice(at, end === -1 ? text.length : end).trimEnd()
    if (line === '') break
    at = end === -1 ? text.length : end + 1
    // A folded field continues in the next line.
    if (line.startsWith(' ') || line.startsWith('\t')) continue
    if (!/^[\x21-\x39\x3b-\x7e]+:/.test(line)) return null
    if (MAIL_FIELDS.test(line)) known++
    if (/^(from|received|return-path):/i.test(line)) sender = true
  }
  return known >= 3 && sender ? 'message/rfc822' : null
}

/** Every one of the first lines has the same number of separators, outside quotes. */
function tableType(text: string, whole: boolean): string | null {
  const lines = text.split('\n', 13)
  if (!SEPARATORS.some(([separator]) => lines[0]!.includes(separator))) return null
  // The last line may be truncated by the byte limit or by the limit of this split.
  if (!whole || text.length >= LOOKED_AT || lines.length === 13) lines.pop()
  if (lines.at(-1) === '') lines.pop()
  if (lines.length < 2 || lines.some((line) => line.length > 4096)) return null
  const bare = lines.map((line) => line.replace(/"(?:[^"]|"")*"/g, ''))
  for (const [separator, type] of SEPARATORS) {
    const counts = bare.map((line) => line.split(separator).length - 1)
    const [first] = counts as [number]
    if (first > 0 && counts.every((count) => count === first) && first * lines.length >= 4) return type
  }
  return null
}

const SEPARATORS = [
  ['\t', 'text/tab-separated-values'],
  [',', 'text/csv'],
  [';', 'text/csv'],
] as const
