/**
 * The walk in a process of its own. What hangs there (a directory of a stuck FUSE or network mount, asked for its names
 * or its metadata) becomes an entry `read-stalled`, and the walk goes on behind it.
 *
 * A walk that hangs is killed, or left to itself where even that does not work. A careful one, which says of each call
 * where it goes before it makes it, goes on behind the last entry that came, and hangs at the same place: this one is
 * then passed over. So a place that hangs costs twice the time limit, and the usual walk pays nothing for it. A place at
 * which the process ends again and again (out of memory, a broken file system driver) is passed over as `walk-crashed`.
 *
 * A walk that says something that cannot be is no longer believed in what it left out: another one begins at the root, and what is
 * recorded is passed by. Where that happens again and again, what was not listed stands as one entry, `walk-crashed`.
 */

import { type ByteString, byteString } from '../../base/byte-string.ts'
import { ProcessFailed, UsageError } from '../../base/errors.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import type { Place, WalkSetUp } from '../../wire/walk-protocol.ts'
import { restUnlisted, withReason } from './unlisted-rest.ts'
import { WalkProcess } from './walk-process.ts'

export interface WalkAsideOptions {
  readonly sparseLogicalBytes: number
  /** After so long without a sign of movement, a call counts as one that never returns. */
  readonly readStallMs: number
  /** Told of each place at which the process ended, before it is passed over; what it throws ends the walk. */
  readonly crashed?: ((how: string) => void | Promise<void>) | undefined
  /** Whether an entry was recorded. Absent: a walk that said something impossible is believed in what it listed before. */
  readonly isListed?: ((path: EvidencePath) => boolean) | undefined
}

/** A process that is ready to walk before it is known what. Whoever asks for one ends it. */
export function startWalker(): Walker {
  return new WalkProcess()
}

export interface Walker {
  /** Names so far of the folder that is being listed; 0 between two. */
  readonly listing: number
  end(): void
}

/** One that hostile bytes have taken over may lie at another place each time, and each time all is walked again. */
const MOST_LIES = 12

/**
 * Entries in evidence-path order, in batches; what a walk that begins again lists for the first time comes behind.
 * @param walker walks first, when there is one
 * @throws UsageError when the root cannot be walked; ProcessFailed when the walking process ends without having come anywhere
 */
export async function* walkInProcess(
  root: Buffer | string,
  { sparseLogicalBytes, readStallMs, crashed, isListed }: WalkAsideOptions,
  walker?: Walker,
): AsyncGenerator<readonly WalkedEntry[], void, undefined> {
  let last: ByteString | null = null
  let careful = false
  let lastCrash: ByteString | null | undefined
  let lies = 0
  const stuck: Place[] = []
  const why = new Map<ByteString, string>()
  for (let ready = walker as WalkProcess | undefined; ; ready = undefined) {
    const walking: WalkProcess = ready ?? new WalkProcess()
    const again = lies > 0 && isListed ? isListed : null
    const setUp: Omit<WalkSetUp, 'parentPid'> = {
      root: byteString(root),
      sparseLogicalBytes,
      after: again ? null : last,
      stuck,
      careful,
    }
    try {
      for await (const batch of walking.batches(setUp, readStallMs)) {
        const entries = again ? batch.filter(({ entry }) => !again(entry.path)) : batch
        if (entries.length > 0) yield entries.map((walked) => withReason(walked, why))
        last = batch.at(-1)!.entry.path.bytes.toString('latin1')
      }
    } finally {
      walking.end()
    }
    const { ending } = walking
    if (ending.kind === 'end') return
    if (ending.kind === 'refused') throw new UsageError(ending.message)
    const isLie = ending.kind === 'crashed' && ending.implausible
    if (isLie) lies++
    if (ending.kind === 'crashed' && (ending.at || isLie)) await crashed?.(ending.how)
    const isPassed = ending.at !== null && holds(stuck, ending.at)
    if (isLie && (lies > MOST_LIES || (careful && (ending.at === null || isPassed)))) {
      yield [restUnlisted(ending.how)]
      return
    }
    if (isPassed)
      throw new UsageError('The file system of the exhibit does not answer. Check the mount, then resume.')
    if (ending.at) stuck.push({ ...ending.at, crashed: ending.kind === 'crashed' })
    else if (careful && ending.kind === 'crashed') throw new ProcessFailed('walk', ending.how)
    if (ending.at && isLie) why.set(ending.at.path, ending.how)
    // Once may be chance. After two at one place the careful walk finds out where.
    careful = ending.at === null && (ending.kind === 'stalled' || lastCrash === last)
    if (ending.kind === 'crashed') lastCrash = last
  }
}

function holds(stuck: readonly Place[], { path, call }: Place): boolean {
  return stuck.some((one) => one.path === path && one.call === call)
}
