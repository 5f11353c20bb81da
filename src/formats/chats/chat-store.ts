/**
 * What a reader of a messenger's tables gives: conversations with their persons, and messages with direction, time, words and
 * what was attached. A person is one that the tables name; the owner of the device is nobody here but "from this account".
 *
 * Two stages read it: records-read takes all but the words, text-read takes the words.
 */
import type { WireRecord } from '../../wire/records-reply.ts'
import type { Tables } from '../sqlite/sqlite-tables.ts'

export interface Conversation {
  /** Of the group or of the other side, as the tables name it. */
  readonly name: string | null
  /** Addresses of those who take part, the owner left out where the tables tell. */
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
  /** Key of its conversation; null: the row does not say. */
  readonly conversation: string | null
  /** Who sent it, as the tables name that person; null: this account, or nobody is named. */
  readonly sender: string | null
  /** Who this account sent it to, where the row or a conversation of two says so. */
  readonly receiver?: string | null | undefined
  /** Undefined where the row does not say. */
  readonly fromMe: boolean | undefined
  readonly when: WireRecord['when']
  readonly text: string | null
  readonly media: ChatMedia | null
  readonly status: 'live' | 'deleted'
}

/** A call: who it was with stands where a message has who sent it, or whom it was sent to. */
export interface ChatCall extends Omit<ChatMessage, 'text' | 'media'> {
  /** How long was spoken; undefined where the row does not say. */
  readonly seconds?: number | undefined
  readonly isVideo?: true | undefined
}

export interface ChatStore {
  readonly program: string
  readonly conversations: ReadonlyMap<string, Conversation>
  readonly messages: Iterable<ChatMessage>
  readonly calls?: Iterable<ChatCall>
  /** Messages whose words are there in a form that is not read. Asked after the messages. */
  readonly unreadWords?: () => number
}

/** Messages of a reader that calls `lost` for each whose words it cannot read, with how many that were. */
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

/** What says whom a message or a call is between. */
export type Between = Pick<ChatMessage, 'conversation' | 'sender' | 'receiver'>

/** Persons that a message is between: those of its conversation, and who sent it. */
export function personsOf({ conversations }: ChatStore, message: Between): readonly string[] {
  const persons = conversations.get(message.conversation ?? '')?.persons ?? []
  return [...persons, ...[message.sender, message.receiver].filter((one) => typeof one === 'string')]
}

/** Conversations by key, as their parts come together from several tables. */
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
