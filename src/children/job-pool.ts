/**
 * Child processes that do what may crash, hang or eat memory, one job at a time each. A job always ends in an outcome:
 * evidence that breaks a decoder costs itself, never the run. Only a child that cannot even start is an error.
 */

import { availableParallelism } from 'node:os'
import { programFile } from '../base/program-file.ts'
import type { StageResult } from '../contracts/stage.ts'
import { codeRangeBytes } from '../process/code-range.ts'
import type { Hello } from '../wire/session.ts'
import type { ChildEnd } from './child-answer.ts'
import { Child } from './child-handle.ts'
import { type Confinement, launcher, NOBODY } from './confine.ts'
import type { Job, JobOutcome } from './job.ts'

export interface PoolOptions {
  /** Children at most; one keeps one core busy. */
  readonly size?: number
  /** Operations that children prepare (ops.ts). */
  readonly ops: readonly string[]
  /** JSON for `Op.prepare`, by operation: models, thresholds. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Memory cap of a child (plan.limits.childDataBytes). */
  readonly dataBytes: number
  /** CPU time of a job unless it says otherwise (plan.limits.decodeCpuMs). */
  readonly cpuMs: number
  /** Wall-clock backstop for a job that waits instead of working. */
  readonly wallMs?: number
  /** A child is replaced after this many jobs: leaks and fragmentation end with it. */
  readonly jobsPerChild?: number
  /** Built entry of a child. Tests name their own, with operations that crash, spin and hog. */
  readonly childEntry?: string
}

/** A child could not be started: an installation that does not work, or a memory cap that is too small. */
export class ChildStartFailed extends Error {
  constructor(detail: string) {
    super(
      `A decoding process could not be started: ${detail}. Check the installation (npm ci && npm run build) and the memory limit.`,
    )
    this.name = 'ChildStartFailed'
  }
}

export class PoolClosed extends Error {
  constructor() {
    super('The pool of decoding processes was closed.')
    this.name = 'PoolClosed'
  }
}

const DEFAULTS = {
  // A recycled child costs about half a second of loading; a thousand pictures take at least ten.
  jobsPerChild: 1000,
}
/** Of what a child is sent: the largest content that is held in memory. */
const JOB_LIMITS = { headerBytes: 16 << 20, payloadBytes: 0x7fff_ffff }
const START_ATTEMPTS = 3

export class JobPool {
  private readonly options: Required<PoolOptions>
  private readonly idle: Child[] = []
  private readonly alive = new Set<Child>()
  private readonly waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []
  private busy = 0
  private closed = false
  private holds: Confinement | null = null

  constructor(options: PoolOptions) {
    this.options = {
      ...DEFAULTS,
      size: availableParallelism(),
      config: {},
      wallMs: Math.max(60_000, options.cpuMs * 4),
      childEntry: programFile('child'),
      ...definedOnly(options),
    }
  }

  get size(): number {
    return this.options.size
  }

  /** Starts one child, so that what cannot work stops the run before the first item, and says how children are held. */
  async confinement(): Promise<Confinement> {
    if (this.holds === null) {
      await this.acquire()
      try {
        this.idle.push(await this.take())
      } finally {
        this.release()
      }
    }
    return this.holds as unknown as Confinement
  }

  /** Waits for a free child. Rejects only with ChildStartFailed, PoolClosed, or what `onPart` threw. */
  async run(job: Job): Promise<JobOutcome> {
    await this.acquire()
    try {
      return await this.attempt(job, 1)
    } finally {
      this.release()
    }
  }

  /** Kills every child; jobs that wait or run reject with PoolClosed. */
  async close(): Promise<void> {
    this.closed = true
    for (const waiter of this.waiting.splice(0)) waiter.reject(new PoolClosed())
    const ends = [...this.alive].map((child) => child.kill())
    await Promise.all(ends)
  }

  /** A crash gets one more try, alone in a fresh child: the first may have died of what came before. */
  private async attempt(job: Job, attempt: number): Promise<JobOutcome> {
    const fresh = attempt > 1 || job.fd !== undefined
    const child = await (fresh ? this.start(job.fd) : this.take())
    const answer = await child.run(job, job.cpuMs ?? this.options.cpuMs, attempt)
    const wasFirst = child.jobsDone <= 1
    await this.giveBack(child, job.fd !== undefined)
    if (this.closed) throw new PoolClosed()
    if (answer.kind === 'reply') {
      const { header, bytes, warnings } = answer
      return { done: true, header, bytes, warnings }
    }
    if (answer.kind === 'threw') throw answer.error
    const { reason, detail, implausible = false, warnings } = answer
    const again = attempt === 1 && (reason === 'decoder-crashed' || (reason === 'out-of-memory' && !wasFirst))
    return again ? this.attempt(job, attempt + 1) : { done: false, reason, detail, implausible, warnings }
  }

  private async take(): Promise<Child> {
    for (let child = this.idle.pop(); child; child = this.idle.pop()) if (child.usable) return child
    return this.start(undefined)
  }

  private async start(fd: number | undefined): Promise<Child> {
    const { childEntry, dataBytes, ops, config, wallMs } = this.options
    const how = launcher()
    const becomeId = process.getuid?.() === 0 ? NOBODY : null
    const hello: Hello = { parentPid: process.pid, ops, config, limits: JOB_LIMITS, becomeId }
    let last = ''
    for (let i = 0; i < START_ATTEMPTS; i++) {
      if (this.closed) throw new PoolClosed()
      const child = new Child({
        launcher: how,
        entry: childEntry,
        // What the cap is for is memory in use; room for machine code is only reserved.
        dataBytes: dataBytes + codeRangeBytes(),
        hello,
        wallMs,
        fd,
      })
      this.alive.add(child)
      void child.ended.then(() => this.alive.delete(child))
      const ready = await child.ready
      if (ready.ok) {
        this.holds ??= { ...how.holds, rootDropped: ready.rootDropped }
        return child
      }
      last = startFailure(ready.end)
    }
    if (this.closed) throw new PoolClosed()
    throw new ChildStartFailed(last)
  }

  private async giveBack(child: Child, single: boolean): Promise<void> {
    if (single || !child.usable || child.jobsDone >= this.options.jobsPerChild || child.isBloated()) {
      await child.kill()
    } else {
      this.idle.push(child)
    }
  }

  private async acquire(): Promise<void> {
    if (this.closed) throw new PoolClosed()
    if (this.busy < this.options.size) {
      this.busy++
      return
    }
    await new Promise<void>((resolve, reject) => this.waiting.push({ resolve, reject }))
  }

  private release(): void {
    const next = this.waiting.shift()
    if (next) next.resolve()
    else this.busy--
  }
}

/** A job that did not end well, as the stage result it becomes. */
export function notDone(outcome: Extract<JobOutcome, { done: false }>): StageResult {
  const { reason, detail } = outcome
  return detail === '' ? { result: 'not-done', reason } : { result: 'not-done', reason, detail }
}

function startFailure(end: ChildEnd): string {
  const how = end.signal ? `signal ${end.signal}` : `exit code ${end.code}`
  return [`${how} before it was ready`, ...end.printed].join(': ')
}

function definedOnly<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
}
