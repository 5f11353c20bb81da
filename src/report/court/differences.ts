/** Differences from an earlier ledger of the same exhibit, as src/diff reports them, for a court. */
import { type Change, inWords, titleOf } from './difference-words.ts'
import type { Row } from './row.ts'
import type { CourtTexts } from './texts.ts'

export interface Earlier {
  readonly newestHead: string
  readonly isSameInventory: boolean
  readonly changes: readonly Change[]
}

/** Limit of printed differences; `seized diff --json` lists all of them for programs. */
const MOST_CHANGES = 500

export interface Differences {
  readonly sentences: readonly string[]
  readonly rows: readonly Row[]
}

/** Names of settings, stages and results stay codes of the record, in English like reasons. */
export function differenceRows(
  { newestHead, isSameInventory, changes }: Earlier,
  texts: CourtTexts,
): Differences {
  const real = changes.filter(({ section }) => section !== 'totals')
  const totals = changes.filter(({ section }) => section === 'totals').map(({ said }) => inWords(said, texts))
  const more = real.length - MOST_CHANGES
  return {
    sentences: [
      texts.say('diff-with', { head: newestHead }),
      texts.say(isSameInventory ? 'diff-same' : 'diff-other'),
      ...(real.length === 0 ? [texts.say('diff-none')] : []),
      ...totals,
      ...(more > 0 ? [texts.say('diff-more', { changes: more })] : []),
    ],
    rows: real
      .slice(0, MOST_CHANGES)
      .map((change) => [
        titleOf(change, texts),
        inWords(change.said, texts),
        change.cause === null ? '–' : inWords(change.cause, texts),
      ]),
  }
}
