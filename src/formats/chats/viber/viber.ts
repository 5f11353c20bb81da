/**
 * Reads Viber on Android (`viber_messages`).
 *
 * @see ALEAPP, "Viber"
 */

import { millisecondTime } from '../../bytes/times.ts'
import { textOf } from '../../sqlite/row-values.ts'
import { column, type Tables } from '../../sqlite/sqlite-tables.ts'
import { type ChatMessage, type ChatReader, Conversations } from '../common/chat-store.ts'
import { hasColumns, isFlag, isMilliseconds, liveRows, textsBy } from '../common/rows.ts'

export const viber: ChatReader = (tables) => {
  if (!hasColumns(tables, 'messages', ['conversation_id', 'participant_id', 'msg_date', 'body'])) return null
  const numbers = textsBy(tables, 'participants_info', '_id', 'number')
  const own = ownOf(tables)
  const conversations = new Conversations()
  const persons = new Map<unknown, string>()
  for (const row of liveRows(tables, 'participants')) {
    const info = column(row, 'participant_info_id')
    const number = numbers.get(info)
    if (number === undefined) continue
    persons.set(column(row, '_id'), number)
    if (!own.has(info)) conversations.with(keyOf(column(row, 'conversation_id')), number)
  }
  for (const [id, name] of textsBy(tables, 'conversations', '_id', 'name'))
    conversations.named(keyOf(id), name)
  const all = conversations.all()
  return { program: 'viber', conversations: all, messages: messages(tables, persons) }
}

/** The senders of the messages sent from this device. */
function ownOf(tables: Tables): ReadonlySet<unknown> {
  const infoOf = new Map<unknown, unknown>()
  for (const row of liveRows(tables, 'participants'))
    infoOf.set(column(row, '_id'), column(row, 'participant_info_id'))
  const own = new Set<unknown>()
  for (const row of liveRows(tables, 'messages'))
    if (column(row, 'send_type') === 1) own.add(infoOf.get(column(row, 'participant_id')))
  return own
}

function* messages(tables: Tables, persons: ReadonlyMap<unknown, string>): Generator<ChatMessage> {
  const isOne = (get: (name: string) => unknown) =>
    isMilliseconds(get('msg_date')) && isFlag(get('send_type')) && Number.isInteger(get('conversation_id'))
  const same = ['conversation_id', 'msg_date', 'send_type']
  for (const row of tables.rowsOf(tables.get('messages')!, isOne, same)) {
    const sent = column(row, 'send_type')
    const fromMe = sent === 1 ? true : sent === 0 ? false : undefined
    const text = textOf(row, 'body') ?? null
    const path = textOf(row, 'extra_uri')
    if (text === null && path === undefined) continue
    yield {
      conversation: keyOf(column(row, 'conversation_id')),
      sender: fromMe === false ? (persons.get(column(row, 'participant_id')) ?? null) : null,
      fromMe,
      when: millisecondTime(column(row, 'msg_date')),
      text,
      media: path === undefined ? null : { path },
      status: row.status,
    }
  }
}

function keyOf(conversation: unknown): string {
  return `conversation ${String(conversation)}`
}
