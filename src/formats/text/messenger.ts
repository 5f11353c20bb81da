/**
 * Extracts the text of a messenger's database: each chat separately and in order of time, including deleted messages,
 * so that chats are scored separately. Chats with a person on the privilege list are withheld.
 */
import type { TextNote } from '../../contracts/text-note.ts'
import { closedBy } from '../chats/common/chat-records.ts'
import type { ChatMessage, ChatStore } from '../chats/common/chat-store.ts'
import {
  chatText,
  type TextBeside,
  type TextCollector,
  type TextConversation,
} from '../documents/text-extractor.ts'

export interface Messenger {
  readonly conversations: readonly TextConversation[]
  /**
   * Count of withheld chats. When it is not zero, the other tables are not read, because they may contain the same
   * text.
   */
  readonly closed: number
  readonly warnings: readonly TextNote[]
  readonly notes: readonly TextNote[]
}

/** Sender names for messages of this account, and for messages without a sender. */
const OWN = '(this account)'
const NOBODY = '(not named)'

/** @param make creates the store anew on each call @returns null when there is no store */
export function messengerIn(
  make: () => ChatStore | null,
  { privileged }: TextBeside,
  sink: TextCollector,
): Messenger | null {
  const store = make()
  if (store === null) return null
  const closed = closedBy(make, store, privileged)
  const chats = new Map<string, ChatMessage[]>()
  const left = new Set<string>()
  let room = sink.room
  for (const message of store.messages) {
    const key = message.conversation ?? ''
    if (closed(message)) left.add(key)
    else if (message.text !== null) {
      // Text beyond the limit of the collector is not kept here either.
      if (room < 0) continue
      room -= message.text.length
      const chat = chats.get(key) ?? []
      chats.set(key, chat)
      chat.push(message)
    }
  }
  const conversations: TextConversation[] = []
  for (const [key, found] of chats) {
    if (left.has(key)) continue
    const name = store.conversations.get(key)?.name ?? (key === '' ? NOBODY : key)
    const messages = inOrder(found).map(({ text, sender, fromMe }) => ({
      sender: fromMe === true ? OWN : (sender ?? NOBODY),
      text: text!,
    }))
    conversations.push({ name, messages })
    sink.add(`${name}\n${chatText(messages)}\n\n`)
  }
  const unread = store.unreadWords?.() ?? 0
  return {
    conversations,
    closed: left.size,
    warnings: [
      ...(left.size > 0
        ? [{ code: 'conversations-privileged' as const, params: { conversations: left.size } }]
        : []),
      ...(unread > 0 ? [{ code: 'words-unread' as const, params: { messages: unread } }] : []),
    ],
    notes: [
      { code: 'conversations', params: { program: store.program, conversations: conversations.length } },
    ],
  }
}

/** Messages without a time keep their order, behind those with a time. */
function inOrder(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const at = ({ when }: ChatMessage) => (when === null ? Number.POSITIVE_INFINITY : Number(when.ns))
  return [...messages].sort((a, b) => (at(a) === at(b) ? 0 : at(a) < at(b) ? -1 : 1))
}
