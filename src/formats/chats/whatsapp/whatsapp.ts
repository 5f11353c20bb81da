/**
 * Reads WhatsApp: Android before and after the schema change (2022), and iOS. Media rows contain the SHA-256 of the
 * unencrypted file.
 *
 * @see ALEAPP and iLEAPP, WhatsApp artifacts
 */

import { cocoaTime, millisecondTime } from '../../bytes/times.ts'
import { flagOf, textOf, wholeOf } from '../../sqlite/row-values.ts'
import { column, type NamedRow, type Tables } from '../../sqlite/sqlite-tables.ts'
import { type ChatMedia, type ChatMessage, type ChatReader, Conversations } from '../common/chat-store.ts'
import { hasColumns, isFlag, isMilliseconds, liveRows, textsBy } from '../common/rows.ts'

const PROGRAM = 'whatsapp'
/** A change of the group, of a number or of keys; no person wrote it. */
const SYSTEM = 7

const OLD = ['key_remote_jid', 'key_from_me', 'timestamp']
/** Status of older messages that the program wrote. */
const OLD_SYSTEM = 6

/** During the schema change, databases had both tables, with messages in one of them. */
function holdsMore(tables: Tables, one: string, other: string): boolean {
  const [first, second] = [liveRows(tables, one), liveRows(tables, other)]
  for (;;) {
    if (second.next().done) return !first.next().done
    if (first.next().done) return false
  }
}

export const whatsappAndroid: ChatReader = (tables) => {
  if (!hasColumns(tables, 'message', ['chat_row_id', 'from_me', 'timestamp'])) return null
  if (hasColumns(tables, 'messages', OLD) && holdsMore(tables, 'messages', 'message')) return null
  const addresses = textsBy(tables, 'jid', '_id', 'raw_string')
  const conversations = new Conversations()
  const keys = new Map<unknown, string>()
  for (const row of liveRows(tables, 'chat')) {
    const address = addresses.get(column(row, 'jid_row_id'))
    if (address === undefined) continue
    keys.set(column(row, '_id'), address)
    conversations.named(address, textOf(row, 'subject'))
    if (!isGroup(address)) conversations.with(address, address)
  }
  for (const row of liveRows(tables, 'group_participant_user')) {
    const group = addresses.get(column(row, 'group_jid_row_id'))
    if (group !== undefined) conversations.with(group, addresses.get(column(row, 'user_jid_row_id')))
  }
  return {
    program: PROGRAM,
    conversations: conversations.all(),
    messages: newMessages(tables, addresses, keys),
  }
}

function* newMessages(
  tables: Tables,
  addresses: ReadonlyMap<unknown, string>,
  keys: ReadonlyMap<unknown, string>,
): Generator<ChatMessage> {
  const media = new Map<unknown, ChatMedia>()
  const table = tables.get('message_media')
  const lost: ChatMedia[] = []
  if (table)
    for (const row of tables.rowsOf(table, (get) => digestOf(get('file_hash')) !== undefined)) {
      // The message of a deleted media row may be gone, or its number reused.
      if (row.status === 'live') media.set(column(row, 'message_row_id'), mediaOf(row))
      else lost.push(mediaOf(row))
    }
  const isOne = (get: (name: string) => unknown) =>
    isMilliseconds(get('timestamp')) && isFlag(get('from_me')) && keys.has(get('chat_row_id'))
  const message = tables.get('message')!
  for (const row of tables.rowsOf(message, isOne, ['chat_row_id', 'from_me', 'timestamp'])) {
    const id = column(row, '_id')
    const one = row.status === 'live' ? (media.get(id) ?? null) : null
    media.delete(id)
    const text = textOf(row, 'text_data') ?? null
    if (column(row, 'message_type') === SYSTEM) continue
    const conversation = keys.get(column(row, 'chat_row_id')) ?? null
    const fromMe = flagOf(row, 'from_me')
    const sender = addresses.get(column(row, 'sender_jid_row_id'))
    yield {
      conversation,
      sender: fromMe === false ? (sender ?? personal(conversation)) : null,
      receiver: fromMe ? personal(conversation) : null,
      fromMe,
      when: millisecondTime(column(row, 'timestamp')),
      text,
      media: one,
      status: row.status,
    }
  }
  yield* unattached([...media.values()], 'live')
  yield* unattached(lost, 'deleted')
}

/** Media without a message. */
function* unattached(media: readonly ChatMedia[], status: 'live' | 'deleted'): Generator<ChatMessage> {
  for (const one of media)
    yield { conversation: null, sender: null, fromMe: undefined, when: null, text: null, media: one, status }
}

function mediaOf(row: NamedRow): ChatMedia {
  return {
    path: textOf(row, 'file_path'),
    name: textOf(row, 'media_name'),
    mediaType: textOf(row, 'mime_type'),
    sizeBytes: wholeOf(row, 'file_size'),
    sha256: digestOf(column(row, 'file_hash')),
  }
}

export const whatsappAndroidOld: ChatReader = (tables) => {
  if (!hasColumns(tables, 'messages', OLD)) return null
  const conversations = new Conversations()
  const subjects = [...textsBy(tables, 'chat_list', 'key_remote_jid', 'subject')]
  for (const [key, subject] of subjects) if (typeof key === 'string') conversations.named(key, subject)
  const messages = tables.get('messages')!
  // Only the messages state the members; a group message names its author.
  for (const row of tables.rowsOf(messages)) {
    const key = textOf(row, 'key_remote_jid')
    if (key === undefined || !isAddress(key)) continue
    conversations.with(key, isGroup(key) ? textOf(row, 'remote_resource') : key)
  }
  return { program: PROGRAM, conversations: conversations.all(), messages: oldMessages(tables) }
}

