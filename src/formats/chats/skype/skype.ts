/**
 * Reads Skype: `main.db` of the desktop up to version 7, and `live*.db` of Android.
 *
 * @see IPED, SkypeParser; ALEAPP, "skype"
 */

import { millisecondTime, secondTime } from '../../bytes/times.ts'
import { flagOf, textOf, wholeOf } from '../../sqlite/row-values.ts'
import { column, type NamedRow, type Tables } from '../../sqlite/sqlite-tables.ts'
import { type ChatCall, type ChatMessage, type ChatReader, Conversations } from '../common/chat-store.ts'
import { hasColumns, isFlag, isMilliseconds, isSeconds, liveRows, textsBy } from '../common/rows.ts'
import { skypeCalls, skypeSms, smsKeyOf } from './skype-calls.ts'

const PROGRAM = 'skype'
/** Types written by a person: text, an action, text with a picture. Other types report joins and calls. */
const WRITTEN: readonly unknown[] = [61, 60, 201]
const RECEIVED = 1
const SENT = 2

export const skypeDesktop: ChatReader = (tables) => {
  if (!hasColumns(tables, 'messages', ['author', 'body_xml', 'timestamp'])) return null
  const own = new Set(textsBy(tables, 'accounts', 'skypename', 'skypename').values())
  const conversations = new Conversations()
  const keys = textsBy(tables, 'conversations', 'id', 'identity')
  for (const [id, name] of textsBy(tables, 'conversations', 'id', 'displayname'))
    conversations.named(keys.get(id) ?? String(id), name)
  const persons = new Map<string, Set<string>>()
  const takesPart = (key: string | undefined, person: string | undefined) => {
    if (key === undefined || person === undefined || own.has(person)) return
    conversations.with(key, person)
    persons.set(key, (persons.get(key) ?? new Set()).add(person))
  }
  for (const row of liveRows(tables, 'participants'))
    takesPart(keys.get(column(row, 'convo_id')), textOf(row, 'identity'))
  for (const row of liveRows(tables, 'smses')) takesPart(smsKeyOf(row), textOf(row, 'target_numbers'))
  for (const row of liveRows(tables, 'messages')) {
    takesPart(conversationOf(row, keys), textOf(row, 'author'))
    takesPart(conversationOf(row, keys), textOf(row, 'dialog_partner'))
  }
  return {
    program: PROGRAM,
    conversations: conversations.all(),
    messages: desktopMessages(tables, own, keys),
    calls: skypeCalls(tables, keys),
  }
}

function conversationOf(row: NamedRow, keys: ReadonlyMap<unknown, string>): string | undefined {
  return keys.get(column(row, 'convo_id')) ?? textOf(row, 'chatname')
}

