/**
 * Converts messages to artefact records: person, direction, time and attachment. Of the text only the number of
 * characters is recorded. Conversations with a person on the privilege list give no record and are only counted.
 */
import { definedOnly } from '../../../base/defined-only.ts'
import type { PrivilegedSenders } from '../../../contracts/privilege.ts'
import { isPrivilegedSender } from '../../../privilege/privilege-list.ts'
import type { RecordCollector } from '../../records/artefact.ts'
import { type Between, type ChatCall, type ChatMessage, type ChatStore, personsOf } from './chat-store.ts'
import { addressesOf } from './persons.ts'

/** @param make creates the store anew on each call; null: no store */
export function addChats(make: () => ChatStore | null, sink: RecordCollector): boolean {
  const store = make()
  if (store === null) return false
  const counts = new Map<string, Count>()
  const closed = closedBy(make, store, sink.privileged)
  for (const message of store.messages) {
    if (closed(message)) {
      sink.close()
      continue
    }
    sink.add(recordOf(store, message))
    if (message.conversation !== null) count(counts, message.conversation, message)
  }
  for (const call of store.calls ?? [])
    if (closed(call)) sink.close()
    else sink.add(callOf(store, call))
  for (const [key, { sent, received, first, last }] of counts) {
    const { name = null, persons = [] } = store.conversations.get(key) ?? {}
    const shown = persons.slice(0, MOST_PERSONS)
    sink.add({
      what: {
        code: 'conversation',
        params: definedOnly({
          program: store.program,
          name: name ?? key,
          persons: shown.length === 0 ? undefined : shown,
          others: persons.length > shown.length ? persons.length - shown.length : undefined,
          sent,
          received,
          first: isoOf(first),
        }),
      },
      when: last,
      person: persons.length === 1 ? persons[0]! : null,
    })
  }
  return true
}

const MOST_PERSONS = 20

/**
 * Decides which messages are withheld. A late message may reveal a member of a group, so all messages are checked
 * first. When any conversation is withheld, rows without a conversation are withheld too.
 */
export function closedBy(
  make: () => ChatStore | null,
  store: ChatStore,
  privileged: PrivilegedSenders | null,
): (message: Between) => boolean {
  if (privileged === null) return () => false
  const is = (persons: readonly string[]) => isPrivilegedSender(privileged, persons.flatMap(addressesOf))
  const byKey = new Map<string, boolean>()
  for (const [key, { name, persons }] of store.conversations)
    byKey.set(key, is([key, ...(name === null ? [] : [name]), ...persons]))
  let found = [...byKey.values()].includes(true)
  const closed = (message: Between) => {
    const key = message.conversation
    const listed =
      (key === null && found) ||
      (key !== null && (byKey.get(key) ?? is([key]))) ||
      is(personsOf(store, message))
    if (listed && key !== null) byKey.set(key, true)
    found ||= listed
    return listed
  }
  const { messages, calls = [] } = make()!
  for (const all of [messages, calls]) for (const one of all) closed(one)
  return closed
}

function commonOf(
  store: ChatStore,
  { conversation, sender, receiver = null, fromMe, when, status }: ChatCall,
) {
  const { name = null, persons = [] } = store.conversations.get(conversation ?? '') ?? {}
  return {
    chat: name ?? conversation ?? undefined,
    common: {
      direction: fromMe === undefined ? null : fromMe ? ('sent' as const) : ('received' as const),
      when,
      person: fromMe === true ? (receiver ?? (persons.length === 1 ? persons[0]! : null)) : sender,
      status,
    },
  }
}

function callOf(store: ChatStore, call: ChatCall): Parameters<RecordCollector['add']>[0] {
  const { chat, common } = commonOf(store, call)
  const { seconds, isVideo: video } = call
  return {
    ...common,
    what: { code: 'call', params: definedOnly({ program: store.program, chat, seconds, video }) },
  }
}

function recordOf(store: ChatStore, message: ChatMessage): Parameters<RecordCollector['add']>[0] {
  const { chat, common } = commonOf(store, message)
  const { text, media } = message
  if (media === null)
    return {
      ...common,
      what: {
        code: 'message',
        params: definedOnly({ program: store.program, chat, characters: text?.length }),
      },
    }
  const { path, name: fileName, mediaType, sizeBytes, sha256 } = media
  return {
    ...common,
    what: {
      code: 'message-media',
      params: definedOnly({ program: store.program, path, name: fileName, mediaType, sizeBytes, chat }),
    },
    digests: sha256 === undefined ? {} : { sha256 },
    sizeBytes: sizeBytes ?? null,
  }
}

interface Count {
  sent: number
  received: number
  first: ChatMessage['when']
  last: ChatMessage['when']
}

function count(counts: Map<string, Count>, key: string, { fromMe, when }: ChatMessage): void {
  const one = counts.get(key) ?? { sent: 0, received: 0, first: null, last: null }
  counts.set(key, one)
  if (fromMe === true) one.sent++
  if (fromMe === false) one.received++
  if (when === null) return
  if (one.first === null || BigInt(when.ns) < BigInt(one.first.ns)) one.first = when
  if (one.last === null || BigInt(when.ns) > BigInt(one.last.ns)) one.last = when
}

function isoOf(when: ChatMessage['when']): string | undefined {
  return when === null ? undefined : new Date(Number(BigInt(when.ns) / 1_000_000n)).toISOString()
}
