/**
 * Reads the decrypted database of Signal Desktop (formats/archives/signal-database.ts). The database states the
 * SHA-256 of each attachment's content, in newer versions in a separate table. The attachment files themselves are
 * encrypted.
 *
 * @see signalapp/Signal-Desktop, ts/sql/migrations (conversations, messages, message_attachments),
 *   ts/AttachmentCrypto (plaintextHash)
 */
import { field, jsonOf, objectIn, objectsIn, textIn, wholeIn } from '../../bytes/json-values.ts'
import { millisecondTime } from '../../bytes/times.ts'
import { textOf, wholeOf } from '../../sqlite/row-values.ts'
import { column, type NamedRow, type Tables } from '../../sqlite/sqlite-tables.ts'
import {
  type ChatCall,
  type ChatMedia,
  type ChatMessage,
  type ChatReader,
  Conversations,
} from '../common/chat-store.ts'
import { personOf } from '../common/persons.ts'
import { hasColumns, isMilliseconds, liveRows } from '../common/rows.ts'

/** The program writes all other types: calls, changed keys, changed groups. */
const WRITTEN: readonly unknown[] = ['incoming', 'outgoing']
const ATTACHED = 'attachment'

export const signalDesktop: ChatReader = (tables) => {
  const isOne =
    hasColumns(tables, 'messages', ['id', 'json', 'conversationid', 'type', 'sent_at']) &&
    hasColumns(tables, 'conversations', ['id', 'json', 'type'])
  if (!isOne) return null
  const persons = personsIn(tables)
  const own = ownOf(tables)
  const conversations = new Conversations()
  for (const row of liveRows(tables, 'conversations')) {
    const key = textOf(row, 'id')
    if (key === undefined) continue
    conversations.named(key, textOf(row, 'name') ?? textOf(row, 'profilefullname') ?? textOf(row, 'e164'))
    if (column(row, 'type') === 'private') conversations.with(key, persons.get(key))
    else
      for (const id of (textOf(row, 'members') ?? '').split(' '))
        if (id !== '' && !own.has(id)) conversations.with(key, persons.get(id) ?? id)
  }
  for (const row of liveRows(tables, 'messages')) {
    const key = textOf(row, 'conversationid')
    if (key !== undefined && column(row, 'type') === 'incoming')
      conversations.with(key, senderOf(row, persons))
  }
  return {
    program: 'signal-desktop',
    conversations: conversations.all(),
    messages: messages(tables, persons),
    calls: calls(tables, persons),
  }
}

type Persons = ReadonlyMap<string, string>

/** Persons by every identifier that a row may use. */
function personsIn(tables: Tables): Persons {
  const persons = new Map<string, string>()
  for (const row of liveRows(tables, 'conversations')) {
    if (column(row, 'type') !== 'private') continue
    const service = textOf(row, 'serviceid') ?? textOf(row, 'uuid')
    const ids = [textOf(row, 'e164'), service, textOf(row, 'id')].filter((one) => one !== undefined)
    const names = [textOf(row, 'name'), textOf(row, 'profilefullname') ?? textOf(row, 'profilename')]
    const [first] = ids
    if (first === undefined) continue
    const person = personOf(first, [...names, service])
    for (const id of ids) persons.set(id, person)
  }
  return persons
}

/** Identifiers of this account: `uuid_id` and `number_id`, without the device number at their end. */
function ownOf(tables: Tables): ReadonlySet<string> {
  const own = new Set<string>()
  for (const row of liveRows(tables, 'items')) {
    const id = column(row, 'id')
    if (id !== 'uuid_id' && id !== 'number_id') continue
    const value = textIn(objectIn(jsonOf(column(row, 'json'))), 'value')
    if (value !== undefined) own.add(value.replace(/\.\d+$/, ''))
  }
  return own
}

