/**
 * Reads Snapchat on Android and iOS (`arroyo.db`). The content is a protocol buffers message whose schema is not
 * published. The text is at one path in it, when the message type is text. Persons are numbers; another database
 * contains their names.
 *
 * @see ALEAPP and iLEAPP, "snapchat"
 */
import { bytesAt } from '../../../base/protobuf.ts'
import { millisecondTime } from '../../bytes/times.ts'
import { textOf } from '../../sqlite/row-values.ts'
import { column, type NamedRow, type Tables } from '../../sqlite/sqlite-tables.ts'
import { type ChatMessage, type ChatReader, Conversations, countingUnread } from '../common/chat-store.ts'
import { hasColumns, isMilliseconds, liveRows } from '../common/rows.ts'
import { snapchatNames } from './snapchat-names.ts'

const COLUMNS = ['client_conversation_id', 'client_message_id', 'message_content', 'creation_timestamp']
const TEXT = 1
const WORDS = [4, 4, 2, 1]
const SENDER = [2, 1]
const TAKES_PART = [3, 1, 1]
const ID_BYTES = 16

export const snapchat: ChatReader = (tables) => {
  if (!hasColumns(tables, 'conversation_message', COLUMNS)) return null
  const names = snapchatNames(tables.companion())
  const person = (id: string) => names.get(id) ?? id
  const own = ownOf(tables)
  const conversations = new Conversations()
  const takesPart = (key: string | undefined, id: string | undefined) => {
    if (key !== undefined && id !== undefined && id !== own) conversations.with(key, person(id))
  }
  for (const row of liveRows(tables, 'conversation')) {
    const about = column(row, 'conversation_metadata')
    if (!Buffer.isBuffer(about)) continue
    for (const id of bytesAt(about, TAKES_PART)) takesPart(textOf(row, COLUMNS[0]!), idOf(id))
  }
  for (const row of liveRows(tables, 'conversation_message'))
    takesPart(textOf(row, COLUMNS[0]!), senderOf(row))
  return {
    program: 'snapchat',
    conversations: conversations.all(),
    ...countingUnread((lost) => messages(tables, person, own, lost)),
  }
}

/** The sender of the messages written on this device; undefined: unknown, or more than one. */
function ownOf(tables: Tables): string | undefined {
  const own = new Set<string>()
  for (const row of liveRows(tables, 'conversation_message')) {
    const written = column(row, 'created_on_device') ?? undefined
    const content = column(row, 'local_message_content_id') ?? undefined
    const id = senderOf(row)
    if (id !== undefined && (written === undefined ? content !== undefined : written === 1)) own.add(id)
  }
  return own.size === 1 ? [...own][0] : undefined
}

/** In older databases only the message contains the sender. */
function senderOf(row: NamedRow): string | undefined {
  const content = column(row, 'message_content')
  return (
    textOf(row, 'sender_id') ?? (Buffer.isBuffer(content) ? idOf(bytesAt(content, SENDER)[0]) : undefined)
  )
}

/** In the usual form of a UUID. */
function idOf(bytes: Buffer | undefined): string | undefined {
  if (bytes?.length !== ID_BYTES) return undefined
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function* messages(
  tables: Tables,
  person: (id: string) => string,
  own: string | undefined,
  lost: () => void,
): Generator<ChatMessage> {
  const isOne = (get: (name: string) => unknown) =>
    isMilliseconds(get('creation_timestamp')) &&
    typeof get('client_conversation_id') === 'string' &&
    Number.isInteger(get('client_message_id')) &&
    Buffer.isBuffer(get('message_content'))
  const table = tables.get('conversation_message')!
  for (const row of tables.rowsOf(table, isOne, ['client_conversation_id', 'client_message_id'])) {
    const content = column(row, 'message_content')
    const type = column(row, 'content_type') ?? undefined
    const text = Buffer.isBuffer(content) && (type ?? TEXT) === TEXT ? wordsIn(content) : null
    if (type === TEXT && text === null) lost()
    const id = senderOf(row)
    const fromMe = own === undefined || id === undefined ? undefined : id === own
    const of = {
      conversation: textOf(row, 'client_conversation_id') ?? null,
      sender: fromMe === true || id === undefined ? null : person(id),
      fromMe,
      when: millisecondTime(column(row, 'creation_timestamp')),
      status: row.status,
    }
    const attached = column(row, 'remote_media_count')
    const isMedia = text === null && typeof attached === 'number' && attached > 0
    // A third database states the name of the file in the cache.
    yield { ...of, text, media: isMedia ? {} : null }
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

function wordsIn(content: Buffer): string | null {
  const [words] = bytesAt(content, WORDS)
  if (words === undefined || words.length === 0) return null
  try {
    return UTF8.decode(words)
  } catch {
    // Another field is at this path in this version.
    return null
  }
}
