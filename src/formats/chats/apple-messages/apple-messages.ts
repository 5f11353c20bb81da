/**
 * Reads messages of iOS and macOS (`sms.db`, `chat.db`): SMS, MMS and iMessage. Newer systems store the text only in
 * an archive of attributed text.
 *
 * @see iLEAPP, "sms"; imessage-exporter, docs/tables
 */

import { cocoaTime } from '../../bytes/times.ts'
import { flagOf, textOf, wholeOf } from '../../sqlite/row-values.ts'
import { column, type NamedRow, type Tables } from '../../sqlite/sqlite-tables.ts'
import {
  type ChatMedia,
  type ChatMessage,
  type ChatReader,
  Conversations,
  countingUnread,
} from '../common/chat-store.ts'
import { hasColumns, isFlag, liveRows, textsBy } from '../common/rows.ts'

export const appleMessages: ChatReader = (tables) => {
  if (!hasColumns(tables, 'message', ['handle_id', 'is_from_me', 'date'])) return null
  const handles = textsBy(tables, 'handle', 'rowid', 'id')
  const chats = new Map<unknown, string>()
  const conversations = new Conversations()
  for (const row of liveRows(tables, 'chat')) {
    const key = textOf(row, 'guid') ?? textOf(row, 'chat_identifier')
    if (key === undefined) continue
    chats.set(column(row, 'rowid'), key)
    conversations.named(key, textOf(row, 'display_name') ?? textOf(row, 'chat_identifier'))
  }
  for (const row of liveRows(tables, 'chat_handle_join')) {
    const key = chats.get(column(row, 'chat_id'))
    if (key !== undefined) conversations.with(key, handles.get(column(row, 'handle_id')))
  }
  return {
    program: 'apple-messages',
    conversations: conversations.all(),
    ...countingUnread((lost) => messages(tables, handles, chats, lost)),
  }
}

function* messages(
  tables: Tables,
  handles: ReadonlyMap<unknown, string>,
  chats: ReadonlyMap<unknown, string>,
  lost: () => void,
): Generator<ChatMessage> {
  const chatOf = new Map<unknown, string>()
  for (const name of ['chat_message_join', 'chat_recoverable_message_join'])
    for (const row of liveRows(tables, name)) {
      const key = chats.get(column(row, 'chat_id'))
      if (key !== undefined) chatOf.set(column(row, 'message_id'), key)
    }
  const media = attachments(tables)
  const isOne = (get: (name: string) => unknown) =>
    isFlag(get('is_from_me')) && timeOf(get('date')) !== null && typeof get('guid') === 'string'
  for (const row of tables.rowsOf(tables.get('message')!, isOne, ['guid'])) {
    const id = column(row, 'rowid')
    const fromMe = flagOf(row, 'is_from_me')
    const handle = handles.get(column(row, 'handle_id')) ?? null
    const archive = column(row, 'attributedbody')
    const text = textOf(row, 'text') ?? (Buffer.isBuffer(archive) ? archivedText(archive) : null)
    if (text === null && Buffer.isBuffer(archive) && archive.length > 0) lost()
    const of = {
      conversation: (row.status === 'live' ? chatOf.get(id) : undefined) ?? handle,
      sender: fromMe === false ? handle : null,
      receiver: fromMe ? handle : null,
      fromMe,
      when: timeOf(column(row, 'date')),
      status: row.status,
    }
    const attached = row.status === 'live' ? (media.get(id) ?? []) : []
    if (text !== null) yield { ...of, text, media: null }
    for (const one of attached) yield { ...of, text: null, media: one }
  }
}

function attachments(tables: Tables): ReadonlyMap<unknown, readonly ChatMedia[]> {
  const byId = new Map<unknown, ChatMedia>()
  for (const row of liveRows(tables, 'attachment')) byId.set(column(row, 'rowid'), mediaOf(row))
  const byMessage = new Map<unknown, readonly ChatMedia[]>()
  for (const row of liveRows(tables, 'message_attachment_join')) {
    const one = byId.get(column(row, 'attachment_id'))
    const message = column(row, 'message_id')
    if (one) byMessage.set(message, [...(byMessage.get(message) ?? []), one])
  }
  return byMessage
}

function mediaOf(row: NamedRow): ChatMedia {
  return {
    path: textOf(row, 'filename'),
    name: textOf(row, 'transfer_name'),
    mediaType: textOf(row, 'mime_type'),
    sizeBytes: wholeOf(row, 'total_bytes'),
  }
}

/** Seconds since 2001 up to iOS 10; nanoseconds in later versions. */
function timeOf(value: unknown) {
  const number = typeof value === 'bigint' ? Number(value) : value
  if (typeof number !== 'number' || number <= 0) return null
  return cocoaTime(number > NANOSECONDS_FROM ? number / 1e9 : number)
}

const NANOSECONDS_FROM = 1e12
const STRING_CLASS = Buffer.from('NSString')
const INLINE = 0x2b
const WORD = 0x81
const LONG = 0x82

/**
 * Text of an archived attributed string (`streamtyped`). A few bytes, a plus sign, the length and the text follow the
 * class name. Any other form gives null.
 */
function archivedText(archive: Buffer): string | null {
  const named = archive.indexOf(STRING_CLASS)
  if (named < 0) return null
  const from = named + STRING_CLASS.length
  const plus = archive.subarray(from, from + 8).indexOf(INLINE)
  if (plus < 0) return null
  const at = from + plus + 1
  if (at + 5 > archive.length) return null
  const first = archive[at]!
  const [length, begin] =
    first === WORD
      ? [archive.readUInt16LE(at + 1), at + 3]
      : first === LONG
        ? [archive.readUInt32LE(at + 1), at + 5]
        : [first, at + 1]
  if (first > LONG || length === 0 || begin + length > archive.length) return null
  return archive.toString('utf8', begin, begin + length)
}
