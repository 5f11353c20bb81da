/**
 * Reads Instagram on Android (`direct.db`). Each row also contains its message as JSON; only the JSON states sender
 * and attachments.
 *
 * @see ALEAPP, "instagram"
 */
import { field, idIn, type JsonObject, jsonOf, objectIn, objectsIn, textIn } from '../../bytes/json-values.ts'
import { microsecondTime } from '../../bytes/times.ts'
import { textOf } from '../../sqlite/row-values.ts'
import { column, type NamedRow, type Tables } from '../../sqlite/sqlite-tables.ts'
import {
  type ChatMedia,
  type ChatMessage,
  type ChatReader,
  Conversations,
  countingUnread,
} from '../common/chat-store.ts'
import { namesOf, personOf } from '../common/persons.ts'
import { hasColumns, isMicroseconds, liveRows } from '../common/rows.ts'

/** Messages that the program writes: a person called, joined or changed a name. */
const NOT_WRITTEN: readonly unknown[] = ['video_call_event', 'action_log', 'placeholder']

export const instagram: ChatReader = (tables) => {
  if (!hasColumns(tables, 'messages', ['thread_id', 'timestamp', 'message_type', 'message'])) return null
  const [session] = [...liveRows(tables, 'session')]
  const own = session === undefined ? undefined : idOf(session, 'user_id')
  const persons = new Map<string, string>()
  const conversations = new Conversations()
  for (const row of liveRows(tables, 'threads')) {
    const key = idOf(row, 'thread_id')
    if (key === undefined) continue
    const about = objectIn(jsonOf(column(row, 'thread_info')))
    for (const user of takingPart(about)) {
      const id = idIn(user, 'pk') ?? idIn(user, 'pk_id') ?? idIn(user, 'id')
      if (id === undefined) continue
      const names = [textIn(user, 'full_name'), textIn(user, 'username')]
      persons.set(id, personOf(id, names))
      if (id === own) continue
      conversations.with(key, persons.get(id))
    }
    conversations.named(key, namesOf(key, [textIn(about, 'thread_title')]))
  }
  const person = (id: string) => persons.get(id) ?? id
  for (const row of liveRows(tables, 'messages')) {
    const key = idOf(row, 'thread_id')
    const by = idIn(objectIn(jsonOf(column(row, 'message'))), 'user_id')
    if (key !== undefined && by !== undefined && by !== own) conversations.with(key, person(by))
  }
  return {
    program: 'instagram',
    conversations: conversations.all(),
    ...countingUnread((lost) => messages(tables, person, own, lost)),
  }
}

/** The value may be a number or a text. */
function idOf(row: NamedRow, name: string): string | undefined {
  const value = column(row, name)
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : textOf(row, name)
}

function takingPart(about: JsonObject | undefined): readonly JsonObject[] {
  const inviter = objectIn(field(about, 'inviter'))
  return [
    ...objectsIn(field(about, 'recipients')),
    ...objectsIn(field(about, 'users')),
    ...(inviter === undefined ? [] : [inviter]),
  ]
}

function* messages(
  tables: Tables,
  person: (id: string) => string,
  own: string | undefined,
  lost: () => void,
): Generator<ChatMessage> {
  const isOne = (get: (name: string) => unknown) =>
    isMicroseconds(get('timestamp')) &&
    typeof get('message_type') === 'string' &&
    objectIn(jsonOf(get('message'))) !== undefined
  for (const row of tables.rowsOf(tables.get('messages')!, isOne, ['thread_id', 'timestamp'])) {
    const type = column(row, 'message_type')
    if (NOT_WRITTEN.includes(type)) continue
    const said = objectIn(jsonOf(column(row, 'message')))
    const text = textOf(row, 'text') ?? textIn(said, 'text') ?? null
    if (said === undefined && text === null) lost()
    const by = idIn(said, 'user_id')
    const fromMe = own === undefined || by === undefined ? undefined : by === own
    const of = {
      conversation: idOf(row, 'thread_id') ?? null,
      sender: fromMe === true || by === undefined ? null : person(by),
      fromMe,
      when: microsecondTime(column(row, 'timestamp')),
      status: row.status,
    }
    const media = mediaIn(said)
    if (text !== null || media === null) yield { ...of, text, media: null }
    if (media !== null) yield { ...of, text: null, media }
  }
}

/** The database does not record the path of a picture or video on the device, only its source URL. */
function mediaIn(said: JsonObject | undefined): ChatMedia | null {
  const media =
    objectIn(field(said, 'media')) ?? objectIn(field(objectIn(field(said, 'visual_media')), 'media'))
  if (media === undefined) return null
  const pictures = objectsIn(field(objectIn(field(media, 'image_versions2')), 'candidates'))
  const [first] = [...objectsIn(field(media, 'video_versions')), ...pictures]
  return { name: nameInAddress(textIn(first, 'url')) }
}

/** The last part of a URL, which is the file name there. */
export function nameInAddress(address: string | undefined): string | undefined {
  return /^https?:\/\/[^/?#]+\/(?:[^?#]*\/)?([^/?#]{1,255})(?:[?#]|$)/.exec(address ?? '')?.[1]
}
