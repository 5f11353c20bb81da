/**
 * How the listed entry of a place was recovered. A member of a deleted archive and a thumbnail in a carved picture have no
 * status of their own: they are no more live than the entry that they lie in.
 */
import { listedPath } from '../../base/evidence-path.ts'
import type { Entry, Recovered } from '../../contracts/entry.ts'
import type { RecoveredEntries } from '../../contracts/ledger-reader.ts'

/** Undefined for an entry of a mount, and for what is live; of a live entry only its own is known. */
export type RecoveryOf = (entry: Pick<Entry, 'path' | 'onImage'>) => Recovered | undefined

/** Recovered entries are read when the first derived place is asked for. */
export function recoveryOf(ledger: RecoveredEntries): RecoveryOf {
  let recovered: ReadonlyMap<string, Recovered> | null = null
  return ({ path, onImage }) => {
    if (onImage) return onImage
    const listed = listedPath(path)
    if (listed === path) return undefined
    recovered ??= ledger.recovered()
    return recovered.get(listed.bytes.toString('latin1'))
  }
}
