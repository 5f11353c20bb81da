/** What differs from an earlier ledger of the same exhibit, as src/diff tells it, for a court. */
import { printText } from '../../base/evidence-path.ts'
import type { Row } from './row.ts'
import type { CourtTexts } from './texts.ts'

export interface Earlier {
  readonly newestHead: string
  readonly isSameInventory: boolean
  readonly changes: readonly Change[]
}

/** As src/diff tells it. */
export interface Change {
  readonly section: string
  readonly what: string
  readonly words: string
  readonly cause: string | null
}

/** More are for a program: seized diff --json. */
const MOST_CHANGES = 500

export interface Differences {
  readonly sentences: readonly string[]
  readonly rows: readonly Row[]
}

/** Names of changes are codes of the record, in English as reasons are. */
export function differenceRows(
  { newestHead, isSameInventory, changes }: Earlier,
  texts: CourtTexts,
): Differences {
  const real = changes.filter(({ section }) => section !== 'totals')
  const totals = changes.filter(({ section }) => section === 'totals').map(({ words }) => printText(words))
  const more = real.length - MOST_CHANGES
  return {
    sentences: [
      texts.say('diff-with', { head: newestHead }),
      texts.say(isSameInventory ? 'diff-same' : 'diff-other'),
      ...(real.length === 0 ? [texts.say('diff-none')] : totals),
      ...(more > 0 ? [texts.say('diff-more', { changes: more })] : []),
    ],
    rows: real
      .slice(0, MOST_CHANGES)
      .map(({ section, what, words, cause }) => [
        `${section}: ${what}`,
        printText(words),
        cause === null ? '–' : printText(cause),
      ]),
  }
}
