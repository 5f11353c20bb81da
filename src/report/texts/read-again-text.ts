/**
 * Sentences on the second reading of contents: its conclusions about the processes that read them first, and its
 * limits.
 */
import { listedBlocksNotExcluded } from '../../base/sample-bound.ts'
import type { RunHistory } from '../../contracts/ledger-reader.ts'
import { type AgainCount, type ReadAgain, readAgainOf } from '../../contracts/read-again.ts'
import { ENGLISH } from './index.ts'

const CONFIDENCE = 0.99

/**
 * Upper bound of contents that may have been read falsely all the same. Null where the sample found one, or a sampled
 * content could not be read.
 */
export function falselyReadNotExcluded(
  { of, asked, agreed }: AgainCount,
  confidence = CONFIDENCE,
): number | null {
  return asked === agreed ? listedBlocksNotExcluded(of, asked, confidence) : null
}

/** Numbers for all statements to a court: hits, and the samples of all other contents together. */
export function readAgainNumbers({ hit, known, other }: ReadAgain): Readonly<Record<string, number>> {
  const both = (name: keyof AgainCount) => known[name] + other[name]
  const draws = [other, known].filter(({ of }) => of > 0)
  // Raises the confidence of each bound so that all bounds hold together.
  const confidence = 1 - (1 - CONFIDENCE) / Math.max(1, draws.length)
  const bounds = draws.map((draw) => falselyReadNotExcluded(draw, confidence))
  const bound = bounds.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0)
  return {
    hits: hit.asked,
    hitsAgreed: hit.agreed,
    drawn: both('asked'),
    of: both('of'),
    drawnAgreed: both('agreed'),
    ...(bound === null ? {} : { bound }),
  }
}

/** Empty where no content was read again. */
export function readAgainSaid(ledger: Pick<RunHistory, 'events'>): readonly string[] {
  const again = readAgainOf(ledger)
  return again === null ? [] : [readAgainText(again)]
}

export function readAgainText({ hit, known, other, doubted, differing, distrusted }: ReadAgain): string {
  const say = (key: string, params = {}) => ENGLISH.sentence('exhibit', key, params)
  const drawn = (kind: string, count: AgainCount) => {
    const notExcluded = falselyReadNotExcluded(count)
    return count.of === 0
      ? []
      : [
          say('read-again-drawn', { kind, ...count }),
          ...(notExcluded === null ? [] : [say('read-again-bound', { notExcluded })]),
        ]
  }
  return [
    ...(hit.asked === 0 ? [] : [say('read-again-hits', { ...hit })]),
    ...drawn('other', other),
    ...drawn('known', known),
    ...(differing === 0
      ? []
      : [say('read-again-differing', { differing, distrusted, again: doubted.asked })]),
    say('read-again-limits'),
  ].join(' ')
}
