/** Examines one exhibit into a ledger by a separate process, or resumes an earlier one. */
import { existsSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { type Order, requireLists, resumeWords, scanWords } from './order.ts'
import { type Outcome, outcomeOf, withoutResult } from './outcome.ts'
import { type Running, startSeized } from './own-program.ts'

export interface ExamineOptions {
  readonly order: Order
  readonly ledger: string
  readonly workers: number
  readonly heads: string | null
  /** Folder through which other hosts analyse for it; absent or null: none do. */
  readonly lookShards?: string | null
  /** Percent. */
  readonly lookShardsChecked?: number
  readonly minFreeBytes: number
  /** Without a word for so long, a scan is ended: it counts from the last event, never from the beginning. */
  readonly stallMs: number
  /** Pauses it. */
  readonly signal: AbortSignal
  readonly on?: (event: Readonly<Record<string, unknown>>) => void
  readonly env?: NodeJS.ProcessEnv
}

/** After an order to pause: a batch of large contents may take so long; then the ledger is resumable all the same. */
const PAUSE_MS = 120_000

export async function examineExhibit(options: ExamineOptions): Promise<Outcome> {
  const { order, ledger, workers, heads, minFreeBytes, signal } = options
  if (signal.aborted) return withoutResult('paused', 'paused', 'It was not begun.')
  try {
    requireLists(order)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return withoutResult('needs-person', error.code, error.message)
  }
  const free = freeBytes(dirname(ledger))
  if (free < minFreeBytes)
    return withoutResult(
      'try-again',
      'no-room',
      `${Math.floor(free / 1e9)} GB are free for the ledger, and ${minFreeBytes / 1e9} GB are kept free: nothing was begun.`,
    )
  const words = existsSync(ledger)
    ? resumeWords(order, ledger, workers, heads)
    : scanWords(order, ledger, workers, heads)
  // A mount is examined where it is mounted.
  if (options.lookShards && statSync(order.exhibit.image, { throwIfNoEntry: false })?.isFile())
    words.push(
      `--look-shards=${options.lookShards}`,
      `--look-shards-checked=${options.lookShardsChecked ?? 5}`,
    )
  let lastWordMs = performance.now()
  const running = startSeized(words, {
    on: (event) => {
      lastWordMs = performance.now()
      options.on?.(event)
    },
    ...(options.env ? { env: options.env } : {}),
  })
  const watch = new Watch(running, options, () => performance.now() - lastWordMs)
  const ended = await running.ended
  watch.end()
  if (watch.stalled)
    return withoutResult(
      'try-again',
      'stalled',
      `The scan said nothing for ${Math.round(options.stallMs / 60_000)} min and was ended; its ledger goes on.`,
    )
  const outcome = outcomeOf(ended, {
    caseId: order.caseId,
    exhibitId: order.exhibit.id,
    acquisitionHash: order.exhibit.acquisitionHash,
  })
  // A paused scan may have been ended by force; its ledger can be resumed all the same.
  return signal.aborted && outcome.state === 'failed'
    ? withoutResult('paused', 'paused', 'The scan was paused.')
    : outcome
}

export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return Number(bavail) * Number(bsize)
}

/** Pauses a scan on request, and ends one without output. */
class Watch {
  stalled = false
  readonly #timer: NodeJS.Timeout
  readonly #running: Running
  readonly #signal: AbortSignal
  #insist: NodeJS.Timeout | undefined

  constructor(running: Running, { signal, stallMs }: ExamineOptions, silentMs: () => number) {
    this.#running = running
    this.#signal = signal
    this.#timer = setInterval(
      () => {
        if (silentMs() < stallMs) return
        this.stalled = true
        this.#pause()
      },
      Math.min(5_000, stallMs / 4),
    )
    signal.addEventListener('abort', this.#pause)
  }

  readonly #pause = (): void => {
    if (this.#insist) return
    this.#running.process.kill('SIGTERM')
    this.#insist = setTimeout(() => this.#running.process.kill('SIGKILL'), PAUSE_MS)
  }

  end(): void {
    clearInterval(this.#timer)
    clearTimeout(this.#insist)
    this.#signal.removeEventListener('abort', this.#pause)
  }
}
