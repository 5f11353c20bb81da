/**
 * What a text extractor is: one file and one line in TEXT_EXTRACTORS. Runs in a child, over bytes in memory.
 *
 * A document is read, never opened: no macro, script, template, external entity or remote reference is resolved, and what
 * pointed outwards becomes a warning.
 */

import type { PrivilegedSenders } from '../../contracts/privilege.ts'
import type { TextNote } from '../../contracts/text-note.ts'
import type { CompanionFiles } from '../../wire/companion-files.ts'
import type { TextLimits } from '../../wire/text.ts'
import { CodedError } from '../bytes/coded-error.ts'
export interface TextMessage {
  /** As the content names the sender; empty when it does not. */
  readonly sender: string
  readonly text: string
}

/** One of the chats in a messenger's database. */
export interface TextConversation {
  readonly name: string
  readonly messages: readonly TextMessage[]
}

/** What a content is read with, beside its own bytes. */
export interface TextBeside {
  /** Of a database. */
  readonly logs: CompanionFiles
  /** Whose conversations stay closed. */
  readonly privileged: PrivilegedSenders | null
}

export interface ExtractedText {
  readonly text: string
  /** For chats and mailboxes: who wrote what, in the order of the content. `text` then holds the same words. */
  readonly messages?: readonly TextMessage[]
  /** Of a messenger: its chats, each scored by itself; `messages` then holds the same, one chat behind the other. */
  readonly conversations?: readonly TextConversation[]
  /** Chats that stay closed. With nothing else read, the content is privileged. */
  readonly closed?: number
  /** Addresses that the content was sent from and to, for the privilege list. */
  readonly addresses?: readonly string[]
  /** What was not read: the limit, damage. Makes the result `partly-examined`. */
  readonly warnings: readonly TextNote[]
  /** What a reader should know and that took nothing away: macros, remote references. */
  readonly notes?: readonly TextNote[]
}

export interface TextExtractor {
  readonly id: string
  readonly reads: (mediaType: string) => boolean
  /** @throws TextEncrypted, TextDamaged; anything else is damage too */
  readonly extract: (
    bytes: Buffer,
    limits: TextLimits,
    beside?: TextBeside,
  ) => Promise<ExtractedText> | ExtractedText
}

export class TextEncrypted extends Error {}
export class TextDamaged extends CodedError {}
/** Nothing here reads what this turned out to be. */
export class TextNotBuilt extends Error {}

/** Deepest nesting of mail parts, and of JSON in which a chat is looked for. */
export const MAX_DEPTH = 256

/** Gathers text up to a limit; what comes after is counted, not kept. */
export class TextCollector {
  readonly #limit: number
  readonly #parts: string[] = []
  #chars = 0
  #cut = false

  constructor(limits: Pick<TextLimits, 'textChars'>) {
    this.#limit = limits.textChars
  }

  /** False once the limit is reached: a reader may stop then. */
  add(text: string): boolean {
    const room = this.#limit - this.#chars
    if (text.length > room) this.#cut = true
    if (room > 0) {
      this.#parts.push(text.length > room ? text.slice(0, room) : text)
      this.#chars += Math.min(text.length, room)
    }
    return !this.#cut
  }

  /** Characters that still fit. */
  get room(): number {
    return Math.max(0, this.#limit - this.#chars)
  }

  get isFull(): boolean {
    return this.#cut
  }

  text(): string {
    return this.#parts.join('')
  }

  warnings(): TextNote[] {
    return this.#cut ? [{ code: 'text-cut', params: { characters: this.#limit } }] : []
  }
}

/** Lines of messages, as they are indexed: the sender before the words. */
export function chatText(messages: readonly TextMessage[]): string {
  return messages.map(({ sender, text }) => (sender === '' ? text : `${sender}: ${text}`)).join('\n')
}

/** Blank lines and trailing blanks say nothing: at most one empty line stays. */
export function tidied(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t\u00a0]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
