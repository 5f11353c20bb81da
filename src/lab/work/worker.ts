/**
 * The daemon of a host: claims the most urgent exhibit, examines it, and delivers the result.
 * While the database is away it continues its exhibits until their leases are nearly over, then pauses them. A result
 * waits as a file.
 */
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { totalmem } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { UsageError } from '../../base/errors.ts'
import type { HostConfig, LabConfig } from '../manifest/host-config.ts'
import { giveBack, reap, refuse, renew, setState } from '../queue/attempts.ts'
import { type Claimed, callUrgent, claim } from '../queue/claim.ts'
import { type Database, DatabaseAway } from '../queue/database.ts'
import { stateClassOf } from '../queue/sql-states.ts'
import { freeBytes } from '../scan/examine-exhibit.ts'
import { type Outcome, withoutResult } from '../scan/outcome.ts'
import { orderFor, resultOf, runAttempt } from './attempt-run.ts'
import { Keyring, machineId } from './host-keys.ts'
import { heartbeat, type Present } from './host-row.ts'
import { Pending, type Told } from './pending.ts'
import { progressOf } from './progress-of.ts'
import { ShardLooks } from './shard-looks.ts'
import { ShardRelay } from './shard-relay.ts'

export interface WorkOptions {
  readonly database: Database
  readonly config: HostConfig & { readonly lab: LabConfig }
  readonly configFile: string
  /** Number of exhibits at once. */
  readonly jobs: number
  readonly workers: number
  /** Pauses every exhibit and ends. */
  readonly signal: AbortSignal
  /** End when there is no work, for tests and for `--once`. */
  readonly once: boolean
  readonly say: (event: Readonly<Record<string, unknown>>) => void
  /** Called after each change: status page, notices. */
  readonly changed?: () => Promise<void>
}

interface Running {
  readonly claimed: Claimed
  readonly pause: AbortController
  progress: Readonly<Record<string, unknown>> | null
  /** Null: this host shares no analysis. */
  readonly relay: ShardRelay | null
  /** Another host has it by now: this result is superseded, or the ledger is resumed here later. */
  isLost: boolean
}

const TICK_MS = 500
/** Share of the lease: when it was not renewed for this long, another host may soon begin. */
const CUT_OFF = 0.8

export class Worker {
  readonly #options: WorkOptions
  readonly #keys: Keyring
  readonly #present: Present
  readonly #pending: Pending
  readonly #look: ShardLooks
  readonly #running = new Set<Running>()
  readonly #tasks = new Set<Promise<void>>()
  #answeredMs = performance.now()
  #calling = false
  /** True after the laboratory has accepted this host: a later error about rights or tables is waited out. */
  #isKnown = false
  #lastWhy = ''

  constructor(options: WorkOptions) {
    this.#options = options
    const { lab } = options.config
    mkdirSync(lab.ledgers, { recursive: true })
    this.#keys = new Keyring(lab)
    this.#present = { machine: machineId(lab.ledgers), worker: randomUUID() }
    this.#pending = new Pending(lab.ledgers)
    this.#look = new ShardLooks({ ...lab, configFile: options.configFile, workers: options.workers })
  }

  /** Page and notices that are still being written. */
  #telling: Promise<void> = Promise.resolve()

  async work(): Promise<void> {
    const { signal, once } = this.#options
    while (!signal.aborted) {
      const idle = await this.#tick()
      if (once && idle) break
      await sleep(TICK_MS, undefined, { signal }).catch(() => {})
    }
    for (const one of this.#running) one.pause.abort()
    await Promise.all([...this.#tasks, this.#look.stop()])
    await this.#asked(() => this.#pending.deliver(this.#options.database, this.#delivered))
    await this.#telling
  }

  /** @returns true when nothing waits and nothing runs */
  async #tick(): Promise<boolean> {
    const { database, config, jobs } = this.#options
    const isThere = await this.#asked(async () => {
      await heartbeat(database, config, this.#keys.current, this.#present, this.#running.size >= jobs)
      this.#isKnown = true
      for (const one of this.#running) await this.#renew(one).then(() => one.relay?.carry(database))
      this.#answeredMs = performance.now()
      await reap(database)
      await this.#pending.deliver(database, this.#delivered)
    })
    if (!isThere) {
      this.#pauseWhenCutOff()
      return false
    }
    let claimed: Claimed | null = null
    const running = this.#running.size
    await this.#asked(async () => {
      claimed = await this.#claim()
      if (claimed) this.#begin(claimed)
      else await this.#makeRoom()
      const looked = await this.#look.step(database, config.lab.lookShards && this.#running.size === 0)
      for (const event of looked) this.#options.say(event)
    })
    return claimed === null && running === 0 && !this.#look.isBusy
  }

