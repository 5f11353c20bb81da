/**
 * Kik: Android (`*.kikDatabase.db`) and iOS (`kik.sqlite`).
 *
 * @see ALEAPP, "kikMessenger"; iLEAPP, "kikMessages"
 */

import { cocoaTime, millisecondTime } from '../../bytes/times.ts'
import { flagOf, textOf } from '../../sqlite/row-values.ts'
import { column, type Tables } from '../../sqlite/sqlite-tables.ts'
import { type ChatMessage, type ChatReader, Conversations } from '../common/chat-store.ts'
import { hasColumns, isFlag, isMilliseconds, liveRows, textsBy } from '../common/rows.ts'

const PROGRAM = 'kik'

export const kikAndroid: ChatReader = (tables) => {
  if (!hasColumns(tables, 'messagestable', ['body', 'partner_jid', 'was_me', 'timestamp'])) return null
  const conversations = new Conversations()
  for (const row of liveRows(tables, 'kikcontactstable')) {
    const jid = textOf(row, 'jid')
    if (jid !== undefined) conversations.named(jid, textOf(row, 'display_name') ?? textOf(row, 'user_name'))
  }
  for (const row of liveRows(tables, 'messagestable')) {
    const partner = textOf(row, 'partner_jid')
    if (partner !== undefined && !isGroup(partner))
      conversations.with(textOf(row, 'bin_id') ?? partner, partner)
  }
  return { program: PROGRAM, conversations: conversations.all(), messages: messages(tables) }
}

function* messages(tables: Tables): Generator<ChatMessage> {
  // Separate rows contain the names of attachments: one row for each property.
  const names = new Map<unknown, string>()
  for (const row of liveRows(tables, 'kikcontenttable')) {
    const value = textOf(row, 'content_string')
    if (value !== undefined && column(row, 'content_name') === 'file-name')
      names.set(column(row, 'content_id'), value)
  }
  const isOne = (get: (name: string) => unknown) =>
    isMilliseconds(get('timestamp')) && isFlag(get('was_me')) && typeof get('partner_jid') === 'string'
  const same = ['partner_jid', 'was_me', 'timestamp']
  for (const row of tables.rowsOf(tables.get('messagestable')!, isOne, same)) {
    const partner = textOf(row, 'partner_jid') ?? null
    const person = partner !== null && !isGroup(partner) ? partner : null
    const fromMe = flagOf(row, 'was_me')
    const text = textOf(row, 'body') ?? null
    // The cache stores the picture under this name.
    const content = textOf(row, 'content_id')
    if (text === null && content === undefined) continue
    yield {
      conversation: textOf(row, 'bin_id') ?? partner,
      sender: fromMe === false ? person : null,
      receiver: fromMe ? person : null,
      fromMe,
      when: millisecondTime(column(row, 'timestamp')),
      text,
      media: content === undefined ? null : { path: `chatPicsBig/${content}`, name: names.get(content) },
      status: row.status,
    }
  }
}

function isGroup(jid: string): boolean {
  return jid.endsWith('@groups.kik.com')
}

/** ZTYPE of a message between two persons and in a group; true: sent by this account. */
const TYPES: ReadonlyMap<unknown, boolean> = new Map([
  [1, false],
  [2, true],
  [3, false],
  [4, true],
])

export const kikApple: ChatReader = (tables) => {
  if (!hasColumns(tables, 'zkikmessage', ['zbody', 'ztimestamp', 'ztype'])) return null
  const names = textsBy(tables, 'zkikuser', 'z_pk', 'zjid')
  const users = names.size > 0 ? names : textsBy(tables, 'zkikuser', 'z_pk', 'zusername')
  const conversations = new Conversations()
  for (const row of liveRows(tables, 'zkikmessage'))
    conversations.with(keyOf(column(row, 'zuser')), users.get(column(row, 'zuser')))
  for (const [id, name] of textsBy(tables, 'zkikuser', 'z_pk', 'zdisplayname'))
    conversations.named(keyOf(id), name)
  return { program: PROGRAM, conversations: conversations.all(), messages: appleMessages(tables, users) }
}

function* appleMessages(tables: Tables, users: ReadonlyMap<unknown, string>): Generator<ChatMessage> {
  const media = textsBy(tables, 'zkikattachment', 'zmessage', 'zcontent')
  const isOne = (get: (name: string) => unknown) =>
    cocoaTime(get('ztimestamp')) !== null && TYPES.has(get('ztype'))
  for (const row of tables.rowsOf(tables.get('zkikmessage')!, isOne, ['ztimestamp', 'ztype', 'zuser'])) {
    const fromMe = TYPES.get(column(row, 'ztype'))
    const text = textOf(row, 'zbody') ?? null
    const path = row.status === 'live' ? media.get(column(row, 'z_pk')) : undefined
    if (fromMe === undefined || (text === null && path === undefined)) continue
    const user = users.get(column(row, 'zuser')) ?? null
    yield {
      conversation: keyOf(column(row, 'zuser')),
      sender: fromMe ? null : user,
      receiver: fromMe ? user : null,
      fromMe,
      when: cocoaTime(column(row, 'ztimestamp')),
      text,
      media: path === undefined ? null : { path: `data_cache/${path}` },
      status: row.status,
    }
  }
}

function keyOf(user: unknown): string {
  return `user ${String(user)}`
}
