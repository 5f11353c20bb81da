/**
 * Reads Telegram on Android (`cache4.db`). Columns contain date, chat and direction. The text is in a message of
 * Telegram's type language, whose layout changes with every version. In all versions the text follows the date, which
 * the row repeats. A valid UTF-8 string behind that number is taken as the text; otherwise the text is reported as
 * unread. Files are not read.
 *
 * @see core.telegram.org/schema (message, peerUser, string); ALEAPP, "telegramAndroid"
 */

import { secondTime } from '../../bytes/times.ts'
import { flagOf, textOf } from '../../sqlite/row-values.ts'
import { column, type Tables } from '../../sqlite/sqlite-tables.ts'
import { type ChatMessage, type ChatReader, Conversations, countingUnread } from '../common/chat-store.ts'
import { namesOf, personOf } from '../common/persons.ts'
import { hasColumns, isFlag, isSeconds, liveRows } from '../common/rows.ts'

const TABLES = ['messages_v2', 'messages'] as const
const PEER_USER = 0x59511722
const PEERS_OF_GROUPS: readonly number[] = [0x36c6019a, 0xa2a5371e]
const SERVICE: readonly number[] = [0x2b085862, 0x9e19a1f6, 0x7a800e0a, 0xd3d28540]
/** Searched bytes at the start of a message; other peers follow. */
const MOST_HEAD = 40

export const telegram: ChatReader = (tables) => {
  const table = TABLES.find((name) => hasColumns(tables, name, ['mid', 'uid', 'date', 'data', 'out']))
  if (table === undefined) return null
  const conversations = new Conversations()
  const users = new Map<string, string>()
  for (const row of liveRows(tables, 'users')) {
    const id = String(column(row, 'uid'))
    // "first last;;;user name"
    const names = textOf(row, 'name')?.split(';;;') ?? []
    users.set(id, personOf(id, names))
    conversations.named(id, namesOf(id, names)).with(id, users.get(id))
  }
  for (const row of liveRows(tables, 'chats'))
    conversations.named(`-${String(column(row, 'uid'))}`, textOf(row, 'name'))
  return {
    program: 'telegram',
    conversations: conversations.all(),
    ...countingUnread((lost) => messages(tables, table, users, lost)),
  }
}

function* messages(
  tables: Tables,
  table: string,
  users: ReadonlyMap<string, string>,
  lost: () => void,
): Generator<ChatMessage> {
  const isOne = (get: (name: string) => unknown) =>
    isSeconds(get('date')) &&
    Buffer.isBuffer(get('data')) &&
    isFlag(get('out')) &&
    Number.isInteger(get('mid'))
  for (const row of tables.rowsOf(tables.get(table)!, isOne, ['mid', 'uid'])) {
    const data = column(row, 'data')
    const date = column(row, 'date')
    if (!Buffer.isBuffer(data) || typeof date !== 'number') continue
    if (data.length >= 4 && SERVICE.includes(data.readUInt32LE(0))) continue
    const conversation = String(column(row, 'uid'))
    const text = wordsAfter(data, date)
    if (text === null) lost()
    const fromMe = flagOf(row, 'out')
    const other = conversation.startsWith('-') ? null : (users.get(conversation) ?? conversation)
    const by = senderOf(data)
    yield {
      conversation,
      sender: fromMe === false ? (other ?? (by === null ? null : (users.get(by) ?? by))) : null,
      receiver: fromMe ? other : null,
      fromMe,
      when: secondTime(date),
      text: text === '' ? null : text,
      media: null,
      status: row.status,
    }
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** A string of the type language: one byte of length (or 254 and three), the text, zeros up to a multiple of four. */
function wordsAfter(data: Buffer, date: number): string | null {
  const needle = Buffer.alloc(4)
  needle.writeUInt32LE(date)
  for (let at = data.indexOf(needle); at >= 0; at = data.indexOf(needle, at + 1)) {
    const from = at + 4
    if (from + 4 > data.length) return null
    const isLong = data[from] === 254
    const length = isLong ? data.readUIntLE(from + 1, 3) : data[from]!
    const begin = from + (isLong ? 4 : 1)
    const end = begin + length
    const padded = from + Math.ceil((end - from) / 4) * 4
    if (data[from] === 255 || padded > data.length) continue
    if (data.subarray(end, padded).some((byte) => byte !== 0)) continue
    try {
      const text = UTF8.decode(data.subarray(begin, end))
      if (!NO_LETTER.test(text)) return text
    } catch {
      // Not UTF-8: the number matched by chance.
    }
  }
  return null
}

const NO_LETTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/

/** The sender of a group message; null when the message does not have the current form. */
function senderOf(data: Buffer): string | null {
  for (let at = 12; at + 16 <= Math.min(data.length, MOST_HEAD); at += 4)
    if (data.readUInt32LE(at) === PEER_USER && PEERS_OF_GROUPS.includes(data.readUInt32LE(at + 12)))
      return String(data.readBigInt64LE(at + 4))
  return null
}
