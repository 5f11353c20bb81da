/**
 * Contents that a stage opened, in SHA-256 order, with their stage results. A temporary table holds them while the
 * digests are computed: they are found once, and memory use stays constant.
 */
import { isEnvironmentDependent } from '../../contracts/reason.ts'
import type { Db } from './database.ts'

export interface Opening {
  readonly id: number
  readonly sha256: Buffer
  readonly stage: string
  readonly result: string
  readonly reason: string | null
}

const COLLECT = `
  DROP TABLE IF EXISTS temp.opening;
  CREATE TEMP TABLE opening (
    sha256 BLOB NOT NULL, stage TEXT NOT NULL, id INTEGER NOT NULL, result TEXT NOT NULL, reason TEXT,
    PRIMARY KEY (sha256, stage)
  ) WITHOUT ROWID;
  INSERT INTO temp.opening
    SELECT c.sha256, x.stage, c.id, x.result, x.reason FROM examination x JOIN content c ON c.id = x.content
    WHERE x.stage = 'opened' OR EXISTS (SELECT 1 FROM entry e WHERE e.parent = c.id AND e.parent_stage = x.stage);`

export class Openings {
  readonly #next

  constructor(db: Db) {
    db.exec(COLLECT)
    this.#next = db.prepare<[Buffer, string], Opening>(
      'SELECT * FROM temp.opening WHERE (sha256, stage) > (?, ?) ORDER BY sha256, stage LIMIT 200',
    )
  }

  /**
   * Leaves out contents whose result was decided by time, memory, a crash or the device, because their derived entries
   * may differ between runs.
   */
  *all(): IterableIterator<Opening> {
    let page = this.#next.all(Buffer.alloc(0), '')
    while (page.length > 0) {
      for (const one of page) if (one.reason === null || !isEnvironmentDependent(one.reason)) yield one
      const last = page.at(-1)!
      page = this.#next.all(last.sha256, last.stage)
    }
  }
}
