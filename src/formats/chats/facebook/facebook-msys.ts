/**
 * Reads Facebook Messenger since 2020 on every system (`msys_database_*`, `lightspeed-*.db`, `fb-msys-*.db`).
 * End-to-end encrypted chats are in separate tables; their text is stored unencrypted, and persons are keys of this
 * database. Older secret conversations (`secure_messages`) are stored encrypted.
 *
 * @see ALEAPP, "FacebookMessenger"; iLEAPP, "facebookMessenger"
 */

import { millisecondTime } from '../../bytes/times.ts'
import { textOf, wholeOf } from '../../sqlite/row-values.ts'
import { column, type NamedRow, type Tables } from '../../sqlite/sqlite-tables.ts'
import {
  type ChatCall,
  type ChatMedia,
  type ChatMessage,
  type ChatReader,
  type ChatStore,
  Conversations,
  countingUnread,
} from '../common/chat-store.ts'
import { personOf } from '../common/persons.ts'
import { hasColumns, isMilliseconds, liveRows, textsBy } from '../common/rows.ts'

export const facebookMsys: ChatReader = (tables) => {
  const isOne = hasColumns(tables, 'messages', ['thread_key', 'sender_id', 'timestamp_ms', 'message_id'])
  if (!isOne || !tables.has('contacts')) return null
  const account = accountIn(tables)
  return {
    // Instagram has some of the same tables.
    program: 'facebook-msys',
    conversations: conversationsIn(tables, account),
    ...countingUnread((lost) => all(tables, account, lost)),
    calls: calls(tables, account),
  }
}

interface Account {
  readonly own: string | undefined
  readonly person: (id: string) => string
  readonly isKnown: (id: string) => boolean
  /** Account id for a key of the end-to-end encrypted chats. */
  readonly byKey: (key: unknown) => string
}

function accountIn(tables: Tables): Account {
  const persons = new Map<string, string>()
  for (const row of liveRows(tables, 'contacts')) {
    const id = String(column(row, 'id'))
    persons.set(id, personOf(id, [textOf(row, 'name'), textOf(row, 'username')]))
  }
  const keys = new Map<string, string>()
  for (const row of liveRows(tables, 'fb_transport_contacts'))
    keys.set(String(column(row, 'client_contact_pk')), String(column(row, 'server_contact_id')))
  const [user] = [...liveRows(tables, '_user_info')]
  const own = user === undefined ? undefined : column(user, 'facebook_user_id')
  return {
    own: own === undefined || own === null ? undefined : String(own),
    person: (id) => persons.get(id) ?? id,
    isKnown: (id) => persons.has(id),
    byKey: (key) => keys.get(String(key)) ?? String(key),
  }
}

function conversationsIn(
  tables: Tables,
  { own, person, isKnown, byKey }: Account,
): ChatStore['conversations'] {
  const conversations = new Conversations()
  const takesPart = (key: string, id: unknown) => {
    if (id !== null && id !== undefined && String(id) !== own) conversations.with(key, person(String(id)))
  }
  for (const row of liveRows(tables, 'threads')) {
    const thread = String(column(row, 'thread_key'))
    conversations.named(keyOf(thread), textOf(row, 'thread_name'))
    // A chat of two persons has the number of the other account.
    if (!isKnown(thread)) continue
    conversations.named(keyOf(thread), person(thread))
    takesPart(keyOf(thread), thread)
  }
  for (const row of liveRows(tables, 'participants'))
    takesPart(keyOf(column(row, 'thread_key')), column(row, 'contact_id'))
  for (const row of liveRows(tables, 'messages'))
    takesPart(keyOf(column(row, 'thread_key')), column(row, 'sender_id'))
  for (const row of liveRows(tables, 'client_messages'))
    takesPart(encryptedKeyOf(column(row, 'thread_pk')), byKey(column(row, 'sender_contact_pk')))
  return conversations.all()
}

function keyOf(thread: unknown): string {
  return `thread ${String(thread)}`
}

function encryptedKeyOf(thread: unknown): string {
  return `encrypted thread ${String(thread)}`
}

