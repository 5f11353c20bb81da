/**
 * Result of a messenger reader: conversations with persons, and messages with direction, time, text and attachments.
 * A person is one that the tables name. The owner of the device appears only as "from this account".
 *
 * Two stages use it: artefact parsing takes everything except the text, text extraction takes the text.
 */
import type { WireRecord } from '../../../wire/records-reply.ts'
import type { Tables } from '../../sqlite/sqlite-tables.ts'

export interface Conversation {
  /** Name of the group or of the other person in the tables. */
  readonly name: string | null
  /** Addresses of the members, without the owner when the tables identify the owner. */
  readonly persons: readonly string[]
}

export interface ChatMedia {
  readonly path?: string | undefined
  readonly name?: string | undefined
  readonly mediaType?: string | undefined
  readonly sizeBytes?: number | undefined
  /** Lower-case hex. */
  readonly sha256?: string | undefined
}

export interface ChatMessage {
  /** Key of the conversation; null: the row contains none. */
  readonly conversation: string | null
  /** Sender, as the tables name the person; null: this account, or no name. */
  readonly sender: string | null
  /** Recipient of a message from this account, when the row or a conversation of two persons states it. */
  readonly receiver?: string | null | undefined
  /** Undefined when the row does not state it. */
  readonly fromMe: boolean | undefined
  readonly when: WireRecord['when']
  readonly text: string | null
  readonly media: ChatMedia | null
  readonly status: 'live' | 'deleted'
}

/** A call. The other person is in the field of the sender or recipient. */
export interface ChatCall extends Omit<ChatMessage, 'text' | 'media'> {
  /** Length of the call; undefined when the row does not state it. */
  readonly seconds?: number | undefined
  readonly isVideo?: true | undefined
}

export interface ChatStore {
  readonly program: string
  readonly conversations: ReadonlyMap<string, Conversation>
  readonly messages: Iterable<ChatMessage>
  readonly calls?: Iterable<ChatCall>
  /** Count of messages whose text is in an unsupported form. Valid after the messages were read. */
  readonly unreadWords?: () => number
}

/** Wraps the messages of a reader that calls `lost` for each unreadable text, and counts these calls. */
export function countingUnread(
  messages: (lost: () => void) => Iterable<ChatMessage>,
): Pick<ChatStore, 'messages'> & Required<Pick<ChatStore, 'unreadWords'>> {
  let unread = 0
  const lost = () => {
    unread++
  }
  return { messages: messages(lost), unreadWords: () => unread }
}

/** Null for a database of another program. */
export type ChatReader = (tables: Tables) => ChatStore | null

/** Fields that identify the persons of a message or call. */
export type Between = Pick<ChatMessage, 'conversation' | 'sender' | 'receiver'>

/** Persons of a message: the members of its conversation, its sender and its recipient. */
export function personsOf({ conversations }: ChatStore, message: Between): readonly string[] {
  const persons = conversations.get(message.conversation ?? '')?.persons ?? []
  return [...persons, ...[message.sender, message.receiver].filter((one) => typeof one === 'string')]
}

/** Collects conversations by key from several tables. */
export class Conversations {
  readonly #names = new Map<string, string>()
  readonly #persons = new Map<string, Set<string>>()

  named(key: string, name: string | undefined): this {
    if (name !== undefined && !this.#names.has(key)) this.#names.set(key, name)
    return this
  }

  with(key: string, person: string | undefined): this {
    const persons = this.#persons.get(key) ?? new Set()
    this.#persons.set(key, persons)
    if (person !== undefined) persons.add(person)
    return this
  }

  all(): ReadonlyMap<string, Conversation> {
    const keys = new Set([...this.#persons.keys(), ...this.#names.keys()])
    return new Map(
      [...keys].map((key) => {
        const persons = [...(this.#persons.get(key) ?? [])]
        return [key, { name: this.#names.get(key) ?? null, persons }]
      }),
    )
  }
}
