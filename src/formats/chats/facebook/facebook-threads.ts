/**
 * Reads Facebook Messenger on Android up to 2020 and the Facebook program itself (`threads_db2`). The row of a
 * message contains sender and attachments as JSON. The name of a chat of two persons contains both accounts, the
 * other one first.
 *
 * @see ALEAPP, "FacebookMessenger"; MobileRevelator, "Facebook Orca Calls"
 */
import { idIn, jsonOf, objectIn, objectsIn, textIn, wholeIn } from '../../bytes/json-values.ts'
import { millisecondTime } from '../../bytes/times.ts'
import { textOf } from '../../sqlite/row-values.ts'
import { column, type NamedRow, type Tables } from '../../sqlite/sqlite-tables.ts'
import { type ChatMedia, type ChatMessage, type ChatReader, Conversations } from '../common/chat-store.ts'
import { personOf } from '../common/persons.ts'
import { hasColumns, isMilliseconds, liveRows } from '../common/rows.ts'

const ACCOUNT = /^FACEBOOK:/
const OF_TWO = /^ONE_TO_ONE:(\d+):(\d+)$/
/** A placeholder row before the oldest fetched message. */
const PLACEHOLDER = -1

export const facebookThreads: ChatReader = (tables) => {
  if (!hasColumns(tables, 'messages', ['msg_id', 'thread_key', 'sender', 'timestamp_ms'])) return null
  const persons = personsIn(tables)
  const own = ownOf(tables)
  const conversations = new Conversations()
  for (const row of liveRows(tables, 'threads')) {
    const key = textOf(row, 'thread_key')
    if (key === undefined) continue
    const other = otherOf(key, persons)
    conversations.named(key, textOf(row, 'name') ?? other).with(key, other)
  }
  for (const row of liveRows(tables, 'thread_participants')) {
    const key = textOf(row, 'thread_key')
    const id = accountOf(textOf(row, 'user_key'))
    if (key !== undefined && id !== undefined && id !== own) conversations.with(key, named(id, persons))
  }
  for (const row of liveRows(tables, 'messages')) {
    const key = textOf(row, 'thread_key')
    const by = accountOf(senderIn(row)?.id)
    if (key !== undefined && by !== undefined && by !== own) conversations.with(key, named(by, persons))
  }
  return {
    program: 'facebook-messenger',
    conversations: conversations.all(),
    messages: messages(tables, persons, own),
  }
}

type Persons = ReadonlyMap<string, string>

function personsIn(tables: Tables): Persons {
  const persons = new Map<string, string>()
  for (const row of liveRows(tables, 'messages')) {
    const sender = senderIn(row)
    const id = accountOf(sender?.id)
    if (id !== undefined) persons.set(id, personOf(id, [sender?.name]))
  }
  for (const row of liveRows(tables, 'thread_users')) {
    const id = accountOf(textOf(row, 'user_key'))
    if (id === undefined) continue
    const parts = [textOf(row, 'first_name'), textOf(row, 'last_name')].filter((one) => one !== undefined)
    const name = textOf(row, 'name') ?? (parts.length === 0 ? undefined : parts.join(' '))
    persons.set(id, personOf(id, [name, textOf(row, 'username')]))
  }
  return persons
}

function named(id: string, persons: Persons): string {
  return persons.get(id) ?? id
}

/** The account that all chats of two persons share; undefined: none, or more than one. */
function ownOf(tables: Tables): string | undefined {
  const own = new Set<string>()
  for (const name of ['threads', 'messages'])
    for (const row of liveRows(tables, name)) {
      const [, , second] = OF_TWO.exec(textOf(row, 'thread_key') ?? '') ?? []
      if (second !== undefined) own.add(second)
    }
  return own.size === 1 ? [...own][0] : undefined
}

function otherOf(key: string, persons: Persons): string | undefined {
  const other = OF_TWO.exec(key)?.[1]
  return other === undefined ? undefined : named(other, persons)
}

function senderIn(row: NamedRow): { readonly id: string | undefined; readonly name: string | undefined } {
  const sender = objectIn(jsonOf(column(row, 'sender')))
  return { id: textIn(sender, 'user_key'), name: textIn(sender, 'name') }
}

function accountOf(key: string | undefined): string | undefined {
  return key !== undefined && ACCOUNT.test(key) ? key.replace(ACCOUNT, '') : undefined
}

function* messages(tables: Tables, persons: Persons, own: string | undefined): Generator<ChatMessage> {
  const isOne = (get: (name: string) => unknown) =>
    isMilliseconds(get('timestamp_ms')) &&
    typeof get('thread_key') === 'string' &&
    typeof get('msg_id') === 'string'
  for (const row of tables.rowsOf(tables.get('messages')!, isOne, ['msg_id'])) {
    if (column(row, 'msg_type') === PLACEHOLDER) continue
    const conversation = textOf(row, 'thread_key') ?? null
    const by = accountOf(senderIn(row).id)
    // Without a chat of two persons, the own account is unknown.
    const fromMe = own === undefined || by === undefined ? undefined : by === own
    const other = conversation === null ? undefined : otherOf(conversation, persons)
    const of = {
      conversation,
      sender: fromMe === true || by === undefined ? null : named(by, persons),
      receiver: fromMe === true ? (other ?? null) : null,
      fromMe,
      when: millisecondTime(column(row, 'timestamp_ms')),
      status: row.status,
    }
    const text = textOf(row, 'text') ?? null
    if (text !== null) yield { ...of, text, media: null }
    for (const media of attachmentsIn(row)) yield { ...of, text: null, media }
  }
}

function attachmentsIn(row: NamedRow): readonly ChatMedia[] {
  return objectsIn(jsonOf(column(row, 'attachments'))).map((one) => ({
    name: textIn(one, 'filename') ?? idIn(one, 'id'),
    mediaType: textIn(one, 'mime_type'),
    sizeBytes: wholeIn(one, 'file_size'),
  }))
}
