/** Waiting for a process that may be slow: on a busy machine it takes little CPU time, one that hangs takes none. */
import { setTimeout as elapsed } from 'node:timers/promises'

/** Turns of the limit: a process that works for nothing ends too. */
const MOST_TURNS = 20

/**
 * Resolves when `until` does, or after `waitsMs` in which the CPU time did not grow, and after twenty times that in any case.
 * @param cpuMs of the process so far; null: it has ended
 * @returns false: it did not move any more, or was not done in all that time
 */
export async function whileItMoves(
  until: Promise<unknown>,
  cpuMs: () => number | null,
  waitsMs: number,
): Promise<boolean> {
  const settled = until.then(() => true)
  let before = 0
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    if (await Promise.race([settled, elapsed(waitsMs, false, { ref: false })])) return true
    const now = cpuMs()
    if (now === null || now <= before) return false
    before = now
  }
  return false
}
