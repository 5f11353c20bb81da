/**
 * The words of a messenger's database: each chat by itself and in order of time, deleted messages among them, so that no chat is
 * scored together with another. Chats with a person of the privilege list stay closed.
 */
import type { TextNote } from '../../contracts/text-note.ts'
import { closedBy } from '../chats/chat-records.ts'
import type { ChatMessage, ChatStore } from '../chats/chat-store.ts'
import {
  chatText,
  type TextBeside,
  type TextCollector,
  type TextConversation,
} from '../documents/text-extractor.ts'

export interface Messenger {
  readonly conversations: readonly TextConversation[]
  /** Chats that stay closed: nothing else of the database is read then, as it may hold the same words. */
  readonly closed: number
  readonly warnings: readonly TextNote[]
  readonly notes: readonly TextNote[]
}

/** Of messages of this account, and of those that name nobody. */
const OWN = '(this account)'
const NOBODY = '(not named)'

/**
 * @param make the store anew, as often as it is asked
 * @returns null where there is none
 */
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
      // More than the sink can hold is not held here either.
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

/** What has no time keeps its place behind those that have one. */
function inOrder(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const at = ({ when }: ChatMessage) => (when === null ? Number.POSITIVE_INFINITY : Number(when.ns))
  return [...messages].sort((a, b) => (at(a) === at(b) ? 0 : at(a) < at(b) ? -1 : 1))
}
