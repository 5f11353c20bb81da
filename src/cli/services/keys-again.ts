/**
 * Keys of a resumed run, or of an exhibit that is read again: requested anew, and compared by the locks that they open.
 */
import { UsageError } from '../../base/errors.ts'
import type { Plan } from '../../contracts/case.ts'
import type { RunHistory } from '../../contracts/ledger-reader.ts'
import type { Lock, Secret } from '../../contracts/lock.ts'
import { readKeysFile } from './keys-file.ts'
import { openedEvent, VOLUMES_OPENED } from './opened-locks.ts'

/** @throws UsageError when the run used keys and none are given */
export function secretsFor({ options }: Plan, keys: string | undefined): readonly Secret[] {
  if (keys !== undefined) return readKeysFile(keys)
  if (options.keysBasis === undefined) return []
  throw new UsageError('The run opened volumes with keys, which no ledger holds: give --keys again.', {
    code: 'keys-missing',
  })
}

type Opened = Readonly<Record<string, string>>

/** Volumes that were open when the run began. */
export function openedIn(ledger: RunHistory): Opened {
  return ledger.events().find(({ event }) => event === VOLUMES_OPENED)?.detail ?? {}
}

/** Another key of the same volume is as good. @throws UsageError unless the same volumes are open as before */
export function requireSameOpened(before: Opened, locks: readonly Lock[]): void {
  const volumesOf = (opened: Opened) =>
    Object.entries(opened)
      .map(([volume, by]) => `${volume} (${by.split(' ').slice(0, 2).join(' ')})`)
      .sort()
  const [then, now] = [volumesOf(before), volumesOf(openedEvent(locks))]
  if (then.join() === now.join()) return
  throw new UsageError(
    `The keys open other volumes than before: ${now.join(', ') || 'none'} now, ${then.join(', ') || 'none'} when the run began. Give the keys that it began with, or scan into a new ledger.`,
    { code: 'keys-missing' },
  )
}
