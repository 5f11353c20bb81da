/** Waiting for a process that may be slow: on a busy machine it takes little CPU time, one that hangs takes none. */
import { setTimeout as elapsed } from 'node:timers/promises'

/**
 * Resolves when `until` does, or after `waitsMs` in which the CPU time did not grow.
 * @param cpuMs of the process so far; null: it has ended
 * @returns false: it did not move any more
 */
export async function whileItMoves(
  until: Promise<unknown>,
  cpuMs: () => number | null,
  waitsMs: number,
): Promise<boolean> {
  const settled = until.then(() => true)
  for (let before = 0; ; ) {
    if (await Promise.race([settled, elapsed(waitsMs, false, { ref: false })])) return true
    const now = cpuMs()
    if (now === null || now <= before) return false
    before = now
  }
}
