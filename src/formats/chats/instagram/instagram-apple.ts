/**
 * Reads Instagram on iOS (`DirectSQLiteDatabase/*.db`). Messages and chat metadata are archived objects; the classes
 * of the program give the field names. A message with an unreadable archive is counted and reported.
 *
 * @see iLEAPP, "instagramThreads"
 */

import { cocoaTime } from '../../bytes/times.ts'
import { textOf } from '../../sqlite/row-values.ts'
import { column, type NamedRow, type Tables } from '../../sqlite/sqlite-tables.ts'
import { type ArchivedValue, keyedArchive } from '../../stores/keyed-archive.ts'
import { NotPropertyList, PropertyDate } from '../../stores/property-list.ts'
import {
  type ChatMedia,
  type ChatMessage,
  type ChatReader,
  Conversations,
  countingUnread,
} from '../common/chat-store.ts'
import { personOf } from '../common/persons.ts'
import { hasColumns, liveRows } from '../common/rows.ts'
import { nameInAddress } from './instagram.ts'

const ABOUT = 'IGDirectPublishedMessageMetadata*metadata'
const CONTENT = 'IGDirectPublishedMessageContent*content'
/** An event: a person called, joined or changed a name. */
const ACTIVITY = 'IGDirectThreadActivityAnnouncement*threadActivity'
const MEDIA = 'IGDirectPublishedMessageMedia*media'
const PHOTO = ['IGDirectPublishedMessagePermanentMedia*permanentMedia', 'IGPhoto*photo']
const USERS = 'NSArray<IGUser *>*users'
const INVITERS = ['IGUser*inviter', 'IGUser*inviter_DEPRECATED']
const USER = 'NSDictionary<NSString *, id>*userDict'

export const instagramApple: ChatReader = (tables) => {
  const isOne = hasColumns(tables, 'messages', ['message_id', 'thread_id', 'archive'])
  if (!isOne || !hasColumns(tables, 'threads', ['thread_id', 'viewer_id'])) return null
  const own = new Map<string, string>()
  const persons = new Map<string, string>()
  const conversations = new Conversations()
  for (const row of liveRows(tables, 'threads')) {
    const key = textOf(row, 'thread_id')
    if (key === undefined) continue
    const viewer = column(row, 'viewer_id')
    if (viewer !== null && viewer !== undefined) own.set(key, String(viewer))
    const about = archived(row, 'metadata')
    const users = at(about, USERS)
    for (const user of [...(Array.isArray(users) ? users : []), ...INVITERS.map((name) => at(about, name))]) {
      const id = textAt(user, USER, 'pk') ?? textAt(user, 'pk')
      if (id === undefined) continue
      const shown = textAt(user, USER, 'full_name') ?? textAt(user, 'fullName')
      persons.set(id, personOf(id, [shown, textAt(user, USER, 'username') ?? textAt(user, 'userName')]))
      if (id !== own.get(key)) conversations.with(key, persons.get(id))
    }
    conversations.named(key, textAt(about, 'NSString*threadTitle'))
  }
  const person = (id: string) => persons.get(id) ?? id
  for (const row of liveRows(tables, 'messages')) {
    const key = textOf(row, 'thread_id')
    const by = textAt(archived(row, 'archive'), ABOUT, 'NSString*senderPk')
    if (key !== undefined && by !== undefined && by !== own.get(key)) conversations.with(key, person(by))
  }
  return {
    program: 'instagram',
    conversations: conversations.all(),
    ...countingUnread((lost) => messages(tables, person, own, lost)),
  }
}

/** Null: not an archive, or one of another form. */
function archived(row: NamedRow, name: string): ArchivedValue {
  const bytes = column(row, name)
  if (!Buffer.isBuffer(bytes)) return null
  try {
    return keyedArchive(bytes)
  } catch (error) {
    if (error instanceof NotPropertyList) return null
    throw error
  }
}

function at(value: ArchivedValue | undefined, ...names: readonly string[]): ArchivedValue | undefined {
  let found = value
  for (const name of names) found = found instanceof Map ? found.get(name) : undefined
  return found
}

function textAt(value: ArchivedValue | undefined, ...names: readonly string[]): string | undefined {
  const found = at(value, ...names)
  return typeof found === 'string' && found !== ''
    ? found
    : typeof found === 'number' || typeof found === 'bigint'
      ? String(found)
      : undefined
}

function* messages(
  tables: Tables,
  person: (id: string) => string,
  own: ReadonlyMap<string, string>,
  lost: () => void,
): Generator<ChatMessage> {
  const isOne = (get: (name: string) => unknown) =>
    typeof get('message_id') === 'string' &&
    typeof get('thread_id') === 'string' &&
    Buffer.isBuffer(get('archive'))
  for (const row of tables.rowsOf(tables.get('messages')!, isOne, ['message_id', 'thread_id'])) {
    const archive = archived(row, 'archive')
    if (archive === null) lost()
    if (archive === null && row.status === 'deleted') continue
    const content = at(archive, CONTENT)
    if ((at(content, ACTIVITY) ?? null) !== null) continue
    const conversation = textOf(row, 'thread_id') ?? null
    const mine = conversation === null ? undefined : own.get(conversation)
    const by = textAt(archive, ABOUT, 'NSString*senderPk')
    const sent = at(archive, ABOUT, 'NSDate*serverTimestamp')
    const fromMe = mine === undefined || by === undefined ? undefined : by === mine
    const of = {
      conversation,
      sender: fromMe === true || by === undefined ? null : person(by),
      fromMe,
      when: sent instanceof PropertyDate ? cocoaTime(sent.seconds) : null,
      status: row.status,
    }
    const text = textAt(content, 'NSString*string') ?? null
    const media = mediaOf(at(content, MEDIA))
    if (text !== null || media === null) yield { ...of, text, media: null }
    if (media !== null) yield { ...of, text: null, media }
  }
}

function mediaOf(media: ArchivedValue | undefined): ChatMedia | null {
  if (!(media instanceof Map)) return null
  const versions = at(media, ...PHOTO, 'imageVersions')
  const [first] = Array.isArray(versions) ? versions : []
  return { name: nameInAddress(textAt(first, 'url')) }
}
