/**
 * Child processes for work that may crash, hang or use up memory, one job at a time each. A job always ends in an
 * outcome: evidence that breaks a decoder costs that item, never the run. Only a child that cannot start is an error.
 */

import { availableParallelism } from 'node:os'
import { definedOnly } from '../../base/defined-only.ts'
import { InstallationBroken, type ProcessKind } from '../../base/errors.ts'
import { programFile } from '../../base/program-file.ts'
import { trace } from '../../base/trace.ts'
import { notDone, type StageResult } from '../../contracts/stage.ts'
import type { Lent } from '../../wire/passed-content.ts'
import type { Confinement } from '../confine/held.ts'
import { type Tools, tools } from '../confine/tools.ts'
import { nextAttempt } from './child-answer.ts'
import type { Child } from './child-handle.ts'
import { ChildStarter, START_ATTEMPTS } from './child-starter.ts'
import type { Handed, StartFeeder } from './feeder.ts'
import type { Job, JobOutcome } from './job.ts'
import { PoolClosed } from './pool-closed.ts'

export interface PoolOptions {
  /** Children at most; one keeps one core busy. */
  readonly size?: number
  /** Operations that children prepare (ops.ts). */
  readonly ops: readonly string[]
  /** JSON for `Op.prepare`, by operation: models, thresholds. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Memory cap of a child (plan.limits.childDataBytes). */
  readonly dataBytes: number
  /** CPU time of a job, unless the job has its own value (plan.limits.decodeCpuMs). */
  readonly cpuMs: number
  /** Wall-clock limit for a job that waits instead of working. */
  readonly wallMs?: number
  /** A child is replaced after this many jobs, which ends leaks and fragmentation. */
  readonly jobsPerChild?: number
  /** Built entry of a child. Tests name their own, with operations that crash, spin and hog. */
  readonly childEntry?: string
  /** Folders that a child may read besides; for tests. */
  readonly readable?: readonly string[]
  /** Start children also where they cannot be kept from files. */
  readonly allowUnconfined?: boolean
  /** Programs that confine the children; tests leave some of them out. */
  readonly tools?: Tools
  /** Tests once, after a job crashed two children, whether children of this kind work on this machine. */
  readonly trial?: Trial | null
  /** Called once, with the restrictions on the first child, before it gets a job. */
  readonly confined?: (confinement: Confinement) => void
  /** Starts the process that passes contents to each child; null: all contents go through the main process. */
  readonly feeding?: StartFeeder | null
}

export interface Trial {
  readonly kind: ProcessKind
  /** @param pool has the same options; closed afterwards @returns last words of a child that fails; null: all work */
  readonly run: (pool: JobPool) => Promise<string | null>
}

// A recycled child costs about half a second of loading; a thousand pictures take at least ten.
const JOBS_PER_CHILD = 1000

export class JobPool {
  readonly #options: Required<PoolOptions>
  readonly #idle: Child[] = []
  readonly #alive = new Set<Child>()
  readonly #waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []
  #busy = 0
  #closed = false
  readonly #starter: ChildStarter
  #tried: Promise<void> | null = null
  /** Output of the last child that crashed on a job, escaped. */
  lastWords: readonly string[] = []

