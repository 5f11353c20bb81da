/**
 * Media of WhatsApp: each names the SHA-256 of the plain file, who the chat is with, and whether it was sent or received. Texts of
 * messages are not taken here. Android before and after the change of its schema (2022), and iOS.
 *
 * @see ALEAPP and iLEAPP, WhatsApp artifacts
 */
import { definedOnly } from '../../base/defined-only.ts'
import type { RecordSink } from './artefact.ts'
import { flagOf, textOf, wholeOf } from './row-values.ts'
import { column, type NamedRow, type Tables } from './sqlite-tables.ts'
import { cocoaTime, millisecondTime } from './times.ts'

export function readWhatsApp(tables: Tables, sink: RecordSink): boolean {
  const isNew = tables.get('message_media')?.columns.includes('file_hash') ?? false
  const isOld = tables.get('messages')?.columns.includes('media_hash') ?? false
  const isApple = tables.get('zwamediaitem')?.columns.includes('zvcardname') ?? false
  if (isNew) readNew(tables, sink)
  if (isOld) readOld(tables, sink)
  if (isApple) readApple(tables, sink)
  return isNew || isOld || isApple
}

interface Media {
  readonly row: NamedRow
  readonly sha256: string | null
}

function readNew(tables: Tables, sink: RecordSink): void {
  const addresses = namesOf(tables, 'jid', '_id', 'raw_string')
  const chats = new Map<unknown, unknown>()
  for (const row of rowsOf(tables, 'chat')) chats.set(column(row, '_id'), column(row, 'jid_row_id'))
  const media = new Map<unknown, Media>()
  for (const row of tables.rowsOf(
    tables.get('message_media')!,
    (get) => digestOf(get('file_hash')) !== null,
  )) {
    const one = { row, sha256: digestOf(column(row, 'file_hash')) }
    // Of a deleted row the message may be gone, or another one by now.
    if (row.status === 'live') media.set(column(row, 'message_row_id'), one)
    else add(sink, one, mediaParams(row), {})
  }
  for (const row of rowsOf(tables, 'message')) {
    const id = column(row, '_id')
    const one = media.get(id)
    if (!one) continue
    media.delete(id)
    const address = addresses.get(chats.get(column(row, 'chat_row_id')))
    add(sink, one, mediaParams(one.row), {
      fromMe: flagOf(row, 'from_me'),
      when: millisecondTime(column(row, 'timestamp')),
      person: address,
    })
  }
  for (const one of media.values()) add(sink, one, mediaParams(one.row), {})
}

function mediaParams(row: NamedRow) {
  return definedOnly({
    program: 'whatsapp',
    path: textOf(row, 'file_path'),
    name: textOf(row, 'media_name'),
    mediaType: textOf(row, 'mime_type'),
    sizeBytes: wholeOf(row, 'file_size'),
  })
}

function readOld(tables: Tables, sink: RecordSink): void {
  for (const row of tables.rowsOf(tables.get('messages')!, (get) => digestOf(get('media_hash')) !== null)) {
    const sha256 = digestOf(column(row, 'media_hash'))
    if (sha256 === null) continue
    const params = definedOnly({
      program: 'whatsapp',
      name: textOf(row, 'media_name'),
      mediaType: textOf(row, 'media_mime_type'),
      sizeBytes: wholeOf(row, 'media_size'),
    })
    add(sink, { row, sha256 }, params, {
      fromMe: flagOf(row, 'key_from_me'),
      when: millisecondTime(column(row, 'timestamp')),
      person: textOf(row, 'key_remote_jid'),
    })
  }
}

function readApple(tables: Tables, sink: RecordSink): void {
  const media = new Map<unknown, Media>()
  for (const row of rowsOf(tables, 'zwamediaitem')) {
    const sha256 = digestOf(column(row, 'zvcardname'))
    if (sha256 !== null) media.set(column(row, 'zmessage'), { row, sha256 })
  }
  for (const row of rowsOf(tables, 'zwamessage')) {
    const one = media.get(column(row, 'z_pk'))
    if (!one) continue
    const fromMe = flagOf(row, 'zisfromme')
    const params = definedOnly({
      program: 'whatsapp',
      path: textOf(one.row, 'zmedialocalpath'),
      mediaType: textOf(one.row, 'zvcardstring'),
      sizeBytes: wholeOf(one.row, 'zfilesize'),
    })
    add(sink, one, params, {
      fromMe,
      when: cocoaTime(column(row, 'zmessagedate')),
      person: textOf(row, fromMe ? 'ztojid' : 'zfromjid'),
    })
  }
}

interface Said {
  readonly fromMe?: boolean | undefined
  readonly when?: ReturnType<typeof millisecondTime>
  readonly person?: string | undefined
}

function add(
  sink: RecordSink,
  { row, sha256 }: Media,
  params: { readonly program: string; readonly sizeBytes?: number },
  { fromMe, when = null, person }: Said,
): void {
  sink.add({
    what: { code: 'message-media', params },
    direction: fromMe === undefined ? null : fromMe ? 'sent' : 'received',
    when,
    person: person ?? null,
    status: row.status,
    digests: sha256 === null ? {} : { sha256 },
    sizeBytes: params.sizeBytes ?? null,
  })
}

function* rowsOf(tables: Tables, name: string): Generator<NamedRow> {
  const table = tables.get(name)
  if (table) yield* tables.rowsOf(table)
}

function namesOf(tables: Tables, name: string, id: string, text: string): ReadonlyMap<unknown, string> {
  const names = new Map<unknown, string>()
  for (const row of rowsOf(tables, name)) {
    const value = textOf(row, text)
    if (value !== undefined) names.set(column(row, id), value)
  }
  return names
}

/** Base64 of 32 bytes. */
function digestOf(value: unknown): string | null {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]{43}=?$/.test(value)) return null
  return Buffer.from(value, 'base64').toString('hex')
}
