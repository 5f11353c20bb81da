/** What an export says of the image and of what was not examined: whoever receives it has no page one. */
import { recordedImageState } from '../../contracts/image-state.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import { imageStateText, incompleteTexts, omissionTexts } from '../model/image-words.ts'

/** One row a thing; a name may stand several times. */
export function imageNotes(ledger: LedgerReader): readonly (readonly [name: string, value: string])[] {
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
