/**
 * Contents that wait for a stage of the unknown phase, paged by key. They stand in a temporary table that SQLite may spill
 * to an unnamed file; contents that come while pages are taken are added to it.
 */
import type { Statement } from 'better-sqlite3'
import { depthOf, printPath } from '../../base/evidence-path.ts'
import type { Plan } from '../../contracts/case.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { Meaning } from '../../contracts/hash-set.ts'
import type { PendingContent } from '../../contracts/ledger.ts'
import type { StageName, StageResult } from '../../contracts/stage.ts'
import { type ContentRow, contentFromRow } from '../format/content-row.ts'
import type { Db } from '../format/database.ts'
import { resultFromRow } from '../format/result-row.ts'
import { contentStage, type LaterStage } from '../format/stages.ts'
import { pendingReadFromRow, type WaitingRow } from './pending-reads.ts'

const QUEUE = `
  CREATE TEMP TABLE IF NOT EXISTS queue (
    stage TEXT NOT NULL, steps INTEGER NOT NULL, band INTEGER NOT NULL, path BLOB NOT NULL,
    content INTEGER NOT NULL, entry INTEGER NOT NULL,
    PRIMARY KEY (stage, steps, band, path)
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX IF NOT EXISTS temp.queue_content ON queue (content, stage);`

const REPRESENTATIVE = `
  SELECT entry.id, entry.steps, entry.band, entry.path FROM reading JOIN entry ON entry.id = reading.entry
  WHERE reading.content = ? ORDER BY entry.steps, entry.path LIMIT 1`

const PLACE = `entry.id, entry.path, entry.band, entry.size, entry.allocated, entry.modified_s, entry.modified_ns,
  entry.device, entry.inode`

const READ_AT = `
  SELECT reading.content, ${PLACE} FROM entry JOIN reading ON reading.entry = entry.id
  WHERE entry.path = ? AND reading.content IS NOT NULL`

const QUEUED = `
  SELECT queue.content, ${PLACE}
  FROM temp.queue JOIN entry ON entry.id = queue.entry
  WHERE queue.stage = ? AND (queue.steps, queue.band, queue.path) > (?, ?, ?)
  ORDER BY queue.steps, queue.band, queue.path LIMIT ?`

const PAGE = 500

/** The contents that wait for a stage of the unknown phase. One for each writer. */
export class ContentQueue {
  readonly #db: Db
  readonly #plan: Plan
  readonly #content: Statement<[bigint], ContentRow>
  readonly #meanings: Statement<[bigint], Meaning>
  /** The newest content that each stage's queue has considered. */
  readonly #considered = new Map<StageName, number>()

  constructor(db: Db, plan: Plan) {
    this.#db = db
    this.#plan = plan
    this.#content = db.prepare<[bigint], ContentRow>('SELECT * FROM content WHERE id = ?').safeIntegers()
    this.#meanings = db
      .prepare<[bigint], Meaning>('SELECT DISTINCT meaning FROM hit WHERE content = ? ORDER BY meaning')
      .pluck()
  }

  /** True as long as no stage has asked: then nothing here needs to hear of new paths. */
  get isEmpty(): boolean {
    return this.#considered.size === 0
  }

  count(stage: LaterStage): number {
    this.#extend(stage)
    return this.#db.prepare('SELECT count(*) FROM temp.queue WHERE stage = ?').pluck().get(stage) as number
  }

  page(stage: LaterStage, cursor: PendingContent | null, limit: number): PendingContent[] {
    this.#extend(stage)
    const after = cursor ? [depthOf(cursor.path), cursor.band, cursor.path.bytes] : [0, 0, Buffer.alloc(0)]
    const rows = this.#db
      .prepare(QUEUED)
      .safeIntegers()
      .all([stage, ...after, limit]) as PlacedRow[]
    return rows.map((row) => this.#pendingContent(row))
  }

  /** The content that was read at this path, and this path as its place. @throws RangeError when there is none */
  readAt(path: EvidencePath): PendingContent {
    const row = this.#db.prepare(READ_AT).safeIntegers().get(path.bytes) as PlacedRow | undefined
    if (!row) throw new RangeError(`no content was read at ${printPath(path)}`)
    return this.#pendingContent(row)
  }

  /** To be called in the transaction that records an examination. */
  remove(content: number, stage: StageName): void {
    if (this.#considered.has(stage))
      this.#db.prepare('DELETE FROM temp.queue WHERE content = ? AND stage = ?').run(content, stage)
  }

  /** To be called in the transaction that finds a recorded content at one more place: it may be the representative. */
  foundAgain(content: number, entry: number, { steps, band, path }: Place): void {
    this.#db
      .prepare(
        `UPDATE temp.queue SET entry = ?, steps = ?, band = ?, path = ?
         WHERE content = ? AND (steps, path) > (?, ?)`,
      )
      .run(entry, steps, band, path, content, steps, path)
  }

  /** Adds the contents that came since the last call. */
  #extend(stage: LaterStage): void {
    const db = this.#db
    if (this.#considered.size === 0) db.exec(QUEUE)
    const newest = (db.prepare('SELECT max(id) FROM content').pluck().get() as number | null) ?? 0
    let after = this.#considered.get(stage) ?? 0
    if (newest === after) return
    const contents = db.prepare('SELECT * FROM content WHERE id > ? ORDER BY id LIMIT ?').safeIntegers()
    const examined = db.prepare(
      'SELECT result, reason, detail FROM examination WHERE content = ? AND stage = ?',
    )
    const representative = db.prepare(REPRESENTATIVE)
    const insert = db.prepare('INSERT INTO temp.queue VALUES (?, ?, ?, ?, ?, ?)')
    while (after < newest) {
      const rows = contents.all(after, PAGE) as ContentRow[]
      db.transaction(() => {
        for (const row of rows) {
          const id = Number(row.id)
          if (!this.#waits(row, stage, examined.get(id, stage) as StoredResult | undefined)) continue
          const place = representative.get(id) as Place & { id: number }
          insert.run(stage, place.steps, place.band, place.path, id, place.id)
        }
      })()
      after = Number(rows.at(-1)?.id ?? newest)
    }
    this.#considered.set(stage, newest)
  }

  #pendingContent(row: PlacedRow): PendingContent {
    return {
      ...pendingReadFromRow(row),
      contentId: Number(row.content),
      content: contentFromRow(this.#content.get(row.content)!),
      band: Number(row.band),
      meanings: this.#meanings.all(row.content),
    }
  }

  #waits(row: ContentRow, stage: LaterStage, examined: StoredResult | undefined): boolean {
    const result: StageResult | null = examined
      ? resultFromRow(examined.result, examined.reason, examined.detail)
      : null
    const facts = {
      mediaType: row.media_type,
      empty: row.size === 0n,
      applicable: Number(row.applicable),
      matched: resultFromRow(row.matched_result, row.matched_reason, row.matched_detail),
      suppressed: row.suppressed_by !== null,
      examined: () => result,
    }
    return contentStage(stage, facts, this.#plan) === null
  }
}

interface StoredResult {
  readonly result: string
  readonly reason: string | null
  readonly detail: string | null
}

/** Fewest steps, then smallest path, decide which copy represents a content. */
export interface Place {
  readonly steps: number
  readonly band: number
  readonly path: Buffer
}

interface PlacedRow extends WaitingRow {
  readonly content: bigint
  readonly band: bigint
}
