/**
 * How the listed entry of a place was recovered. A member of a deleted archive and a thumbnail in a carved picture have no
 * status of their own: they are no more live than the entry that they lie in.
 */
import { listedPath } from '../../base/evidence-path.ts'
import type { Entry, OnImage } from '../../contracts/entry.ts'
import type { EntryViews } from '../../contracts/ledger-reader.ts'

/** Undefined for an entry of a mount, and for a place in one; of a live entry only its own is known. */
export type RecoveryOf = (entry: Entry) => OnImage | undefined

/** One pass over the entries, when the first derived place is asked for. */
export function recoveryOf(ledger: EntryViews): RecoveryOf {
  let recovered: ReadonlyMap<string, OnImage> | null = null
  return ({ path, onImage }) => {
    if (onImage) return onImage
    const listed = listedPath(path)
    if (listed === path) return undefined
    recovered ??= recoveredIn(ledger)
    return recovered.get(listed.bytes.toString('latin1'))
  }
}

function recoveredIn(ledger: EntryViews): ReadonlyMap<string, OnImage> {
  const recovered = new Map<string, OnImage>()
  for (const { entry } of ledger.entries())
    if (entry.onImage && entry.onImage.status !== 'live')
      recovered.set(entry.path.bytes.toString('latin1'), entry.onImage)
  return recovered
}
