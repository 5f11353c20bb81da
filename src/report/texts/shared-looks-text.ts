/** What a court may conclude from the share of other hosts' answers that the scan's own host analysed again. */
import type { Params } from '../../contracts/coded.ts'
import type { RunHistory } from '../../contracts/ledger-reader.ts'
import { type SharedLooks, sharedLooksOf } from '../../contracts/shared-looks.ts'
import { ENGLISH } from './index.ts'

/** Empty where no other host was heard. */
export function sharedLooksSaid(ledger: Pick<RunHistory, 'events'>): readonly string[] {
  const shared = sharedLooksOf(ledger)
  return shared === null ? [] : [ENGLISH.sentence('exhibit', 'shared-looks', sharedLooksParams(shared))]
}

/**
 * Each wrong answer is drawn with at least the least share of a shard, whatever its host answers: the draw comes after the answer. Draws
 * without replacement only lower the chance that several are all missed.
 */
export function sharedLooksParams({
  contents,
  checked,
  leastShare,
  refused,
  discarded,
}: SharedLooks): Params {
  /** In percent, rounded up. */
  const missed = (wrong: number) => Math.ceil(100 * (1 - leastShare) ** wrong)
  return {
    ...{ contents, checked, refused, discarded, all: checked === contents },
    ...{ one: missed(1), ten: missed(10), hundred: missed(100) },
  }
}
