/**
 * Recognises exported chats: lists of objects with text and sender, tables with such columns, and lines that start
 * with a time and a name. An unrecognised chat stays plain text, so no text is lost.
 */
import { MAX_DEPTH, type TextMessage } from '../documents/text-extractor.ts'

/** Most specific first; compared without case, `_` and `-`. */
const TEXT_KEYS = ['text', 'body', 'content', 'message', 'messagetext', 'textdata', 'msg', 'data', 'snippet']
const SENDER_KEYS = [
  'sendername',
  'sender',
  'from',
  'author',
  'fromname',
  'user',
  'username',
  'name',
  'nick',
  'fromid',
  'senderid',
  'fromme',
  'isfromme',
  'keyfromme',
  'address',
  'handle',
  'handleid',
  'number',
]

/** Fewer than two messages are not a conversation. */
const LEAST_MESSAGES = 2

/** Messages of every list inside a JSON value, in order. */
export function messagesInJson(value: unknown): TextMessage[] {
  const found: TextMessage[] = []
  const visit = (at: unknown, depth: number) => {
    if (depth > MAX_DEPTH || typeof at !== 'object' || at === null) return
    if (Array.isArray(at)) {
      const messages = at.flatMap(messageOf)
      if (messages.length >= LEAST_MESSAGES && messages.length * 2 >= at.length) {
        for (const message of messages) found.push(message)
        return
      }
    }
    for (const inner of Object.values(at)) visit(inner, depth + 1)
  }
  visit(value, 0)
  return found
}

function messageOf(value: unknown): TextMessage[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  const row = value as Readonly<Record<string, unknown>>
  const text = wordsOf(pick(row, TEXT_KEYS, (v) => wordsOf(v) !== ''))
  const sender = pick(row, SENDER_KEYS, (v) => nameOf(v) !== '')
  return text === '' || sender === undefined
    ? []
    : [{ sender: repaired(nameOf(sender)), text: repaired(text) }]
}

/** Messages from the rows of a table or a database. */
export function messagesInRows(rows: readonly Readonly<Record<string, unknown>>[]): TextMessage[] {
  const messages = rows.flatMap(messageOf)
  return messages.length >= LEAST_MESSAGES ? messages : []
}

function pick(
  row: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  fits: (value: unknown) => boolean,
): unknown {
  const plain = new Map(
    Object.entries(row).map(([key, value]) => [key.toLowerCase().replace(/[_\-\s]/g, ''), value]),
  )
  return keys
    .map((key) => plain.get(key))
    .find((value) => value !== undefined && value !== null && fits(value))
}

/** A text may be an array of parts, plain strings or objects with a `text` (Telegram's export). */
function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return ''
  return value
    .map((piece: unknown) =>
      typeof piece === 'string'
        ? piece
        : typeof piece === 'object' && piece !== null && 'text' in piece && typeof piece.text === 'string'
          ? piece.text
          : '',
    )
    .join('')
}

function nameOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value)
  if (typeof value !== 'object' || value === null) return ''
  const row = value as Readonly<Record<string, unknown>>
  return (
    ['name', 'username', 'display_name', 'displayName', 'id']
      .map((key) => row[key])
      .map((v) => (typeof v === 'string' || typeof v === 'number' ? String(v) : ''))
      .find((v) => v !== '') ?? ''
  )
}

const LATIN1_ONLY = /^[\0-\u00ff]*$/
const UTF8_AS_LATIN1 = /[\u00c2-\u00f4][\u0080-\u00bf]/

/** Facebook and Instagram write the UTF-8 bytes as Latin-1 characters. */
function repaired(text: string): string {
  if (!UTF8_AS_LATIN1.test(text) || !LATIN1_ONLY.test(text)) return text
  const again = Buffer.from(text, 'latin1').toString('utf8')
  return again.includes('\ufffd') ? text : again
}

// WhatsApp: `12/01/2026, 14:03 - Name: words` or `[12.01.26, 14:03:22] Name: words`; IRC: `[14:03] <nick> words`.
const LINES: readonly RegExp[] = [
  /^[\u200e\u200f]?\[?\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? \d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[\s\u202f]?[apAP]\.?[mM]\.?)?\]?(?: -)? ([^:\n]{1,80}): (.*)$/u,
  /^(?:\[?\d{1,2}:\d{2}(?::\d{2})?\]? )?<[ @+]?([^>\n]{1,40})> (.*)$/u,
]
const LINE_SHARE = 0.3

/** Empty when the lines are not a chat. A line without time and name continues the message before it. */
export function messagesInLines(text: string): TextMessage[] {
  const lines = text.split('\n')
  for (const form of LINES) {
    const messages: { sender: string; text: string }[] = []
    let heads = 0
    for (const line of lines) {
      const head = form.exec(line.trimEnd())
      if (head) {
        heads++
        messages.push({ sender: head[1]!.trim(), text: head[2]! })
      } else if (messages.length > 0 && line.trim() !== '') messages.at(-1)!.text += `\n${line.trimEnd()}`
    }
    if (heads >= LEAST_MESSAGES + 1 && heads >= lines.length * LINE_SHARE) return messages
  }
  return []
}
