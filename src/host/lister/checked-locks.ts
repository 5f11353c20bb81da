/** Checks a lister's messages about locks against the image and the secrets that the lister received. */
import { type Lock, type Secret, unlockedBytes } from '../../contracts/lock.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'
import type { ImageFacts } from '../../wire/list-protocol.ts'
import type { UnlockedMessage } from '../../wire/lock.ts'

/** @throws ImplausibleReply */
export function requireLocks({ ranges, locks }: ImageFacts, secrets: readonly Secret[]): void {
  const numbers = new Set(secrets.map(({ number }) => number))
  const seen = new Set<number>()
  for (const lock of locks) {
    if (seen.has(lock.volume) || !ranges.some(({ range }) => range.number === lock.volume))
      throw new ImplausibleReply('a lock of no volume')
    seen.add(lock.volume)
    const said = [...lock.openedBy.flatMap(({ secret }) => secret ?? []), ...lock.wrong]
    if (said.some((number) => !numbers.has(number)) || new Set(said).size !== said.length)
      throw new ImplausibleReply('a secret that nobody sent')
  }
}

/** @throws ImplausibleReply unless each is on its own volume, and was reported as open */
export function requireUnlocked({ ranges, locks }: ImageFacts, unlocked: UnlockedMessage): void {
  const open = new Set(locks.filter(isOpen).map(({ volume }) => volume))
  for (const one of unlocked) {
    // Only backups on it were opened.
    if (one.runs.length === 0 && ranges.some(({ range }) => range.number === one.volume)) continue
    if (!open.delete(one.volume)) throw new ImplausibleReply('a key of a volume that is not open')
    const length = ranges.find(({ range }) => range.number === one.volume)?.range.length ?? 0
    if (unlockedBytes(one) > length) throw new ImplausibleReply('an opened volume larger than the locked one')
    for (const { from, length: bytes, key } of one.runs)
      if (
        (from !== null && from + bytes > length) ||
        (key !== null && (key >= one.keys.length || from === null))
      )
        throw new ImplausibleReply('a run of another volume')
  }
  if (open.size > 0) throw new ImplausibleReply('an open volume without its key')
}

function isOpen({ openedBy }: Pick<Lock, 'openedBy'>): boolean {
  return openedBy.length > 0
}
