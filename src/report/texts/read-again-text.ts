/** What reading contents a second time says of those who read them first, and what it does not say, in sentences. */
import { listedBlocksNotExcluded } from '../../base/sample-bound.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import { type AgainCount, type ReadAgain, readAgainOf } from '../../contracts/read-again.ts'
import { ENGLISH } from './index.ts'

const CONFIDENCE = 0.99

/** Contents that may have been read falsely all the same; null where the draw met one, or one that it drew could not be read. */
export function falselyReadNotExcluded(
  { of, asked, agreed }: AgainCount,
  confidence = CONFIDENCE,
): number | null {
  return asked === agreed ? listedBlocksNotExcluded(of, asked, confidence) : null
}

/** Of all that a court is told: hits, and the draw of all others together. */
export function readAgainNumbers({ hit, known, other }: ReadAgain): Readonly<Record<string, number>> {
  const both = (name: keyof AgainCount) => known[name] + other[name]
  const draws = [other, known].filter(({ of }) => of > 0)
  // So that all of them hold at once.
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

/** None where nothing was read again. */
export function readAgainSaid(ledger: Pick<LedgerReader, 'events'>): readonly string[] {
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
