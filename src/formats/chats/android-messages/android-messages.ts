/**
 * Reads SMS and MMS of Android (`mmssms.db` of com.android.providers.telephony). MMS store sender and recipients in
 * separate rows, and their parts as files.
 *
 * @see Android, android.provider.Telephony; ALEAPP, "smsmms"
 */

import { millisecondTime, secondTime } from '../../bytes/times.ts'
import { textOf } from '../../sqlite/row-values.ts'
import { column, type NamedRow, type Tables } from '../../sqlite/sqlite-tables.ts'
import { type ChatMedia, type ChatMessage, type ChatReader, Conversations } from '../common/chat-store.ts'
import { hasColumns, isMilliseconds, liveRows, textsBy } from '../common/rows.ts'

/** Telephony.Sms.MESSAGE_TYPE_*: 3 is a draft, which was never sent. */
const INBOX = 1
const SENT: readonly unknown[] = [2, 4, 5, 6]
/** PduHeaders.FROM. */
const FROM = 137
/** Value in an MMS that states no sender. */
const OWN_ADDRESS = 'insert-address-token'

export const androidMessages: ChatReader = (tables) => {
  if (!hasColumns(tables, 'sms', ['thread_id', 'address', 'body', 'type'])) return null
  const conversations = new Conversations()
  const addresses = textsBy(tables, 'canonical_addresses', '_id', 'address')
  for (const row of liveRows(tables, 'threads'))
    for (const id of String(column(row, 'recipient_ids') ?? '').split(' '))
      conversations.with(keyOf(column(row, '_id')), addresses.get(Number(id)))
  for (const row of liveRows(tables, 'sms'))
    conversations.with(keyOf(column(row, 'thread_id')), textOf(row, 'address'))
  const parties = partiesOf(tables)
  for (const row of liveRows(tables, 'pdu'))
    for (const person of parties.get(column(row, '_id'))?.all ?? [])
      conversations.with(keyOf(column(row, 'thread_id')), person)
  return { program: 'sms', conversations: conversations.all(), messages: messages(tables, parties) }
}

function* messages(tables: Tables, parties: ReadonlyMap<unknown, Parties>): Generator<ChatMessage> {
  const isOne = (get: (name: string) => unknown) =>
    isMilliseconds(get('date')) && typeof get('address') === 'string' && typeof get('body') === 'string'
  for (const row of tables.rowsOf(tables.get('sms')!, isOne, ['address', 'date', 'body'])) {
    const fromMe = directionOf(column(row, 'type'))
    yield {
      conversation: keyOf(column(row, 'thread_id')),
      sender: fromMe === false ? (textOf(row, 'address') ?? null) : null,
      receiver: fromMe ? (textOf(row, 'address') ?? null) : null,
      fromMe,
      when: millisecondTime(column(row, 'date')),
      text: textOf(row, 'body') ?? null,
      media: null,
      status: row.status,
    }
  }
  const parts = partsOf(tables)
  for (const row of liveRows(tables, 'pdu')) {
    const id = column(row, '_id')
    const fromMe = directionOf(column(row, 'msg_box'))
    const { words = null, media = [] } = parts.get(id) ?? {}
    const of = {
      conversation: keyOf(column(row, 'thread_id')),
      sender: fromMe === false ? (parties.get(id)?.from ?? null) : null,
      fromMe,
      when: secondTime(column(row, 'date')),
      status: row.status,
    }
    if (words !== null || media.length === 0) yield { ...of, text: words, media: null }
    for (const one of media) yield { ...of, text: null, media: one }
  }
}

interface Parties {
  readonly from: string | null
  readonly all: readonly string[]
}

function partiesOf(tables: Tables): ReadonlyMap<unknown, Parties> {
  const parties = new Map<unknown, Parties>()
  for (const row of liveRows(tables, 'addr')) {
    const address = textOf(row, 'address')
    if (address === undefined || address === OWN_ADDRESS) continue
    const id = column(row, 'msg_id')
    const { from, all } = parties.get(id) ?? { from: null, all: [] }
    parties.set(id, { from: column(row, 'type') === FROM ? address : from, all: [...all, address] })
  }
  return parties
}

interface Parts {
  readonly words: string | null
  readonly media: readonly ChatMedia[]
}

function partsOf(tables: Tables): ReadonlyMap<unknown, Parts> {
  const parts = new Map<unknown, Parts>()
  for (const row of liveRows(tables, 'part')) {
    const id = column(row, 'mid')
    const { words, media } = parts.get(id) ?? { words: null, media: [] }
    const mediaType = textOf(row, 'ct')
    // The layout of the message parts, not a part itself.
    if (mediaType === 'application/smil') continue
    if (mediaType === 'text/plain') {
      const more = textOf(row, 'text') ?? null
      parts.set(id, { words: words === null ? more : `${words}\n${more ?? ''}`, media })
    } else parts.set(id, { words, media: [...media, mediaOf(row, mediaType)] })
  }
  return parts
}

function mediaOf(row: NamedRow, mediaType: string | undefined): ChatMedia {
  return { path: textOf(row, '_data'), name: textOf(row, 'name') ?? textOf(row, 'cl'), mediaType }
}

/** True: this account sent it; undefined for drafts and for unknown values. */
function directionOf(box: unknown): boolean | undefined {
  return box === INBOX ? false : SENT.includes(box) ? true : undefined
}

function keyOf(thread: unknown): string {
  return `thread ${String(thread)}`
}
