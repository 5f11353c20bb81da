/**
 * The words of reports, by language: one file and one line in LANGUAGES each. Nothing else makes words of the codes that a
 * ledger holds; a test asks that every code has words and every parameter is in them.
 */

import { exifDate } from '../../base/exif-date.ts'
import type { Attribute } from '../../contracts/attribute.ts'
import type { Coded, Params } from '../../contracts/coded.ts'
import type { Detail } from '../../contracts/detail.ts'
import type { Finding } from '../../contracts/finding.ts'
import type { ReviewReason } from '../../contracts/review-reason.ts'
import { kindOf } from '../../findings/index.ts'
import en from './en.json' with { type: 'json' }
import { Message } from './message.ts'

export const LANGUAGES: Readonly<Record<string, Messages>> = { en }

/** Messages by kind of fact and code. `note` holds what attributes and details share. */
export type Messages = Readonly<Record<MessageKind, Readonly<Record<string, string>>>>

export type MessageKind =
  | 'reason'
  | 'detail'
  | 'note'
  | 'attribute'
  | 'review'
  | 'record'
  | 'finding'
  | 'title'
  | 'meaning'
  | SentenceKind
  | 'page'
  | WordKind

/** Sentences with parameters that belong to no fact of an entry. */
export type SentenceKind = 'exhibit' | 'image-remark' | 'report'

/** Words without parameters, for closed lists of codes. */
export type WordKind =
  | 'byte-class'
  | 'clock-against'
  | 'status'
  | 'basis'
  | 'stage'
  | 'stage-means'
  | 'outcome'
  | 'list-meaning'
  | 'record-time'
  | 'priority'
  | 'sight'
  | 'decisions-come-to'

export class Texts {
  readonly #messages: Messages
  readonly #language: string
  readonly #read = new Map<string, Message>()

  constructor(language: string) {
    this.#language = language
    this.#messages = LANGUAGES[language]!
  }

  /** Of a stage result; what an older or damaged ledger holds and nobody has words for is shown as it is. */
  reason(code: string): string {
    return this.#write('reason', { code, params: {} })
  }

  sentence(kind: SentenceKind, code: string, params: Params = {}): string {
    return this.#write(kind, { code, params })
  }

  word(kind: WordKind, code: string): string {
    return this.#write(kind, { code, params: {} })
  }

  detail(detail: Detail): string {
    return this.#write('detail', detail)
  }

  attribute({ code, params }: Attribute): string {
    const dated = code === 'capture-time' && 'text' in params
    return this.#write('attribute', {
      code,
      params: dated ? { text: exifDate(String(params.text)) } : params,
    })
  }

  /** In one line. */
  finding(finding: Finding): string {
    if (finding.kind === 'attribute') return this.attribute(finding)
    const params = kindOf(finding).params(finding)
    const said = finding.kind === 'reference' ? { ...params, record: this.record(finding.record) } : params
    return this.#write('finding', { code: finding.kind, params: said })
  }

  /** What programs on the device recorded; without any words of what it proves. */
  record(record: Coded): string {
    return this.#write('record', record)
  }

  /** Heading of a section about one kind of finding, and what it means. */
  title(kind: Finding['kind']): string {
    return this.#write('title', { code: kind, params: {} })
  }

  meaning(kind: Finding['kind']): string {
    return this.#write('meaning', { code: kind, params: {} })
  }

  review(reason: ReviewReason): string {
    return this.#write('review', reason)
  }

  /** Null where there are no words for it. */
  message(kind: MessageKind, code: string): Message | null {
    const key = `${kind} ${code}`
    const known = this.#read.get(key)
    if (known) return known
    const text = own(this.#messages[kind], code) ?? own(this.#messages.note, code)
    if (text === undefined) return null
    const message = new Message(text, this.#language)
    this.#read.set(key, message)
    return message
  }

  #write(kind: MessageKind, { code, params }: Coded): string {
    return this.message(kind, code)?.write(params) ?? asIs(code, params)
  }
}

export const ENGLISH = new Texts('en')

function own(messages: Readonly<Record<string, string>>, code: string): string | undefined {
  return Object.hasOwn(messages, code) ? messages[code] : undefined
}

function asIs(code: string, params: Params): string {
  return [code, ...Object.values(params)].join(' ')
}

/** Faces are places in a picture that a report does not show; what they amount to stands in other attributes. */
export function isShown({ code }: Attribute): boolean {
  return code !== 'face'
}