function senderOf(row: NamedRow, persons: Persons): string | undefined {
  const service = textOf(row, 'sourceserviceid') ?? textOf(row, 'sourceuuid')
  const number = textOf(row, 'source')
  const known = [service, number].find((id) => id !== undefined && persons.has(id))
  return known === undefined ? (number ?? service) : persons.get(known)
}

function* messages(tables: Tables, persons: Persons): Generator<ChatMessage> {
  const tabled = attachmentsBy(tables)
  const isOne = (get: (name: string) => unknown) =>
    isMilliseconds(get('sent_at')) && typeof get('id') === 'string' && typeof get('type') === 'string'
  for (const row of tables.rowsOf(tables.get('messages')!, isOne, ['id'])) {
    const type = column(row, 'type')
    if (!WRITTEN.includes(type)) continue
    const said = objectIn(jsonOf(column(row, 'json')))
    const fromMe = type === 'outgoing'
    const of = {
      conversation: textOf(row, 'conversationid') ?? null,
      sender: fromMe ? null : (senderOf(row, persons) ?? null),
      fromMe,
      when: millisecondTime(column(row, 'sent_at')),
      status: row.status,
    }
    const text = textOf(row, 'body') ?? textIn(said, 'body') ?? null
    if (text !== null) yield { ...of, text, media: null }
    const listed = objectsIn(field(said, 'attachments')).map((one) =>
      mediaOf((name) => textIn(one, name), wholeIn(one, 'size')),
    )
    const attached = listed.length > 0 ? listed : (tabled.get(textOf(row, 'id') ?? '') ?? [])
    for (const media of attached) yield { ...of, text: null, media }
  }
}

function* calls(tables: Tables, persons: Persons): Generator<ChatCall> {
  const table = tables.get('callshistory')
  if (table === null) return
  const chats = new Map<string, string>()
  for (const row of liveRows(tables, 'conversations'))
    for (const name of ['id', 'serviceid', 'uuid', 'groupid']) {
      const [id, key] = [textOf(row, name), textOf(row, 'id')]
      if (id !== undefined && key !== undefined) chats.set(id, key)
    }
  const isOne = (get: (name: string) => unknown) =>
    isMilliseconds(get('timestamp')) && typeof get('peerid') === 'string' && typeof get('callid') === 'string'
  for (const row of tables.rowsOf(table, isOne, ['callid', 'peerid'])) {
    const peer = textOf(row, 'peerid') ?? ''
    const direction = column(row, 'direction')
    const fromMe = direction === 'Outgoing' ? true : direction === 'Incoming' ? false : undefined
    // In a group call, the person who rang.
    const person = persons.get(peer) ?? persons.get(textOf(row, 'ringerid') ?? '') ?? null
    yield {
      conversation: chats.get(peer) ?? peer,
      sender: fromMe === true ? null : person,
      receiver: fromMe === true ? person : null,
      fromMe,
      when: millisecondTime(column(row, 'timestamp')),
      isVideo: column(row, 'type') === 'Video' || undefined,
      status: row.status,
    }
  }
}

function attachmentsBy(tables: Tables): ReadonlyMap<string, readonly ChatMedia[]> {
  const by = new Map<string, ChatMedia[]>()
  for (const row of liveRows(tables, 'message_attachments')) {
    const message = textOf(row, 'messageid')
    if (message === undefined || column(row, 'attachmenttype') !== ATTACHED) continue
    const media = mediaOf((name) => textOf(row, name.toLowerCase()), wholeOf(row, 'size'))
    const others = by.get(message)
    if (others === undefined) by.set(message, [media])
    else others.push(media)
  }
  return by
}

function mediaOf(text: (name: string) => string | undefined, sizeBytes: number | undefined): ChatMedia {
  const hash = text('plaintextHash')
  return {
    path: text('path')?.replaceAll('\\', '/'),
    name: text('fileName'),
    mediaType: text('contentType'),
    sizeBytes,
    sha256: hash !== undefined && /^[0-9a-f]{64}$/.test(hash) ? hash : undefined,
  }
}
