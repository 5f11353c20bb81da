/**
 * Walks a mount in a process of its own. A directory of a stuck FUSE or network mount that hangs when it is
 * listed becomes an entry `read-stalled`, and the walk continues behind it.
 *
 * A walk that hangs is killed, or abandoned where even that fails. A careful walk, which reports each place
 * before each call, continues behind the last entry that came. It hangs at the same place, which is then
 * skipped.
 *
 * So a place that hangs costs twice the time limit, and the usual walk pays nothing for it. A place at which
 * the process ends repeatedly (out of memory, a broken file system driver) is skipped as `walk-crashed`.
 *
 * A walk that sends a message that cannot be true may have left out entries: another walk begins at the root,
 * and recorded entries are skipped. Where that happens repeatedly, one entry `walk-crashed` stands for the
 * rest.
 */

import { type ByteString, byteString, bytesOf } from '../../base/byte-string.ts'
import { ProcessFailed, UsageError } from '../../base/errors.ts'
import { printName } from '../../base/evidence-path.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { mountFacts } from '../../mounts/mount-facts.ts'
import type { Place } from '../../wire/walk-protocol.ts'
import { lookAt } from './mount-answers.ts'
import { newOf, restUnlisted, withReason } from './unlisted-rest.ts'
import { WalkProcess } from './walk-process.ts'

export interface WalkAsideOptions {
  readonly sparseLogicalBytes: number
  /** After so long without a sign of movement, a call counts as one that never returns. */
  readonly readStallMs: number
  /**
   * Called with each place at which the process ended, before it is skipped; an error that it throws ends the
   * walk.
   */
  readonly crashed?: ((how: string) => void | Promise<void>) | undefined
  /** True for an entry that is recorded. Absent: the entries before an impossible message count as complete. */
  readonly isListed?: ((path: EvidencePath) => boolean) | undefined
}

/** Starts a process that waits for a walk request. The caller must end it. */
export function startWalker(root: Buffer | string): Walker {
  return new WalkProcess(byteString(root))
}

export interface Walker {
  /** Names so far in the folder that is being listed; 0 between two folders. */
  readonly listing: number
  end(): void
}

/**
 * Limit of impossible messages. A walker that hostile bytes control may lie at another place each time, and
 * each time the whole walk is repeated.
 */
const MOST_LIES = 12

/**
 * Entries in evidence-path order, in batches. A repeated walk emits entries that it lists for the first time at
 * the end.
 * @param walker a started walker for the first walk, if there is one
 * @throws UsageError when the root cannot be walked; ProcessFailed when the walking process ends before any
 *   entry
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
    const walking: WalkProcess = ready ?? new WalkProcess(byteString(root))
    const again = lies > 0 && isListed ? isListed : null
    const setUp: Parameters<WalkProcess['batches']>[0] = {
      root: byteString(root),
      sparseLogicalBytes,
      after: again ? null : last,
      stuck,
      careful,
      mounts: mountFacts(byteString(root)),
    }
    try {
      for await (const batch of walking.batches(setUp, readStallMs)) {
        const said = batch.map((walked) => withReason(walked, why))
        const entries = again ? said.flatMap((walked) => newOf(walked, again) ?? []) : said
        if (entries.length > 0) yield entries
        last = batch.at(-1)!.entry.path.bytes.toString('latin1')
      }
    } finally {
      walking.end()
    }
    const { ending } = walking
    if (ending.kind === 'end') return
    if (ending.kind === 'refused') throw new UsageError(ending.message)
    if (ending.kind === 'crashed' && last === null) await requireFolder(root, readStallMs)
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
    // One crash may be chance. After two at one place the careful walk finds the place.
    careful = ending.at === null && (ending.kind === 'stalled' || lastCrash === last)
    if (ending.kind === 'crashed') lastCrash = last
  }
}

/** A process whose only folder is missing does not even start. @throws UsageError */
async function requireFolder(root: Buffer | string, mostMs: number): Promise<void> {
  const looked = await lookAt(root.toString(), mostMs)
  const shown = printName(bytesOf(byteString(root)))
  if (looked === 'absent') throw new UsageError(`The exhibit ${shown} could not be found (ENOENT).`)
  if (looked === 'no folder')
    throw new UsageError(`The exhibit ${shown} could not be opened as a directory (ENOTDIR).`)
}

function holds(stuck: readonly Place[], { path, call }: Place): boolean {
  return stuck.some((one) => one.path === path && one.call === call)
}