  async #claim(): Promise<Claimed | null> {
    const { database, config, jobs } = this.#options
    if (this.#running.size >= jobs || this.#look.isBusy) return null
    const room = Math.min(freeBytes(config.lab.ledgers), freeBytes(config.lab.collection))
    return room < config.minFreeBytes ? null : claim(database, this.#claimer)
  }

  get #claimer() {
    const { lab } = this.#options.config
    return { memoryGB: Math.ceil(totalmem() / 1e9), leaseMs: lab.leaseMs, graceMs: lab.graceMs }
  }

  /** Every place is taken: the lowest pauses when a more urgent one waits. */
  async #makeRoom(): Promise<void> {
    const { database, jobs } = this.#options
    if (this.#calling || this.#running.size < jobs) return
    const [lowest] = [...this.#running].sort((a, b) => a.claimed.priority - b.claimed.priority)
    if (!lowest || !(await callUrgent(database, this.#claimer, lowest.claimed.priority))) return
    this.#calling = true
    lowest.pause.abort()
  }

  #begin(claimed: Claimed): void {
    const { lab } = this.#options.config
    const relay = lab.lookShards ? new ShardRelay(lab.ledgers, claimed.attempt) : null
    const one: Running = { claimed, pause: new AbortController(), progress: null, relay, isLost: false }
    this.#running.add(one)
    const { caseId, exhibit, fence, n } = claimed
    this.#options.say({ event: 'claimed', case: caseId, exhibit, fence, attempt: n })
    const task = this.#attempt(one).finally(() => {
      this.#running.delete(one)
      this.#tasks.delete(task)
      this.#calling = false
    })
    this.#tasks.add(task)
  }

  async #attempt(one: Running): Promise<void> {
    const { database, config, jobs, workers, say } = this.#options
    const { claimed } = one
    const { caseId, exhibit, fence } = claimed
    const about = { case: caseId, exhibit, fence }
    try {
      const order = orderFor(claimed, config)
      await this.#insist(() => setState(database, claimed, 'scanning'))
      const outcome = await runAttempt({
        order,
        config,
        workers: Math.max(1, Math.floor(workers / jobs)),
        lookShards: one.relay?.folder ?? null,
        signal: one.pause.signal,
        on: (event) => {
          if (event.event === 'progress' || event.event === 'phase') one.progress = progressOf(event)
        },
      })
      await this.#asked(async () => one.relay?.end(database))
      if (outcome.state !== 'finished') {
        await this.#insist(() => giveBack(database, claimed, outcome))
        say({ event: 'ended', ...about, state: outcome.state, code: outcome.code })
        this.#changed()
        return
      }
      await this.#asked(() => setState(database, claimed, 'collecting'))
      this.#pending.keep(resultOf(claimed, order, outcome, config.lab, this.#keys.current))
      if (!(await this.#asked(() => this.#pending.deliver(database, this.#delivered))))
        say({ event: 'kept', ...about })
    } catch (error) {
      if (!(error instanceof Error)) throw error
      if (error instanceof UsageError) {
        await this.#insist(() => refuse(database, claimed, error.message))
        say({ event: 'out-of-step', ...about, why: error.message })
        return
      }
      const outcome: Outcome = withoutResult('try-again', 'collecting', error.message)
      await this.#insist(() => giveBack(database, claimed, outcome))
      say({ event: 'ended', ...about, state: outcome.state, why: error.message })
    }
  }

  readonly #delivered: Told = (about, { ends, why }) => {
    const named = about && { case: about.case, exhibit: about.exhibit, fence: about.fence }
    this.#options.say({ event: ends, ...named, ...(why !== undefined && { why }) })
    this.#changed()
  }

  /** Page and notices are written on each change; an error is reported, and the next change writes them again. */
  #changed(): void {
    this.#telling = this.#telling
      .then(() => this.#options.changed?.())
      .catch((error: Error) => this.#options.say({ event: 'not-told', why: error.message }))
  }

  async #renew(one: Running): Promise<void> {
    const { isOurs, wanted } = await renew(this.#options.database, one.claimed, one.progress)
    if (!isOurs) one.isLost = true
    if (!isOurs || wanted !== null) one.pause.abort()
  }

  #pauseWhenCutOff(): void {
    const { leaseMs } = this.#options.config.lab
    if (performance.now() - this.#answeredMs < CUT_OFF * leaseMs) return
    for (const one of this.#running) one.pause.abort()
  }

  /** @returns false when the database is away, or does not serve a host that it knew */
  async #asked(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work()
      this.#lastWhy = ''
      return true
    } catch (error) {
      if (!(error instanceof Error)) throw error
      const isClosed = this.#isKnown && stateClassOf(error)?.meaning === 'closed'
      if (!(error instanceof DatabaseAway) && !isClosed) throw error
      if (error.message !== this.#lastWhy) this.#options.say({ event: 'cut-off', why: error.message })
      this.#lastWhy = error.message
      return false
    }
  }

  /** Repeats until it succeeds or two leases have passed: the end of the lease reports the same. */
  async #insist(work: () => Promise<unknown>): Promise<void> {
    const until = performance.now() + 2 * this.#options.config.lab.leaseMs
    while (!(await this.#asked(work)) && performance.now() < until) await sleep(TICK_MS)
  }
}
