/**
 * The words of the court's edition: one file and one line for each language. The English text binds; a translation
 * that was not reviewed states so.
 */
import { createHash } from 'node:crypto'
import type { Params } from '../../contracts/coded.ts'
import { isImageReviewed } from '../model/image-words.ts'
import bn from '../texts/court/bn.json' with { type: 'json' }
import el from '../texts/court/el.json' with { type: 'json' }
import en from '../texts/court/en.json' with { type: 'json' }
import es from '../texts/court/es.json' with { type: 'json' }
import fr from '../texts/court/fr.json' with { type: 'json' }
import lt from '../texts/court/lt.json' with { type: 'json' }
import pt from '../texts/court/pt.json' with { type: 'json' }
import { CustomOf } from '../texts/custom.ts'
import { Message } from '../texts/message.ts'

export type CourtKey = keyof typeof en.messages

export interface CourtLanguage {
  readonly language: string
  /** Name of the language in that language. */
  readonly name: string
  /** SHA-256 of the English messages that were translated. */
  readonly sourceSha256: string
  readonly translatedBy: string | null
  /** Prosecutor or quality manager, and a forensic examiner who is a native speaker; null: not reviewed. */
  readonly reviewedBy: string | null
  readonly reviewedOn: string | null
  readonly messages: Readonly<Record<CourtKey, string>>
}

export const COURT_LANGUAGES: readonly CourtLanguage[] = [en, lt, es, pt, fr, el, bn]

export class CourtTexts {
  readonly of: CourtLanguage
  readonly custom: CustomOf
  readonly #read = new Map<CourtKey, Message>()

  constructor(language: string) {
    this.of = COURT_LANGUAGES.find((one) => one.language === language) ?? COURT_LANGUAGES[0]!
    this.custom = new CustomOf(this.of.language)
  }

  /** English needs no review: it is the text that translations are compared with. */
  get isBinding(): boolean {
    return this.of.language === 'en'
  }

  get isReviewed(): boolean {
    return (
      this.isBinding ||
      (this.of.reviewedBy !== null &&
        this.of.sourceSha256 === SOURCE_SHA256 &&
        isImageReviewed(this.of.language))
    )
  }

  has(key: string): key is CourtKey {
    return Object.hasOwn(this.of.messages, key)
  }

  say(key: CourtKey, params: Params = {}): string {
    let message = this.#read.get(key)
    if (!message) {
      message = new Message(this.of.messages[key], this.of.language, this.custom)
      this.#read.set(key, message)
    }
    return message.write(params)
  }
}

/** SHA-256 of the English messages as JSON with sorted keys: a translation of others is stale. */
export const SOURCE_SHA256 = createHash('sha256')
  .update(
    JSON.stringify(Object.fromEntries(Object.entries(en.messages).sort(([a], [b]) => (a < b ? -1 : 1)))),
  )
  .digest('hex')
