/**
 * Words of the program's own surface (its help, the page of a review) in other languages: one file a language, by the English
 * that is translated. What a file lacks, or of which the English has changed since, is said in English.
 */
import { createHash } from 'node:crypto'

export interface Translation {
  readonly language: string
  /** What its speakers call it. */
  readonly name: string
  /** Of all the English sentences when this was last held against them: see `digestOf`. */
  readonly sourceSha256: string
  readonly translatedBy: string
  /** A forensic examiner who speaks it; null: nobody. */
  readonly reviewedBy: string | null
  readonly reviewedOn: string | null
  readonly messages: Readonly<Record<string, string>>
}

/** @param by null: English itself */
export function translated(english: string, by: Translation | null): string {
  return by && Object.hasOwn(by.messages, english) ? by.messages[english]! : english
}

/** By a person, and of the sentences that stand here now. */
export function isReviewed({ reviewedBy, sourceSha256 }: Translation, english: readonly string[]): boolean {
  return reviewedBy !== null && sourceSha256 === digestOf(english)
}

/** SHA-256 of the sentences, each once and sorted, as JSON. */
export function digestOf(english: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([...new Set(english)].sort()))
    .digest('hex')
}
