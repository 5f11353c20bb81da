/** Analyses shards of other hosts' exhibits while no exhibit waits: each in a process of its own, `lab run-one --shard`. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EXIT } from '../../base/exit-codes.ts'
import type { Asker } from '../queue/database.ts'
import { type Running, startSeized } from '../scan/own-program.ts'

interface Taken {
  readonly attempt: string
  readonly name: string
  readonly text: string
}

export interface LookingWishes {
  readonly ledgers: string
  /** File of this host's configuration: its name and its key. */
  readonly configFile: string
  readonly leaseMs: number
  readonly workers: number
  /** Of those that this host runs side by side. */
  readonly n: number
}

export class ShardLook {
  readonly #wishes: LookingWishes
  #taken: Taken | null = null
  #running: Running | null = null
  /** Exit code of the process that has ended. */
  #ended: { readonly code: number | null } | null = null

  constructor(wishes: LookingWishes) {
    this.#wishes = wishes
  }

  get isBusy(): boolean {
    return this.#taken !== null
  }

  /**
   * One step: takes a shard where `mayTake`, renews the lease of the one at work, answers what has ended.
   * @returns what happened, for the worker's output; null: nothing. @throws DatabaseAway
   */
  async step(asker: Asker, mayTake: boolean): Promise<Readonly<Record<string, unknown>> | null> {
    const taken = this.#taken
    if (taken === null) return mayTake ? this.#take(asker) : null
    if (this.#ended !== null) return this.#deliver(asker, taken, this.#ended.code)
    const [row] = await asker.rows<{ ours: boolean }>('SELECT lab.renew_shard($1, $2, $3) AS ours', [
      taken.attempt,
      taken.name,
      this.#wishes.leaseMs,
    ])
    if (row?.ours) return null
    // Its own host examines it, or another has it.
    await this.stop()
    return { event: 'shard-over', shard: taken.name }
  }

  /** Ends the process at work; the lease runs out. */
  async stop(): Promise<void> {
    const running = this.#running
    running?.process.kill('SIGTERM')
    await running?.ended
    this.#forget()
  }

  async #take(asker: Asker) {
    const [row] = await asker.rows<{ taken: Taken | null }>('SELECT lab.take_shard($1) AS taken', [
      this.#wishes.leaseMs,
    ])
    const taken = row?.taken ?? null
    if (taken === null) return null
    const why = this.#begun(taken)
    if (why === null) return { event: 'shard-taken', shard: taken.name }
    await asker.rows('SELECT lab.return_shard($1, $2, $3)', [taken.attempt, taken.name, false])
    return { event: 'shard-returned', shard: taken.name, why }
  }

  /** @returns null, or why it could not begin (a full disk) */
  #begun(taken: Taken): string | null {
    const { configFile, workers } = this.#wishes
    const file = this.#file('shard.json')(taken.name)
    try {
      rmSync(this.#folder, { recursive: true, force: true })
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      writeFileSync(file, taken.text, { mode: 0o600 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error
      return (error as Error).message
    }
    this.#taken = taken
    const words = ['lab', 'run-one', `--shard=${file}`, `--out=${this.#folder}`]
    this.#running = startSeized([...words, `--config=${configFile}`, `--workers=${workers}`])
    void this.#running.ended.then(({ code }) => {
      if (this.#taken === taken) this.#ended = { code }
    })
    return null
  }

  async #deliver(asker: Asker, { attempt, name }: Taken, code: number | null) {
    const file = this.#file('bundle.json')(name)
    if (code === EXIT.complete && existsSync(file))
      await asker.rows('SELECT lab.answer_shard($1, $2, $3)', [attempt, name, readFileSync(file, 'utf8')])
    else await asker.rows('SELECT lab.return_shard($1, $2, $3)', [attempt, name, code === EXIT.usage])
    this.#forget()
    return { event: code === EXIT.complete ? 'shard-answered' : 'shard-returned', shard: name, code }
  }

  get #folder(): string {
    return join(this.#wishes.ledgers, 'looking', String(this.#wishes.n))
  }

  #file(end: string): (name: string) => string {
    return (name) => join(this.#folder, `${name}.${end}`)
  }

  #forget(): void {
    this.#taken = null
    this.#running = null
    this.#ended = null
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
