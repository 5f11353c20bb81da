/**
 * Contract of a text extractor: one file and one row in TEXT_EXTRACTORS. It runs in a child process on bytes in
 * memory.
 *
 * A document is parsed, never opened in a program. No macro, script, template, external entity or remote reference is
 * resolved; each external reference becomes a note.
 */

import type { Attribute } from '../../contracts/attribute.ts'
import type { FilePasswords } from '../../contracts/file-lock.ts'
import type { PrivilegedSenders } from '../../contracts/privilege.ts'
import type { StageResult } from '../../contracts/stage.ts'
import type { TextNote } from '../../contracts/text-note.ts'
import type { TextPlace } from '../../contracts/text-place.ts'
import type { CompanionFiles } from '../../wire/companion-files.ts'
import type { TextLimits } from '../../wire/text.ts'
import type { ByteSource } from '../bytes/byte-source.ts'
import { CodedError } from '../bytes/coded-error.ts'
import type { Picture } from '../media/pixels/picture.ts'

export interface TextMessage {
  /** Sender as named in the content; empty when it names none. */
  readonly sender: string
  readonly text: string
}

/** One chat of a messenger's database. */
export interface TextConversation {
  readonly name: string
  readonly messages: readonly TextMessage[]
}

/** Further input for a text extractor, besides the bytes. */
export interface TextBeside {
  /** Companion files of a database. */
  readonly logs: CompanionFiles
  /** Passwords of the keys file; absent: none. */
  readonly passwords?: FilePasswords
  /** Persons whose conversations are withheld. */
  readonly privileged: PrivilegedSenders | null
  /** Reads the words of pages that are scans; absent: words in pictures are not read. */
  readonly scans?: ScanReader
}

/** Reads the pages of one document that are scans. */
export interface ScanReader {
  /** Whether one page more is read. */
  readonly takes: () => boolean
  /** @param sheet what the page paints, and how many points of the page one of its points is @param page from 1 */
  readonly read: (sheet: { readonly picture: Picture; readonly unit: number }, page: number) => Promise<void>
  /** The text of the document, and behind it that of its scans. */
  readonly joined: (own: ExtractedText) => ExtractedText
}

/** Decodes a picture, and reads the words in it. */
export type WordReader = (
  bytes: Buffer,
  mediaType: string,
  limits: Pick<TextLimits, 'textChars'> & { readonly pixels: number },
) => Promise<ExtractedText>

/** Begins a document whose pages may be scans. */
export type ScanReaders = (limits: Pick<TextLimits, 'textChars'>) => ScanReader

/** Reads the words and codes that frames of a video show; null: no frame can be decoded. */
export type FrameReader = (
  source: ByteSource,
  mediaType: string,
  limits: Pick<TextLimits, 'textChars'> & { readonly pixels: number },
) => Promise<ExtractedText | null>

/** Finds the speech of a sound or of a video, and transcribes it where a model is given. */
export type SoundListener = (
  source: ByteSource,
  mediaType: string,
  limits: Pick<TextLimits, 'textChars'>,
) => Promise<ExtractedText>

export interface ExtractedText {
  readonly text: string
  /**
   * For chats and mailboxes: sender and text of each message, in content order. `text` then contains the same text.
   */
  readonly messages?: readonly TextMessage[]
  /**
   * For a messenger: its chats, each scored separately. `messages` then contains the same messages, chat after chat.
   */
  readonly conversations?: readonly TextConversation[]
  /** Count of withheld chats. When no other text was read, the content is privileged. */
  readonly closed?: number
  /** Addresses of senders and recipients, for the privilege list. */
  readonly addresses?: readonly string[]
  /** Of words in a picture: where each stretch of `text` stands in it. */
  readonly places?: readonly TextPlace[]
  /** Stretches of `text`, start and end, of which the recogniser is not sure: they can be searched and are never a sign. */
  readonly unsure?: readonly (readonly [number, number])[]
  /** Result where no text was found, if it is another than that there is none. */
  readonly without?: StageResult
  /** Result where text was found, if it is another than that all was read. */
  readonly whenRead?: StageResult
  /** Unread parts: limit or damage. Makes the result `partly-examined`. */
  readonly warnings: readonly TextNote[]
  /** Findings about the content that stand without a text. */
  readonly about?: readonly Attribute[]
  /** Findings of the extractor itself. */
  readonly attributes?: readonly Attribute[]
  /** Facts for the reader that did not reduce the text: macros, remote references. */
  readonly notes?: readonly TextNote[]
}

export interface TextExtractor {
  readonly id: string
  readonly reads: (mediaType: string) => boolean
  /** @throws TextEncrypted, TextDamaged; any other error also counts as damage */
  readonly extract: (
    bytes: Buffer,
    limits: TextLimits,
    beside?: TextBeside,
  ) => Promise<ExtractedText> | ExtractedText
}

export class TextEncrypted extends Error {}
export class TextDamaged extends CodedError {}
/** No extractor supports the actual format of the content. */
export class TextNotBuilt extends Error {}

/** Maximum nesting of mail parts, and of JSON in which chats are searched. */
export const MAX_DEPTH = 256

/** Collects text up to a limit; text beyond it is dropped, and a warning reports the cut. */
export class TextCollector {
  readonly #limit: number
  readonly #parts: string[] = []
  #chars = 0
  #cut = false

  constructor(limits: Pick<TextLimits, 'textChars'>) {
    this.#limit = limits.textChars
  }

  /** False once the limit is reached: an extractor may then stop. */
  add(text: string): boolean {
    const room = this.#limit - this.#chars
    if (text.length > room) this.#cut = true
    if (room > 0) {
      this.#parts.push(text.length > room ? text.slice(0, room) : text)
      this.#chars += Math.min(text.length, room)
    }
    return !this.#cut
  }

  /** Count of characters that still fit. */
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

/** Message lines for the index: the sender precedes the text. */
export function chatText(messages: readonly TextMessage[]): string {
  return messages.map(({ sender, text }) => (sender === '' ? text : `${sender}: ${text}`)).join('\n')
}

/** Removes trailing blanks and repeated blank lines; at most one empty line stays. */
export function tidied(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t\u00a0]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
