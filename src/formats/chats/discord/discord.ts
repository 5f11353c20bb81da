/**
 * Reads Discord messages: responses of its servers, which its programs keep unchanged in their caches, and rows of a
 * table on phones. Neither form identifies the account of the device.
 *
 * @see Discord's developer documentation, "Message Object"; ALEAPP and iLEAPP, "discordChats"
 */
import {
  field,
  idIn,
  type JsonObject,
  jsonOf,
  objectIn,
  objectsIn,
  textIn,
  wholeIn,
} from '../../bytes/json-values.ts'
import { isoTime } from '../../bytes/times.ts'
import { column, type Tables } from '../../sqlite/sqlite-tables.ts'
import {
  type ChatMedia,
  type ChatMessage,
  type ChatReader,
  type ChatStore,
  Conversations,
} from '../common/chat-store.ts'
import { personOf } from '../common/persons.ts'
import { hasColumns, liveRows } from '../common/rows.ts'

const PROGRAM = 'discord'
/** The program writes all other types: joins, calls, pinned messages. */
const WRITTEN: readonly unknown[] = [0, 19, 20, 23, undefined]

/** Null for a value without a message. */
export function discordIn(value: unknown): ChatStore | null {
  const found = messagesIn(value)
  if (found.length === 0) return null
  return {
    program: PROGRAM,
    conversations: conversationsOf(found),
    messages: found.flatMap((one) => parts(one, 'live')),
  }
}

/** An array, an array in a search result, or a single message. */
function messagesIn(value: unknown): readonly JsonObject[] {
  const found = field(objectIn(value), 'messages')
  const lists = Array.isArray(found) ? found : Array.isArray(value) ? value : [value]
  return objectsIn((lists as readonly unknown[]).flat()).filter(isMessage)
}

function isMessage(one: JsonObject): boolean {
  return (
    idIn(one, 'id') !== undefined &&
    idIn(one, 'channel_id') !== undefined &&
    typeof field(one, 'content') === 'string' &&
    isoTime(textIn(one, 'timestamp')) !== null &&
    objectIn(field(one, 'author')) !== undefined
  )
}

function conversationsOf(found: Iterable<JsonObject>): ChatStore['conversations'] {
  const conversations = new Conversations()
  for (const one of found) conversations.with(idIn(one, 'channel_id')!, authorOf(one))
  return conversations.all()
}

function authorOf(message: JsonObject): string | undefined {
  const author = objectIn(field(message, 'author'))
  const id = idIn(author, 'id')
  const shown = textIn(author, 'global_name') ?? textIn(author, 'globalName')
  return id === undefined ? undefined : personOf(id, [shown, textIn(author, 'username')])
}

function parts(message: JsonObject, status: ChatMessage['status']): readonly ChatMessage[] {
  if (!WRITTEN.includes(field(message, 'type'))) return []
  const of = {
    conversation: idIn(message, 'channel_id') ?? null,
    sender: authorOf(message) ?? null,
    fromMe: undefined,
    when: isoTime(textIn(message, 'timestamp')),
    status,
  }
  const text = textIn(message, 'content') ?? null
  return [
    ...(text === null ? [] : [{ ...of, text, media: null }]),
    ...objectsIn(field(message, 'attachments')).map((one) => ({ ...of, text: null, media: mediaOf(one) })),
  ]
}

function mediaOf(attachment: JsonObject): ChatMedia {
  return {
    // The file in the cache has this URL as its name.
    path: textIn(attachment, 'url'),
    name: textIn(attachment, 'filename'),
    mediaType: textIn(attachment, 'content_type'),
    sizeBytes: wholeIn(attachment, 'size'),
  }
}

/** A table of the phone programs (`kv-storage/@account.…/a`): each row has a byte and JSON. */
export const discordStore: ChatReader = (tables) => {
  if (!hasColumns(tables, 'messages0', ['data'])) return null
  const live = [...liveRows(tables, 'messages0')].flatMap((row): readonly JsonObject[] => {
    const message = messageIn(column(row, 'data'))
    return message === null ? [] : [message]
  })
  return { program: PROGRAM, conversations: conversationsOf(live), messages: stored(tables) }
}

function* stored(tables: Tables): Generator<ChatMessage> {
  const isOne = (get: (name: string) => unknown) => messageIn(get('data')) !== null
  for (const row of tables.rowsOf(tables.get('messages0')!, isOne)) {
    const message = messageIn(column(row, 'data'))
    if (message !== null) yield* parts(message, row.status)
  }
}

function messageIn(data: unknown): JsonObject | null {
  if (!Buffer.isBuffer(data)) return null
  const stored = objectIn(jsonOf(data.subarray(data.indexOf(0x7b))))
  const message = objectIn(field(stored, 'message'))
  return message !== undefined && isMessage(message) ? message : null
}

const BODIES = 'cfurl_cache_receiver_data'
const A_FIELD = Buffer.from('"channel_id"')

/**
 * The cache of a program on iOS or macOS (`Cache.db`). Small responses are in its rows; larger ones are separate
 * files.
 */
export const discordCache: ChatReader = (tables) => {
  if (!hasColumns(tables, BODIES, ['receiver_data'])) return null
  const live = [...liveRows(tables, BODIES)].flatMap((row) => answerIn(column(row, 'receiver_data')))
  // A cache without Discord messages belongs to another program.
  if (live.length === 0) return null
  return { program: PROGRAM, conversations: conversationsOf(live), messages: cached(tables) }
}

function* cached(tables: Tables): Generator<ChatMessage> {
  const isOne = (get: (name: string) => unknown) => answerIn(get('receiver_data')).length > 0
  for (const row of tables.rowsOf(tables.get(BODIES)!, isOne))
    for (const message of answerIn(column(row, 'receiver_data'))) yield* parts(message, row.status)
}

function answerIn(body: unknown): readonly JsonObject[] {
  return Buffer.isBuffer(body) && body.includes(A_FIELD) ? messagesIn(jsonOf(body)) : []
}
