/**
 * Place of a removed name's content, as far as the volume still shows it: the chain where the table kept it, otherwise
 * the clusters from the first one on, and those of them in use now.
 * Overwritten parts are reported, never guessed: what would be the content if it had been written around the clusters in
 * use is given beside it, for a check by its own bytes.
 */
import type { ContentPlace, DataRun } from '../../../../contracts/content-place.ts'
import type { EntryStatus, RecoveryBasis } from '../../../../contracts/image.ts'
import { aroundTaken } from './around-taken.ts'
import type { ClusterHeap } from './heap.ts'
import type { FoundName } from './names.ts'

export interface Recovered {
  readonly status: EntryStatus
  readonly basis: RecoveryBasis
  readonly place: ContentPlace
  readonly notes: readonly string[]
  readonly around?: readonly DataRun[]
}

/** @param whole `deleted`, or `orphan` where the folder of the name is unknown */
export function recovered(heap: ClusterHeap, name: FoundName, whole: 'deleted' | 'orphan'): Recovered {
  const notes = [...name.notes]
  if (name.behindEnd) notes.push('behind-directory-end')
  if (name.first !== 0 && heap.isFirstOfLive(name.first)) notes.push('begins-like-a-live-name')
  const nothing = (basis: RecoveryBasis, reason: string, detail: string): Recovered => ({
    status: reason.startsWith('overwritten') && whole === 'deleted' ? 'deleted-overwritten' : whole,
    basis,
    place: { kind: 'none', reason, detail },
    notes,
  })
  const { first, sizeBytes, validBytes } = name
  if (name.kind === 'unknown') return nothing('directory-slack', 'not-recorded', 'name only')
  const assumed = name.contiguous ? 'contiguous' : 'assumed-contiguous'
  const found = (basis: RecoveryBasis, runs: ReturnType<ClusterHeap['contiguous']>): Recovered => ({
    status: whole,
    basis,
    place: { kind: 'runs', runs, validBytes },
    notes,
  })
  if (sizeBytes === 0) return found(assumed, [])
  if (first === 0) return nothing(assumed, 'not-recorded', 'first cluster')
  if (!heap.holds(first)) return nothing(assumed, 'damaged', `first cluster ${first}`)

  const clusters = heap.clustersFor(sizeBytes)
  const chain = name.contiguous ? null : heap.chainLeft(first, sizeBytes)
  if (chain) return found('chain', [...chain])
  if (first + clusters > heap.end)
    return nothing(assumed, 'not-recorded', 'not contiguous: reaches beyond the volume')
  const taken = heap.taken().countIn(first, clusters)
  if (taken === 0) return found(assumed, heap.contiguous(first, clusters))
  const none = nothing(
    assumed,
    taken === clusters ? 'overwritten' : 'overwritten-in-part',
    `${taken} of ${clusters} clusters are in use`,
  )
  const around = aroundTaken(heap, first, clusters)
  return around === null ? none : { ...none, around }
}