  constructor(options: PoolOptions) {
    this.#options = {
      jobsPerChild: JOBS_PER_CHILD,
      size: availableParallelism(),
      config: {},
      wallMs: Math.max(60_000, options.cpuMs * 4),
      childEntry: programFile('child'),
      readable: [],
      allowUnconfined: false,
      tools: tools(),
      trial: null,
      confined: () => {},
      feeding: null,
      ...definedOnly(options),
    }
    this.#starter = new ChildStarter(this.#options)
  }

  get size(): number {
    return this.#options.size
  }

  /** Starts one child and reports its confinement: a broken installation stops the run before the first item. */
  async confinement(): Promise<Confinement> {
    await this.#acquire()
    try {
      const child = await this.#take()
      this.#idle.push(child)
      return this.#starter.confinement!
    } finally {
      this.#release()
    }
  }

  /** Waits for a free child. Rejects only with ChildStartFailed, InstallationBroken, PoolClosed or `onPart`'s error. */
  async run(job: Job): Promise<JobOutcome> {
    await this.#acquire()
    try {
      const { handed, ...rest } = job
      return handed === undefined
        ? await this.#attempt(job, 1)
        : ((await this.#attempt(job, 1, handed)) ?? (await this.#broughtHere(rest, handed)))
    } finally {
      this.#release()
    }
  }

  /** Kills every child; jobs that wait or run reject with PoolClosed. */
  async close(): Promise<void> {
    this.#closed = true
    for (const waiter of this.#waiting.splice(0)) waiter.reject(new PoolClosed())
    const ends = [...this.#alive].map((child) => child.kill())
    await Promise.all(ends)
  }

  /**
   * After a crash a job gets one more attempt, alone in a fresh child: the first may have died of earlier jobs.
   * Null: the passed content had another digest than the ledger. Attempts 3 and 4 then send its bytes.
   */
  #attempt(job: Job, attempt: number): Promise<JobOutcome>
  #attempt(job: Job, attempt: number, handed: Handed): Promise<JobOutcome | null>
  async #attempt(job: Job, attempt: number, handed?: Handed): Promise<JobOutcome | null> {
    const fresh = attempt % 2 === 0 || job.lent !== undefined
    const child = await (fresh ? this.#start(job.lent) : this.#take())
    if (handed !== undefined && !child.isFed) {
      this.#idle.push(child)
      return null
    }
    trace('child', () => `${job.op} ${job.sha256} attempt ${attempt}: begins in process ${child.pid}`)
    const startMs = performance.now()
    const answer = await child.run(job, job.cpuMs ?? this.#options.cpuMs, attempt)
    trace('child', () => {
      const how = answer.kind === 'failed' ? `${answer.reason} ${JSON.stringify(answer.detail)}` : answer.kind
      return `${job.op} ${job.sha256} attempt ${attempt}: ${how}, ${(performance.now() - startMs).toFixed(0)} ms`
    })
    const wasFirst = child.jobsDone <= 1
    const isOther = handed !== undefined && answer.kind === 'failed' && answer.reason === 'digest-mismatch'
    // A feeder that passed wrong bytes passes no further content.
    await this.#giveBack(child, job.lent !== undefined || isOther)
    if (this.#closed) throw new PoolClosed()
    if (isOther) return null
    if (answer.kind === 'reply') {
      const { header, bytes, warnings } = answer
      return { done: true, header, bytes, warnings }
    }
    if (answer.kind === 'threw') throw answer.error
    const { reason, detail, implausible = false, warnings } = answer
    const next = nextAttempt(answer, attempt, wasFirst)
    if (next !== null) return this.#attempt(job, next, handed!)
    if (reason === 'decoder-crashed') {
      this.lastWords = warnings
      await (this.#tried ??= this.#try())
    }
    return { done: false, reason, detail, implausible, warnings }
  }

  /** By another reader: that of the pipe may be gone, stuck or lying. */
  async #broughtHere(job: Job, handed: Handed): Promise<JobOutcome> {
    const read = await handed.bytes()
    if ('bytes' in read) return this.#attempt({ ...job, bytes: read.bytes }, 3)
    if (read.result === 'done') throw new Error('a content that was read has no bytes')
    return { done: false, reason: read.reason, detail: read.detail, implausible: false, warnings: [] }
  }

  /** @throws InstallationBroken */
  async #try(): Promise<void> {
    const { trial } = this.#options
    if (trial === null) return
    let said: string | null = null
    // One failure may be chance: the system may end any process at any time.
    for (let i = 0; i < START_ATTEMPTS; i++) {
      const pool = new JobPool({ ...this.#options, size: 1, trial: null, confined: () => {} })
      try {
        said = await trial.run(pool)
        if (said === null) return
      } finally {
        await pool.close()
      }
    }
    throw new InstallationBroken({ process: trial.kind, said: said ?? '' })
  }

  async #take(): Promise<Child> {
    for (let child = this.#idle.pop(); child; child = this.#idle.pop()) if (child.usable) return child
    return this.#start(undefined)
  }

  async #start(lent: Lent | undefined): Promise<Child> {
    const feeder = lent ? null : ((await this.#options.feeding?.()) ?? null)
    try {
      const inherit = lent?.descriptors ?? (feeder ? [feeder.descriptor] : [])
      const inherits = lent?.content.kind ?? null
      const child = await this.#starter.start({ inherits, inherit, feeder }, (child) => {
        this.#alive.add(child)
        void child.ended.then(() => this.#alive.delete(child))
        if (this.#closed) void child.kill()
      })
      // Child and feeder live and end together: a pipe that may still contain bytes is not read again.
      void child.ended.then(() => feeder?.end())
      feeder?.inherited()
      return child
    } catch (error) {
      feeder?.end()
      throw this.#closed ? new PoolClosed() : error
    }
  }

  async #giveBack(child: Child, single: boolean): Promise<void> {
    if (single || !child.usable || child.jobsDone >= this.#options.jobsPerChild || child.isBloated()) {
      await child.kill()
    } else {
      this.#idle.push(child)
    }
  }

  async #acquire(): Promise<void> {
    if (this.#closed) throw new PoolClosed()
    if (this.#busy < this.#options.size) {
      this.#busy++
      return
    }
    await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  #release(): void {
    const next = this.#waiting.shift()
    if (next) next.resolve()
    else this.#busy--
  }
}

/** A job that did not end well, as the stage result it becomes. */
export function resultOfEnd({ reason, detail }: Extract<JobOutcome, { done: false }>): StageResult {
  return notDone(reason, detail)
}
