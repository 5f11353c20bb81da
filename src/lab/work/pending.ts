/** Results that the database could not take yet: a file each, delivered when it answers again. Nothing is scanned twice for it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Claimed } from '../queue/claim.ts'
import { type Database, DatabaseAway } from '../queue/database.ts'
import { finish, type Result } from '../queue/finish.ts'

type Attempt = Pick<Claimed, 'fence' | 'id' | 'caseId' | 'exhibit'>

export class Pending {
  readonly #folder: string

  constructor(ledgers: string) {
    this.#folder = join(ledgers, 'pending')
  }

  keep(attempt: Attempt, result: Result): void {
    mkdirSync(this.#folder, { recursive: true })
    const file = join(this.#folder, `${attempt.fence}.json`)
    const { fence, id, caseId, exhibit } = attempt
    const seen = result.seen.map(({ key, ...one }) => ({ ...one, key: key.toString('hex') }))
    writeFileSync(
      `${file}.partial`,
      JSON.stringify({ fence, id, caseId, exhibit, result: { ...result, seen } }),
    )
    renameSync(`${file}.partial`, file)
  }

  /** @returns false when the database is still away */
  async deliver(
    database: Database,
    told: (attempt: Attempt, ends: 'finished' | 'superseded') => void,
  ): Promise<boolean> {
    if (!existsSync(this.#folder)) return true
    for (const name of readdirSync(this.#folder).filter((one) => one.endsWith('.json'))) {
      const file = join(this.#folder, name)
      const { result, ...attempt } = JSON.parse(readFileSync(file, 'utf8')) as Attempt & {
        readonly result: Omit<Result, 'seen'> & {
          readonly seen: readonly {
            readonly key: string
            readonly entries: number
            readonly meaning: string
          }[]
        }
      }
      const seen = result.seen.map(({ key, ...one }) => ({ ...one, key: Buffer.from(key, 'hex') }))
      try {
        told(attempt, await finish(database, attempt, { ...result, seen }))
      } catch (error) {
        if (!(error instanceof DatabaseAway)) throw error
        return false
      }
      rmSync(file)
    }
    return true
  }
}
