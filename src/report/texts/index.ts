/**
 * The words of reports, by language: one file and one line in LANGUAGES each. Only this module turns codes of a ledger
 * into words. A test checks that every code has words and that they contain every parameter.
 */

import { exifDate } from '../../base/exif-date.ts'
import type { Attribute } from '../../contracts/attribute.ts'
import type { Coded, Params } from '../../contracts/coded.ts'
import type { Detail } from '../../contracts/detail.ts'
import type { Finding } from '../../contracts/finding.ts'
import type { ReviewReason } from '../../contracts/review-reason.ts'
import { kindOf } from '../../findings/index.ts'
import en from './en.json' with { type: 'json' }
import { KIND_RECORD_WORDS, LIST_NAMES, PROGRAM_NAMES } from './kind-words.ts'
import { Message } from './message.ts'

export const LANGUAGES: Readonly<Record<string, Messages>> = {
  en: { ...en, record: named({ ...en.record, ...KIND_RECORD_WORDS }) },
}

/** Messages by kind of fact and code. `note` contains messages that attributes and details share. */
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

  /** Words for the reason of a stage result; an unknown code of an older or damaged ledger is shown unchanged. */
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

  /** A finding in one line. */
  finding(finding: Finding): string {
    if (finding.kind === 'attribute') return this.attribute(finding)
    const params = kindOf(finding).params(finding)
    const said = finding.kind === 'reference' ? { ...params, record: this.record(finding.record) } : params
    return this.#write('finding', { code: finding.kind, params: said })
  }

  /** An entry of a program's record on the device; the words do not state what it proves. */
  record(record: Coded): string {
    return this.#write('record', record)
  }

  /** Heading of a section about one kind of finding, and its meaning. */
  title(kind: Finding['kind']): string {
    return this.#write('title', { code: kind, params: {} })
  }

  meaning(kind: Finding['kind']): string {
    return this.#write('meaning', { code: kind, params: {} })
  }

  review(reason: ReviewReason): string {
    return this.#write('review', reason)
  }

  /** Null where there are no words for the code. */
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

/** `{program, name}` and `{list, name}`: the name of a program or list, in the words of its kind; otherwise its code. */
function named(messages: Readonly<Record<string, string>>): Record<string, string> {
  const choice = (param: string, names: Readonly<Record<string, string>>) =>
    `{${param}, select, ${Object.entries(names)
      .map(([code, name]) => `${code} {${name}} `)
      .join('')}other {{${param}}}}`
  const [program, list] = [choice('program', PROGRAM_NAMES), choice('list', LIST_NAMES)]
  return Object.fromEntries(
    Object.entries(messages).map(([code, text]) => [
      code,
      text.replaceAll('{program, name}', program).replaceAll('{list, name}', list),
    ]),
  )
}

function own(messages: Readonly<Record<string, string>>, code: string): string | undefined {
  return Object.hasOwn(messages, code) ? messages[code] : undefined
}

function asIs(code: string, params: Params): string {
  return [code, ...Object.values(params)].join(' ')
}

/**
 * Whether a report shows the attribute. Faces are positions in a picture and are not shown; other attributes contain
 * their result.
 */
export function isShown({ code }: Attribute): boolean {
  return code !== 'face'
}
