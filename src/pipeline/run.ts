/** The context of a run for every stage, and progress reports. Contains no logic of a stage. */

import type { Exhibit } from '../contracts/case.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { NameFinding } from '../contracts/finding.ts'
import type { ListedHeaderHashes } from '../contracts/hash-set.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import type { Inside, ProgressEvent, Reading, Working } from '../contracts/progress.ts'
import type { Session } from '../contracts/session.ts'
import { notDone, type Phase, type StageResult } from '../contracts/stage.ts'
import type { PrivilegeList } from '../privilege/privilege-list.ts'
import { modelPlace } from '../source/generator-places.ts'
import type { Source } from '../source/source.ts'
import type { TermFinder } from '../terms/term-finder.ts'

export interface Run {
  readonly session: Session
  readonly exhibit: Exhibit
  readonly workers: number
  /** UTC of the newest head that this installation has seen; null: none. */
  readonly newestSeen?: string | null
  readonly source: Source
  readonly emit: (event: ProgressEvent) => void
  /** Contents that must not be read; null without a privilege list. */
  readonly privileged?: PrivilegeList | null
  /** An agency's terms and path model, for names and (with a legal basis) texts; null if the operator gave none. */
  readonly terms?: TermFinder | null
  /** Header hashes for unallocated space and slack of an image; null: not searched. */
  readonly beginnings?: ListedHeaderHashes | null
  /** Aborted with a PauseReason, by the first Ctrl-C for one: a stage commits what it holds and returns. */
  readonly signal: AbortSignal
}

interface Done {
  readonly entries: number
  readonly entriesTotal: number | null
  readonly bytes: bigint
  readonly bytesTotal: bigint | null
}

/** Interval of progress reports when there is no other event. */
export const SAY_MS = 1000

/** Emits progress at most five times a second, with rate and ETA over the phase so far. */
export class Meter {
  readonly #run: Run
  readonly #phase: Phase | 'seal'
  readonly #startMs = performance.now()
  #lastMs = 0
  #entriesAtStart: number
  #bytesAtStart: bigint

  constructor(run: Run, phase: Phase | 'seal') {
    this.#run = run
    this.#phase = phase
    this.#entriesAtStart = run.session.counts.read
    this.#bytesAtStart = run.session.counts.bytesRead
  }

  update(
    done: Done & {
      readonly inside?: Inside | undefined
      readonly reading?: Reading | null
      readonly working?: Working
      /** Only contents that are at work are left: their time cannot be estimated. */
      readonly isLast?: boolean
      readonly listing?: number
    },
    last = false,
  ): void {
    const now = performance.now()
    if (!last && now - this.#lastMs < 200) return
    this.#lastMs = now
    const seconds = Math.max((now - this.#startMs) / 1000, 0.001)
    const fresh = this.#phase === 'known'
    const bytesPerSecond = Number(done.bytes - (fresh ? this.#bytesAtStart : 0n)) / seconds
    const entriesPerSecond = (done.entries - (fresh ? this.#entriesAtStart : 0)) / seconds
    const { counts } = this.#run.session
    this.#run.emit({
      event: 'progress',
      phase: this.#phase,
      entriesDone: done.entries,
      entriesTotal: done.entriesTotal,
      bytesDone: done.bytes,
      bytesTotal: done.bytesTotal,
      bytesPerSecond,
      etaSeconds: done.isLast ? null : eta(done, bytesPerSecond, entriesPerSecond),
      ...(done.inside ? { inside: done.inside } : {}),
      ...(done.reading ? { reading: done.reading } : {}),
      ...(done.working ? { working: done.working } : {}),
      ...(done.listing ? { listing: done.listing } : {}),
      hits: counts.hits,
      leads: counts.leads,
      notDone: counts.notDone,
    })
  }
}

/** The slower of "bytes left at this rate" and "entries left at this rate": many tiny files are not bound by bytes. */
function eta(done: Done, bytesPerSecond: number, entriesPerSecond: number): number | null {
  if (done.entriesTotal === null || entriesPerSecond <= 0) return null
  const byEntries = (done.entriesTotal - done.entries) / entriesPerSecond
  const byBytes =
    done.bytesTotal === null || bytesPerSecond <= 0
      ? 0
      : Number(done.bytesTotal - done.bytes) / bytesPerSecond
  return Math.max(byEntries, byBytes, 0)
}

/** When a run pauses, running work may finish within this time. */
const PAUSE_GRACE_MS = 1000

const askedToPauseMs = new WeakMap<AbortSignal, number>()

/**
 * Result of the work; null if the run pauses and the work takes longer than PAUSE_GRACE_MS. Unfinished work is not
 * recorded. It ends with its processes, and a resumed run does it again.
 */
export async function untilPaused<T>({ signal }: Pick<Run, 'signal'>, work: Promise<T>): Promise<T | null> {
  // Handles a later rejection: after a pause no caller waits for the work when its processes end.
  work.catch(() => {})
  let timer: NodeJS.Timeout | undefined
  let asked = () => {}
  const paused = new Promise<null>((resolve) => {
    asked = () => {
      const now = performance.now()
      const since = askedToPauseMs.get(signal) ?? now
      askedToPauseMs.set(signal, since)
      timer = setTimeout(resolve, Math.max(0, PAUSE_GRACE_MS - (now - since)), null)
    }
    if (signal.aborted) asked()
    else signal.addEventListener('abort', asked, { once: true })
  })
  try {
    return await Promise.race([work, paused])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', asked)
  }
}

/** Results of the work one by one, until the run pauses and the next result takes longer than PAUSE_GRACE_MS. */
export async function* eachUntilPaused<T>(
  run: Pick<Run, 'signal'>,
  work: AsyncIterable<T>,
): AsyncGenerator<T> {
  const iterator = work[Symbol.asyncIterator]()
  let isAtWork = false
  try {
    for (;;) {
      isAtWork = true
      const next = await untilPaused(run, iterator.next())
      if (next === null) return
      isAtWork = false
      if (next.done) return
      yield next.value
    }
  } finally {
    // A running iterator cannot return before its current step ends.
    if (!isAtWork) await iterator.return?.()
  }
}

/** Lets signals and timers run between two synchronous pieces of work. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Result of a privileged content in every stage that would open or read it; null if it is not privileged. */
export function quarantined({ privileged }: Run, { path, content }: PendingContent): StageResult | null {
  return privileged?.covers(path, content.digests) ? notDone('privileged') : null
}

/** Findings from the path alone: agency terms, path model, and model folders. Privileged names get no findings. */
export function namedBy({ terms, privileged }: Run, path: EvidencePath): readonly NameFinding[] {
  if (privileged?.covers(path, null)) return []
  const place = modelPlace(path)
  return [...(terms?.inName(path) ?? []), ...(place === null ? [] : [place])]
}
