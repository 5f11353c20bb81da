/**
 * Checks that a ledger's pages form trees before SQLite reads it. Page links that could keep SQLite reading without
 * end are refused with a message.
 */
import { statSync } from 'node:fs'
import { LedgerDamaged } from '../../base/errors.ts'
import { pageFault } from '../../formats/sqlite/sound-pages.ts'

/** Files that passed the check, with the file state at that time: one command opens a ledger several times. */
const sound = new Map<string, string>()
/** Number of attempts. Another process may be writing: a fault that is seen in the middle of a write disappears. */
const LOOKS = 4
const BETWEEN_MS = 50

/**
 * @param of name of the file in the message
 * @throws LedgerDamaged
 */
export function requireSoundPages(path: string, of = path): void {
  for (let look = 1; ; look++) {
    const before = stampOf(path)
    if (sound.get(path) === before) return
    const fault = pageFault(path)
    if (fault === null) {
      if (stampOf(path) === before) sound.set(path, before)
      return
    }
    if (look === LOOKS)
      throw new LedgerDamaged(
        `${of} is damaged, or was made to keep a reader busy: ${fault}; nothing more is asked of this file`,
      )
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BETWEEN_MS)
  }
}

function stampOf(path: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
  return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`
}
