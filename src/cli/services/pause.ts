/**
 * Events that pause a run: Ctrl-C, a signal of the system, a closed terminal, or a reader of our output that went
 * away.
 */
import { Interrupted } from '../../base/errors.ts'
import type { PauseReason } from '../../contracts/progress.ts'

/**
 * A terminal sends Ctrl-C to every process of the command, and bin/runtime.js forwards it too: both count as one
 * press.
 */
const ONE_PRESS_MS = 300

const REASONS = { SIGINT: 'interrupted', SIGTERM: 'terminated', SIGHUP: 'hung-up' } as const

let running: AbortController | null = null

export interface Pausing {
  /** Aborted with a {@link PauseReason}. */
  readonly signal: AbortSignal
  dispose(): void
}

/** From now on signals pause; a second Ctrl-C or termination signal ends at once. */
export function pauseOnSignals(): Pausing {
  const controller = new AbortController()
  running = controller
  let askedAtMs = 0
  const stop = (signal: NodeJS.Signals) => {
    const reason: PauseReason = REASONS[signal as keyof typeof REASONS]
    if (!controller.signal.aborted) askedAtMs = performance.now()
    // A closed terminal may send several signals, and they are not an order to end.
    else if (reason !== 'hung-up' && performance.now() - askedAtMs > ONE_PRESS_MS)
      process.kill(process.pid, 'SIGKILL')
    controller.abort(reason)
  }
  const signals = Object.keys(REASONS) as (keyof typeof REASONS)[]
  for (const signal of signals) process.on(signal, stop)
  return {
    signal: controller.signal,
    dispose: () => {
      for (const signal of signals) process.off(signal, stop)
      running = null
    },
  }
}

/**
 * Until a pausable run begins, a signal ends the command: before that, lists may load and an image may be hashed for
 * hours.
 *
 * @throws Interrupted
 */
export async function endedBySignals<T>(work: () => Promise<T>): Promise<T> {
  let stop = () => {}
  const interrupted = new Promise<never>((_, reject) => {
    stop = () => running === null && reject(new Interrupted())
  })
  const signals = Object.keys(REASONS) as (keyof typeof REASONS)[]
  for (const signal of signals) process.on(signal, stop)
  try {
    return await Promise.race([work(), interrupted])
  } finally {
    for (const signal of signals) process.off(signal, stop)
  }
}

/** Called when the reader of our output went away. @returns false when no run can be paused */
export function pauseWithoutReader(): boolean {
  running?.abort('reader-gone' satisfies PauseReason)
  return running !== null
}