function* desktopMessages(
  tables: Tables,
  own: ReadonlySet<string>,
  keys: ReadonlyMap<unknown, string>,
): Generator<ChatMessage> {
  const isOne = (get: (name: string) => unknown) =>
    isSeconds(get('timestamp')) && typeof get('author') === 'string' && typeof get('body_xml') === 'string'
  const same = ['author', 'timestamp', 'convo_id']
  for (const row of tables.rowsOf(tables.get('messages')!, isOne, same)) {
    const author = textOf(row, 'author')
    const words = textOf(row, 'body_xml')
    if (author === undefined || words === undefined || !WRITTEN.includes(column(row, 'type'))) continue
    // Without a row for the own account, the direction is unknown.
    const fromMe = own.size === 0 ? undefined : own.has(author)
    yield {
      conversation: conversationOf(row, keys) ?? null,
      sender: fromMe === true ? null : author,
      receiver: fromMe ? (textOf(row, 'dialog_partner') ?? null) : null,
      fromMe,
      when: secondTime(column(row, 'timestamp')),
      text: plainWords(words),
      media: null,
      status: row.status,
    }
  }
  yield* skypeSms(tables)
  const transfers = tables.get('transfers')
  if (!transfers) return
  const isTransfer = (get: (name: string) => unknown) =>
    isSeconds(get('starttime')) && typeof get('filename') === 'string'
  for (const row of tables.rowsOf(transfers, isTransfer, ['starttime', 'filename'])) {
    const type = column(row, 'type')
    const fromMe = type === SENT ? true : type === RECEIVED ? false : undefined
    const partner = textOf(row, 'partner_handle') ?? null
    const size = Number(column(row, 'filesize') ?? Number.NaN)
    yield {
      conversation: keys.get(column(row, 'convo_id')) ?? partner,
      sender: fromMe === false ? partner : null,
      receiver: fromMe ? partner : null,
      fromMe,
      when: secondTime(column(row, 'finishtime')) ?? secondTime(column(row, 'starttime')),
      text: null,
      media: {
        path: textOf(row, 'filepath'),
        name: textOf(row, 'filename'),
        sizeBytes: wholeOf(row, 'filesize') ?? (Number.isSafeInteger(size) && size >= 0 ? size : undefined),
      },
      status: row.status,
    }
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function plainWords(xml: string): string {
  return xml
    .replace(/<[^<>]{0,2000}>/g, '')
    .replace(/&(amp|lt|gt|quot|apos);/g, (_all, name: string) => ENTITIES[name]!)
}

/** A call, which contains no text. */
const CALL = 3

export const skypeAndroid: ChatReader = (tables) => {
  if (!hasColumns(tables, 'chatitem', ['conversation_link', 'content', 'time', 'is_sender_me'])) return null
  const conversations = new Conversations()
  for (const row of liveRows(tables, 'person')) {
    const id = textOf(row, 'entry_id')
    const names = [textOf(row, 'first_name'), textOf(row, 'last_name')].filter((one) => one !== undefined)
    if (id !== undefined)
      conversations.named(id, names.length === 0 ? undefined : names.join(' ')).with(id, id)
  }
  // The misspelling is Skype's own.
  for (const row of liveRows(tables, 'particiapnt')) {
    const key = textOf(row, 'conversation_id')
    if (key !== undefined) conversations.with(key, textOf(row, 'person_id'))
  }
  return {
    program: PROGRAM,
    conversations: conversations.all(),
    messages: androidMessages(tables),
    calls: androidCalls(tables),
  }
}

function* androidItems(tables: Tables): Generator<NamedRow> {
  const isOne = (get: (name: string) => unknown) =>
    isMilliseconds(get('time')) && isFlag(get('is_sender_me')) && typeof get('conversation_link') === 'string'
  yield* tables.rowsOf(tables.get('chatitem')!, isOne, ['conversation_link', 'time', 'is_sender_me'])
}

function sidesOf(row: NamedRow) {
  const conversation = textOf(row, 'conversation_link') ?? null
  const fromMe = flagOf(row, 'is_sender_me')
  // A chat of two persons. Groups have identifiers of another form (19:…).
  const other = conversation?.startsWith('8:') ? conversation : null
  return {
    conversation,
    sender: fromMe === false ? (textOf(row, 'person_id') ?? other) : null,
    receiver: fromMe ? other : null,
    fromMe,
    when: millisecondTime(column(row, 'time')),
    status: row.status,
  }
}

function* androidCalls(tables: Tables): Generator<ChatCall> {
  for (const row of androidItems(tables))
    if (column(row, 'message_type') === CALL) yield { ...sidesOf(row), seconds: wholeOf(row, 'duration') }
}

function* androidMessages(tables: Tables): Generator<ChatMessage> {
  for (const row of androidItems(tables)) {
    const text = textOf(row, 'content')
    const path = textOf(row, 'device_gallery_path')
    if (column(row, 'message_type') === CALL || (text === undefined && path === undefined)) continue
    yield {
      ...sidesOf(row),
      text: text === undefined ? null : plainWords(text),
      media: path === undefined ? null : { path },
    }
  }
}
