/**
 * Notes of an export on the image and on parts that were not examined, because its recipient does not have page one of
 * the report.
 */
import { recordedImageState } from '../../contracts/image-state.ts'
import type { EntryTotals, ExaminationFacts, MediumFacts } from '../../contracts/ledger-reader.ts'
import { imageStateText, incompleteTexts, omissionTexts } from '../model/image-words.ts'

/** One row for each note; a name may occur several times. */
export function imageNotes(
  ledger: ExaminationFacts & MediumFacts & EntryTotals,
): readonly (readonly [name: string, value: string])[] {
  const state = recordedImageState(ledger)
  const text = imageStateText(state)
  return [
    ['seized:image', `${state.kind}: ${text}`],
    ...incompleteTexts(ledger)
      .filter((line) => line !== text)
      .map((line) => ['seized:incomplete', line] as const),
    ...omissionTexts(ledger).map((line) => ['seized:notExamined', line] as const),
  ]
}
