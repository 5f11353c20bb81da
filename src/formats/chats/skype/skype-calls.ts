/**
 * Reads calls and SMS of Skype (`main.db`). A call is a row, with one more row for each participant. SMS are in a
 * separate table.
 *
 * @see plaso, sqlite_plugins/skype.py; Skype Desktop API Reference, "SMS"
 */

import { secondTime } from '../../bytes/times.ts'
import { textOf, wholeOf } from '../../sqlite/row-values.ts'
import { column, type NamedRow, type Tables } from '../../sqlite/sqlite-tables.ts'
import type { ChatCall, ChatMessage } from '../common/chat-store.ts'
import { isSeconds, liveRows } from '../common/rows.ts'

const WITH_VIDEO = 3
const RECEIVED = 1
const SENT = 2

/** @param keys of conversations, by number */
export function* skypeCalls(tables: Tables, keys: ReadonlyMap<unknown, string>): Generator<ChatCall> {
  const calls = new Map<
    unknown,
    { readonly incoming: unknown; readonly chat: unknown; readonly at: unknown }
  >()
  for (const row of liveRows(tables, 'calls'))
    calls.set(column(row, 'id'), {
      incoming: column(row, 'is_incoming'),
      chat: column(row, 'conv_dbid'),
      at: column(row, 'begin_timestamp'),
    })
  const table = tables.get('callmembers')
  if (table === null) return
  const isOne = (get: (name: string) => unknown) =>
    isSeconds(get('start_timestamp')) &&
    typeof get('identity') === 'string' &&
    Number.isInteger(get('call_db_id'))
  for (const row of tables.rowsOf(table, isOne, ['identity', 'call_db_id', 'start_timestamp'])) {
    const person = textOf(row, 'identity')
    const call = calls.get(column(row, 'call_db_id'))
    if (person === undefined) continue
    const fromMe = call?.incoming === 0 ? true : call?.incoming === 1 ? false : undefined
    yield {
      conversation: keys.get(call?.chat) ?? person,
      sender: fromMe === true ? null : person,
      receiver: fromMe === true ? person : null,
      fromMe,
      when: secondTime(call?.at) ?? secondTime(column(row, 'start_timestamp')),
      seconds: wholeOf(row, 'call_duration'),
      isVideo: column(row, 'videostatus') === WITH_VIDEO || undefined,
      status: row.status,
    }
  }
}

export function smsKeyOf(row: NamedRow): string | undefined {
  const numbers = textOf(row, 'target_numbers')
  return numbers === undefined ? undefined : `SMS ${numbers}`
}

export function* skypeSms(tables: Tables): Generator<ChatMessage> {
  const table = tables.get('smses')
  if (table === null) return
  const isOne = (get: (name: string) => unknown) =>
    isSeconds(get('timestamp')) && typeof get('target_numbers') === 'string'
  for (const row of tables.rowsOf(table, isOne, ['timestamp', 'target_numbers'])) {
    const numbers = textOf(row, 'target_numbers')
    const text = textOf(row, 'body')
    if (numbers === undefined || text === undefined) continue
    const type = column(row, 'type')
    const fromMe = type === SENT ? true : type === RECEIVED ? false : undefined
    yield {
      conversation: smsKeyOf(row)!,
      sender: fromMe === false ? numbers : null,
      receiver: fromMe === true ? numbers : null,
      fromMe,
      when: secondTime(column(row, 'timestamp')),
      text,
      media: null,
      status: row.status,
    }
  }
}
