/**
 * Reads two ledgers in parallel, entry by entry. Both come in the order of their paths' bytes, so memory use stays
 * constant.
 */
import type { EntryViews } from '../contracts/ledger-reader.ts'
import type { EntryView } from '../contracts/view.ts'

export interface Pair {
  readonly old: EntryView | null
  readonly made: EntryView | null
}

export function* pairsOf(old: EntryViews, made: EntryViews): Iterable<Pair> {
  const [before, after] = [old.entries(), made.entries()]
  let [one, other] = [before.next(), after.next()]
  while (!one.done || !other.done) {
    const order =
      one.done || other.done
        ? Number(one.done) - Number(other.done)
        : Buffer.compare(one.value.entry.path.bytes, other.value.entry.path.bytes)
    yield { old: order <= 0 ? one.value! : null, made: order >= 0 ? other.value! : null }
    const [hadOld, hadMade] = [order <= 0, order >= 0]
    if (hadOld) one = before.next()
    if (hadMade) other = after.next()
  }
}
