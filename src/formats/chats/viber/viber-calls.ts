/**
 * Reads calls of Viber on Android (`viber_data`).
 *
 * @see ALEAPP, "Viber"; plaso, sqlite_plugins/android_viber_call.py
 */

import { millisecondTime } from '../../bytes/times.ts'
import { textOf, wholeOf } from '../../sqlite/row-values.ts'
import { column, type Tables } from '../../sqlite/sqlite-tables.ts'
import type { ChatCall, ChatReader } from '../common/chat-store.ts'
import { hasColumns, isMilliseconds } from '../common/rows.ts'

/** Types as in Android's call log; any other type is an unanswered call. */
const RECEIVED = 1
const MADE = 2
const VIDEO = 4

export const viberCalls: ChatReader = (tables) =>
  hasColumns(tables, 'calls', ['number', 'date', 'duration', 'type', 'viber_call_type'])
    ? { program: 'viber', conversations: new Map(), messages: [], calls: calls(tables) }
    : null

function* calls(tables: Tables): Generator<ChatCall> {
  const isOne = (get: (name: string) => unknown) =>
    isMilliseconds(get('date')) && typeof get('number') === 'string' && Number.isInteger(get('type'))
  for (const row of tables.rowsOf(tables.get('calls')!, isOne, ['date', 'number', 'type'])) {
    const person = textOf(row, 'number') ?? null
    const type = column(row, 'type')
    const fromMe = type === MADE ? true : type === RECEIVED ? false : undefined
    yield {
      conversation: person,
      sender: fromMe === true ? null : person,
      receiver: fromMe === true ? person : null,
      fromMe,
      when: millisecondTime(column(row, 'date')),
      seconds: wholeOf(row, 'duration'),
      isVideo: column(row, 'viber_call_type') === VIDEO || undefined,
      status: row.status,
    }
  }
}
