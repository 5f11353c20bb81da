/**
 * The words of the record, of the pilot's sheet and of the deployer's sheet: one file and one line per language. English is binding; each other
 * file states whether it was reviewed.
 */
import { createHash } from 'node:crypto'
import type { Params } from '../../contracts/coded.ts'
import { Message } from '../../report/texts/message.ts'
import bn from '../texts/bn.json' with { type: 'json' }
import el from '../texts/el.json' with { type: 'json' }
import en from '../texts/en.json' with { type: 'json' }
import es from '../texts/es.json' with { type: 'json' }
import fr from '../texts/fr.json' with { type: 'json' }
import lt from '../texts/lt.json' with { type: 'json' }
import pt from '../texts/pt.json' with { type: 'json' }

export type RecordKey = keyof typeof en.record
export type PilotKey = keyof typeof en.pilot
export type DeployerKey = keyof typeof en.deployer

export interface ValidationLanguage {
  readonly language: string
  /** Name of the language in itself. */
  readonly name: string
  /** Digest of the English words that it translates. */
  readonly sourceSha256: string
  readonly translatedBy: string | null
  readonly reviewedBy: string | null
  readonly reviewedOn: string | null
  readonly record: Readonly<Record<RecordKey, string>>
  readonly pilot: Readonly<Record<PilotKey, string>>
  readonly deployer: Readonly<Record<DeployerKey, string>>
}

export const VALIDATION_LANGUAGES: readonly ValidationLanguage[] = [en, lt, es, pt, fr, el, bn]

export class ValidationTexts {
  readonly of: ValidationLanguage

  constructor(language: string) {
    this.of = VALIDATION_LANGUAGES.find((one) => one.language === language) ?? VALIDATION_LANGUAGES[0]!
  }

  get isReviewed(): boolean {
    const { language, reviewedBy, sourceSha256 } = this.of
    return language === 'en' || (reviewedBy !== null && sourceSha256 === SOURCE_SHA256)
  }

  say(key: RecordKey, params: Params = {}): string {
    return new Message(this.of.record[key], this.of.language).write(params)
  }

  deployer(key: DeployerKey, params: Params = {}): string {
    return new Message(this.of.deployer[key], this.of.language).write(params)
  }

  pilot(key: PilotKey): string {
    return this.of.pilot[key]
  }
}

/** SHA-256 of the English words as JSON with sorted keys: a translation of others is stale. */
export const SOURCE_SHA256 = createHash('sha256')
  .update(
    JSON.stringify({ deployer: sorted(en.deployer), pilot: sorted(en.pilot), record: sorted(en.record) }),
  )
  .digest('hex')

function sorted(of: Readonly<Record<string, string>>): object {
  return Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)))
}
