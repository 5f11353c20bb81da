/**
 * Codes of the record in the court's language. Each list is closed: a code without a sentence in every language does
 * not compile. Other codes, from an older or a damaged ledger, are quoted unchanged.
 */
import type { PROCESS_DOES } from '../../base/errors.ts'
import type { CustodyEventName } from '../../contracts/custody.ts'
import type { Meaning } from '../../contracts/hash-set.ts'
import type { EntryStatus } from '../../contracts/image.ts'
import type { ByteClass } from '../../contracts/image-exhibit.ts'
import type { ReasonCode } from '../../contracts/reason.ts'
import type { StageName } from '../../contracts/stage.ts'
import type { CourtKey, CourtTexts } from './texts.ts'

/** Every code that the court's edition prints, as the key of its words. */
export type CodedKey =
  | `reason-${ReasonCode}`
  | `stage-${StageName}`
  | `bytes-${ByteClass}`
  | `status-${Exclude<EntryStatus, 'live'>}`
  | 'status-fragment'
  | 'status-reconstructed'
  | `event-${CustodyEventName}`
  | `process-${keyof typeof PROCESS_DOES}`
  | `meaning-${Meaning}`

/** Fails to compile when a key has no words, and names the first such key. */
type Said<Key extends CourtKey> = Key

export type CourtCode = Said<CodedKey>

export type CodedKind = 'reason' | 'stage' | 'bytes' | 'status' | 'event' | 'process'

export function coded(texts: CourtTexts, kind: CodedKind, code: string): string {
  const key = `${kind}-${code}`
  return texts.has(key) ? texts.say(key) : code
}
