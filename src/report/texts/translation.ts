/**
 * Words of the user interface (help, review page) in other languages: one file for each language, keyed by the English
 * text. A text that is missing, or whose English changed since, is shown in English.
 */
import { createHash } from 'node:crypto'

export interface Translation {
  readonly language: string
  /** Name of the language in that language. */
  readonly name: string
  /** Digest of all English sentences at the last comparison: see `digestOf`. */
  readonly sourceSha256: string
  readonly translatedBy: string
  /** A forensic examiner who speaks the language; null: not reviewed. */
  readonly reviewedBy: string | null
  readonly reviewedOn: string | null
  readonly messages: Readonly<Record<string, string>>
}

/** @param by null for English itself */
export function translated(english: string, by: Translation | null): string {
  return by && Object.hasOwn(by.messages, english) ? by.messages[english]! : english
}

/** True when a person reviewed the translation of exactly these sentences. */
export function isReviewed({ reviewedBy, sourceSha256 }: Translation, english: readonly string[]): boolean {
  return reviewedBy !== null && sourceSha256 === digestOf(english)
}

/** SHA-256 of the sentences, each once and sorted, as JSON. */
export function digestOf(english: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([...new Set(english)].sort()))
    .digest('hex')
}