function* all(tables: Tables, account: Account, lost: () => void): Generator<ChatMessage> {
  const media = attachmentsBy(tables, 'attachments', 'message_id', () => undefined)
  const isOne = (get: (name: string) => unknown) =>
    isMilliseconds(get('timestamp_ms')) && typeof get('message_id') === 'string'
  for (const row of tables.rowsOf(tables.get('messages')!, isOne, ['message_id'])) {
    if (column(row, 'is_admin_message') === 1) continue
    const of = common(
      row,
      keyOf(column(row, 'thread_key')),
      column(row, 'sender_id'),
      'timestamp_ms',
      account,
    )
    yield* parts(of, row, media.get(String(column(row, 'message_id'))) ?? [])
  }
  yield* encrypted(tables, account)
  for (const row of liveRows(tables, 'secure_messages')) {
    lost()
    yield {
      ...common(row, keyOf(column(row, 'thread_key')), column(row, 'sender_id'), 'timestamp_ms', account),
      text: null,
      media: null,
    }
  }
}

function* encrypted(tables: Tables, account: Account): Generator<ChatMessage> {
  const table = tables.get('client_messages')
  if (table === null) return
  const paths = textsBy(tables, 'client_attachment_store_keys', 'content_token', 'persisted_path')
  const media = attachmentsBy(tables, 'client_attachments', 'message_pk', (row) =>
    paths.get(column(row, 'content_token')),
  )
  const isOne = (get: (name: string) => unknown) =>
    isMilliseconds(get('display_ts_ms')) && Number.isInteger(get('thread_pk'))
  const same = ['thread_pk', 'sender_contact_pk', 'display_ts_ms']
  for (const row of tables.rowsOf(table, isOne, same)) {
    const by = account.byKey(column(row, 'sender_contact_pk'))
    const key = encryptedKeyOf(column(row, 'thread_pk'))
    // Row numbers of deleted rows may be reused.
    const attached = row.status === 'live' ? (media.get(String(column(row, 'pk'))) ?? []) : []
    yield* parts(common(row, key, by, 'display_ts_ms', account), row, attached)
  }
}

function* parts(of: Common, row: NamedRow, attached: readonly ChatMedia[]): Generator<ChatMessage> {
  const text = textOf(row, 'text') ?? null
  if (text !== null) yield { ...of, text, media: null }
  for (const media of attached) yield { ...of, text: null, media }
}

type Common = Omit<ChatMessage, 'text' | 'media'>

function common(row: NamedRow, conversation: string, by: unknown, time: string, account: Account): Common {
  const id = by === null || by === undefined ? undefined : String(by)
  // Without a row that identifies this account, the direction is unknown.
  const fromMe = account.own === undefined || id === undefined ? undefined : id === account.own
  return {
    conversation,
    sender: fromMe === true || id === undefined ? null : account.person(id),
    fromMe,
    when: millisecondTime(column(row, time)),
    status: row.status,
  }
}

const MADE = 1
const RECEIVED = 2
const VIDEO = 2

function* calls(tables: Tables, { isKnown, person: personOfId }: Account): Generator<ChatCall> {
  const table = tables.get('call_log')
  if (table === null) return
  const isOne = (get: (name: string) => unknown) =>
    isMilliseconds(get('call_timestamp_ms')) && Number.isInteger(get('call_direction'))
  for (const row of tables.rowsOf(table, isOne, ['thread_key', 'call_timestamp_ms'])) {
    const thread = String(column(row, 'thread_key'))
    const direction = column(row, 'call_direction')
    const fromMe = direction === MADE ? true : direction === RECEIVED ? false : undefined
    const person = isKnown(thread) ? personOfId(thread) : null
    yield {
      conversation: keyOf(thread),
      sender: fromMe === true ? null : person,
      receiver: fromMe === true ? person : null,
      fromMe,
      when: millisecondTime(column(row, 'call_timestamp_ms')),
      seconds: wholeOf(row, 'call_duration'),
      isVideo: column(row, 'call_media_type') === VIDEO || undefined,
      status: row.status,
    }
  }
}

function attachmentsBy(
  tables: Tables,
  name: string,
  message: string,
  pathOf: (row: NamedRow) => string | undefined,
): ReadonlyMap<string, readonly ChatMedia[]> {
  const by = new Map<string, ChatMedia[]>()
  for (const row of liveRows(tables, name)) {
    const media = {
      path: pathOf(row),
      name: textOf(row, 'filename'),
      mediaType: textOf(row, 'playable_url_mime_type') ?? textOf(row, 'preview_url_mime_type'),
      sizeBytes: wholeOf(row, 'filesize'),
    }
    // Links, locations and calls are attachments too, but not files.
    if (media.path === undefined && media.name === undefined && media.mediaType === undefined) continue
    const key = String(column(row, message))
    const others = by.get(key)
    if (others === undefined) by.set(key, [media])
    else others.push(media)
  }
  return by
}
