/** What the court's edition says of the image: in the one sentence of the result, below it, and among what was not examined. */
import type { ByteClass } from '../../contracts/image-exhibit.ts'
import { recordedImageState } from '../../contracts/image-state.ts'
import {
  imageStateText,
  incompleteTexts,
  omissionText,
  recoveredText,
  sayOfImage,
} from '../model/image-words.ts'
import { omissionsOf } from '../model/omissions.ts'
import { type CourtExhibit, labelled } from './exhibits.ts'
import type { Row } from './row.ts'
import type { CourtTexts } from './texts.ts'

/** Nobody could or would look into them. */
const UNSEEN: ReadonlySet<ByteClass> = new Set([
  'encrypted',
  'not-read',
  'unreadable-at-acquisition',
  'damaged',
])

/** Behind the result, in the same paragraph: what it cannot speak of. */
export function resultLimits(exhibits: readonly CourtExhibit[], language: string): string[] {
  return exhibits.flatMap(({ ledger, label }) => {
    const left = ledger.byteClasses().reduce((sum, one) => sum + (UNSEEN.has(one.class) ? one.bytes : 0), 0)
    const size = ledger.exhibit.image?.sizeBytes ?? 0
    const limits = [
      ...(left > 0 ? [sayOfImage('result-left', { left, size }, language)] : []),
      ...(recordedImageState(ledger).kind === 'differs' ? [sayOfImage('result-differs', {}, language)] : []),
    ]
    return limits.map((line) => labelled(label, line))
  })
}

/** Whether the image is what was acquired, what makes the examination incomplete, what was deleted and read. */
export function imageLines(exhibits: readonly CourtExhibit[], language: string): string[] {
  return exhibits.flatMap(({ ledger, label }) => {
    const recovered = recoveredText(ledger, language)
    const lines = new Set([
      imageStateText(recordedImageState(ledger), language),
      ...incompleteTexts(ledger, language),
      ...(recovered === null ? [] : [recovered]),
    ])
    return [...lines].map((line) => labelled(label, line))
  })
}

/** The image, what of it was left, its bytes. */
export function omittedRows(exhibits: readonly CourtExhibit[], texts: CourtTexts): readonly Row[] {
  return exhibits.flatMap(({ ledger, label }) =>
    omissionsOf(ledger).map((one) => [
      labelled(label, texts.say('image')),
      omissionText(one, texts.of.language),
      one.bytes === null ? '–' : texts.custom.bytes(one.bytes),
    ]),
  )
}