function* oldMessages(tables: Tables): Generator<ChatMessage> {
  const isOne = (get: (name: string) => unknown) =>
    isMilliseconds(get('timestamp')) && isFlag(get('key_from_me')) && isAddress(get('key_remote_jid'))
  const same = ['key_remote_jid', 'key_from_me', 'timestamp']
  for (const row of tables.rowsOf(tables.get('messages')!, isOne, same)) {
    const conversation = textOf(row, 'key_remote_jid') ?? null
    if (column(row, 'status') === OLD_SYSTEM || !isAddress(conversation)) continue
    const fromMe = flagOf(row, 'key_from_me')
    const sha256 = digestOf(column(row, 'media_hash'))
    const text = textOf(row, 'data') ?? null
    const caption = textOf(row, 'media_caption') ?? null
    if (text === null && caption === null && sha256 === undefined && textOf(row, 'media_name') === undefined)
      continue
    const name = textOf(row, 'media_name')
    yield {
      conversation,
      sender: fromMe === false ? (textOf(row, 'remote_resource') ?? personal(conversation)) : null,
      receiver: fromMe ? personal(conversation) : null,
      fromMe,
      when: millisecondTime(column(row, 'timestamp')),
      text: text ?? caption,
      media:
        sha256 === undefined && name === undefined
          ? null
          : {
              name,
              mediaType: textOf(row, 'media_mime_type'),
              sizeBytes: wholeOf(row, 'media_size'),
              sha256,
            },
      status: row.status,
    }
  }
}

export const whatsappApple: ChatReader = (tables) => {
  if (!hasColumns(tables, 'zwamessage', ['zisfromme', 'zmessagedate'])) return null
  const conversations = new Conversations()
  const keys = new Map<unknown, string>()
  for (const row of liveRows(tables, 'zwachatsession')) {
    const address = textOf(row, 'zcontactjid')
    if (address === undefined) continue
    keys.set(column(row, 'z_pk'), address)
    conversations.named(address, textOf(row, 'zpartnername'))
    if (!isGroup(address)) conversations.with(address, address)
  }
  const members = new Map<unknown, string>()
  for (const row of liveRows(tables, 'zwagroupmember')) {
    const member = textOf(row, 'zmemberjid')
    const group = keys.get(column(row, 'zchatsession'))
    if (member === undefined) continue
    members.set(column(row, 'z_pk'), member)
    if (group !== undefined) conversations.with(group, member)
  }
  return {
    program: PROGRAM,
    conversations: conversations.all(),
    messages: appleMessages(tables, keys, members),
  }
}

function* appleMessages(
  tables: Tables,
  keys: ReadonlyMap<unknown, string>,
  members: ReadonlyMap<unknown, string>,
): Generator<ChatMessage> {
  const media = new Map<unknown, ChatMedia>()
  for (const row of liveRows(tables, 'zwamediaitem'))
    media.set(column(row, 'zmessage'), {
      path: textOf(row, 'zmedialocalpath'),
      mediaType: textOf(row, 'zvcardstring'),
      sizeBytes: wholeOf(row, 'zfilesize'),
      sha256: digestOf(column(row, 'zvcardname')),
    })
  const isOne = (get: (name: string) => unknown) =>
    isFlag(get('zisfromme')) && cocoaTime(get('zmessagedate')) !== null
  const same = ['zisfromme', 'zmessagedate', 'ztext']
  for (const row of tables.rowsOf(tables.get('zwamessage')!, isOne, same)) {
    const fromMe = flagOf(row, 'zisfromme')
    const other = textOf(row, fromMe ? 'ztojid' : 'zfromjid') ?? null
    const text = textOf(row, 'ztext') ?? null
    const one = row.status === 'live' ? (media.get(column(row, 'z_pk')) ?? null) : null
    const known = one !== null && (one.path ?? one.sha256) !== undefined ? one : null
    if (text === null && known === null) continue
    const conversation = keys.get(column(row, 'zchatsession')) ?? other
    yield {
      conversation,
      sender:
        fromMe === false
          ? (members.get(column(row, 'zgroupmember')) ?? personal(other) ?? personal(conversation))
          : null,
      receiver: fromMe ? personal(conversation) : null,
      fromMe,
      when: cocoaTime(column(row, 'zmessagedate')),
      text,
      media: known,
      status: row.status,
    }
  }
}

function isGroup(address: string): boolean {
  return address.endsWith('@g.us') || address.endsWith('@broadcast')
}

/** In a conversation of two persons, the other person wrote every message that this account did not write. */
function personal(address: string | null): string | null {
  return address === null || isGroup(address) ? null : address
}

function isAddress(value: unknown): boolean {
  return typeof value === 'string' && /^[\w.+-]+@[\w.-]+$/.test(value)
}

/** Base64 of 32 bytes, as lower-case hex. */
function digestOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]{43}=?$/.test(value)) return undefined
  return Buffer.from(value, 'base64').toString('hex')
}
