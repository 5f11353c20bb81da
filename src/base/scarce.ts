/**
 * Lack of descriptors or memory on the machine, which is no fact about the exhibit. So the call is repeated: first
 * after this process has released its own descriptors, then after waiting. A lasting failure is reported as a lack of
 * the machine, never as a damaged file.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { errnoOf } from './errno.ts'

const SCARCE: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOMEM'])
/** Error of the engine: no memory for a buffer. */
const NO_BUFFER = 'ERR_MEMORY_ALLOCATION_FAILED'
/** Together about a second and a half: far below the time after which a process counts as hanging. */
const WAITS_MS = [10, 50, 150, 300, 1000]

export function isScarce(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === NO_BUFFER || (typeof code === 'string' && SCARCE.has(errnoOf(error)))
}

/**
 * @param call made again as a whole
 * @param relieve gives back descriptors; false when there are none left to give
 * @throws what `call` throws, once giving back and waiting did not help
 */
export function retried<T>(call: () => T, relieve: () => boolean): T {
  for (let waits = 0; ; ) {
    try {
      return call()
    } catch (error) {
      if (!isScarce(error)) throw error
      if (relieve()) continue
      const waitMs = WAITS_MS[waits++]
      if (waitMs === undefined) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, waitMs)
    }
  }
}

/** The same for calls of the thread pool. */
export async function retriedLater<T>(call: () => Promise<T>): Promise<T> {
  for (const waitMs of WAITS_MS) {
    try {
      return await call()
    } catch (error) {
      if (!isScarce(error)) throw error
      await wait(waitMs)
    }
  }
  return call()
}
