/**
 * Several shards at once on one host, of few workers each: a process that begins loads the models once for every worker, which is more
 * than a shard's own work where a host has many cores.
 */
import type { Asker } from '../queue/database.ts'
import { type LookingWishes, ShardLook } from './shard-look.ts'

const WORKERS_EACH = 2

export class ShardLooks {
  readonly #looks: readonly ShardLook[]

  /** @param wishes with all workers of this host */
  constructor({ workers, ...wishes }: Omit<LookingWishes, 'n'>) {
    const count = Math.max(1, Math.floor(workers / WORKERS_EACH))
    const each = Math.min(WORKERS_EACH, workers)
    this.#looks = Array.from({ length: count }, (_, n) => new ShardLook({ ...wishes, workers: each, n }))
  }

  get isBusy(): boolean {
    return this.#looks.some(({ isBusy }) => isBusy)
  }

  /** One step of each; nothing more is asked for once no shard waits. @returns what happened @throws DatabaseAway */
  async step(asker: Asker, mayTake: boolean): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const events: Readonly<Record<string, unknown>>[] = []
    let may = mayTake
    for (const look of this.#looks) {
      const { isBusy } = look
      const event = await look.step(asker, may)
      if (event !== null) events.push(event)
      else if (!isBusy) may = false
    }
    return events
  }

  async stop(): Promise<void> {
    await Promise.all(this.#looks.map((look) => look.stop()))
  }
}
