/**
 * Statements about the image in the court's edition: in the sentence of the result, below it, and in the section on
 * parts that were not examined.
 */
import type { ByteClass } from '../../contracts/image-exhibit.ts'
import { recordedImageState } from '../../contracts/image-state.ts'
import {
  imageStateText,
  incompleteTexts,
  omissionText,
  recoveredText,
  sayOfImage,
} from '../model/image-words.ts'
import { lockTexts } from '../model/lock-words.ts'
import { omissionsOf } from '../model/omissions.ts'
import { type CourtExhibit, labelled, saidOnce } from './exhibits.ts'
import type { Row } from './row.ts'
import type { CourtTexts } from './texts.ts'

/** Byte classes that were not examined. */
const UNSEEN: ReadonlySet<ByteClass> = new Set([
  'encrypted',
  'not-read',
  'unreadable-at-acquisition',
  'damaged',
])

/** Limits of the result, in the same paragraph as the result. */
export function resultLimits(exhibits: readonly CourtExhibit[], language: string): readonly string[] {
  return saidOnce(exhibits, ({ ledger }) => {
    const left = ledger.byteClasses().reduce((sum, one) => sum + (UNSEEN.has(one.class) ? one.bytes : 0), 0)
    const size = ledger.exhibit.image?.sizeBytes ?? 0
    return [
      ...(left > 0 ? [sayOfImage('result-left', { left, size }, language)] : []),
      ...(recordedImageState(ledger).kind === 'differs' ? [sayOfImage('result-differs', {}, language)] : []),
    ]
  })
}

/**
 * Whether the image is identical to the acquired one, why the examination is incomplete, and which deleted files were
 * read.
 */
export function imageLines(exhibits: readonly CourtExhibit[], language: string): readonly string[] {
  return saidOnce(exhibits, ({ ledger }) => {
    const recovered = recoveredText(ledger, language)
    return [
      imageStateText(recordedImageState(ledger), language),
      ...incompleteTexts(ledger, language),
      ...(recovered === null ? [] : [recovered]),
      ...lockTexts(ledger, language),
    ]
  })
}

/** Rows on the parts of the image that were not examined, and its bytes by class. */
export function omittedRows(exhibits: readonly CourtExhibit[], texts: CourtTexts): readonly Row[] {
  return exhibits.flatMap(({ ledger, label }) =>
    omissionsOf(ledger).map((one) => [
      labelled(label, texts.say('image')),
      omissionText(one, texts.of.language),
      one.bytes === null ? '–' : texts.custom.bytes(one.bytes),
    ]),
  )
}
