/**
 * Contents that wait for a stage of the unknown phase, paged by key. Within a priority class, contents that wait for
 * media analysis are taken in analysis order: first those in a folder with an illegal hit, then the cheapest, so that
 * the first leads come early. The queue is a temporary table that SQLite may spill to an unnamed file. Contents that
 * arrive while pages are taken are added to it.
 */
import type { Statement } from 'better-sqlite3'
import { depthOf } from '../../base/evidence-path.ts'
import type { Plan } from '../../contracts/case.ts'
import type { Meaning } from '../../contracts/hash-set.ts'
import type { PendingContent } from '../../contracts/ledger.ts'
import { type LaterStage, laterStage, type StageName, type StageResult } from '../../contracts/stage.ts'
import { analysisOrder } from '../../media-types/applies.ts'
import { type ContentRow, contentFromRow, matchedFromRow } from '../format/content-row.ts'
import type { Db } from '../format/database.ts'
import { resultFromRow } from '../format/result-row.ts'
import { contentStage } from '../format/stages.ts'
import { Copies } from '../read/copies.ts'
import type { Paths } from '../read/paths.ts'
import { pendingReadFromRow, type WaitingRow } from './pending-reads.ts'

const QUEUE = `
  CREATE TEMP TABLE IF NOT EXISTS queue (
    stage TEXT NOT NULL, depth INTEGER NOT NULL, band INTEGER NOT NULL,
    turn INTEGER NOT NULL, path BLOB NOT NULL,
    content INTEGER NOT NULL, entry INTEGER NOT NULL,
    PRIMARY KEY (stage, depth, band, turn, path)
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX IF NOT EXISTS temp.queue_content ON queue (content, stage);`

const PLACE = `entry.id, entry.above, entry.step, entry.name, entry.band, entry.size, entry.allocated, entry.modified_s,
  entry.modified_ns, entry.device, entry.inode, entry.volume, entry.located`

const READ_AT = `
  SELECT reading.content, ${PLACE} FROM entry JOIN reading ON reading.entry = entry.id
  WHERE entry.id = +? AND reading.content IS NOT NULL`

const QUEUED = `
  SELECT queue.content, queue.turn, ${PLACE}
  FROM temp.queue JOIN entry ON entry.id = queue.entry
  WHERE queue.stage = ? AND (queue.depth, queue.band, queue.turn, queue.path) > (?, ?, ?, ?)
  ORDER BY queue.depth, queue.band, queue.turn, queue.path LIMIT ?`

const HIT_FOLDERS = `SELECT DISTINCT entry.above FROM hit JOIN reading ON reading.content = hit.content
  JOIN entry ON entry.id = reading.entry WHERE hit.meaning = 'illegal'`

/**
 * Added to the analysis order of a content outside the folders with hits; larger than every value of
 * media-types/applies.ts.
 */
const AWAY_FROM_HITS = 4

/** Leaves out contents that cannot wait for a stage under any plan: for most contents no row is made. */
const CANDIDATES = `SELECT * FROM content WHERE id > ? AND id <= ? AND applicable & ? AND size > 0 AND suppressed_by IS NULL
  ORDER BY id LIMIT ?`

const PAGE = 500

/** The contents that wait for a stage of the unknown phase. One for each writer. */
export class ContentQueue {
  readonly #db: Db
  readonly #plan: Plan
  readonly #content: Statement<[bigint], ContentRow>
  readonly #meanings: Statement<[bigint], Meaning>
  readonly #paths: Paths
  readonly #copies: Copies
  /** Position in the queue of each returned content: the next page starts after it. */
  readonly #turns = new WeakMap<PendingContent, number>()
  /** The newest content that each stage's queue has considered. */
  readonly #considered = new Map<StageName, number>()

  constructor(db: Db, plan: Plan, paths: Paths) {
    this.#db = db
    this.#plan = plan
    this.#paths = paths
    this.#copies = new Copies(db, paths)
    this.#content = db.prepare<[bigint], ContentRow>('SELECT * FROM content WHERE id = ?').safeIntegers()
    this.#meanings = db
      .prepare<[bigint], Meaning>('SELECT DISTINCT meaning FROM hit WHERE content = +? ORDER BY meaning')
      .pluck()
  }

  /** True until a stage has asked for contents: before that, the queue needs no news of new paths. */
  get isEmpty(): boolean {
    return this.#considered.size === 0
  }

  count(stage: LaterStage): number {
    this.#extend(stage)
    return this.#db.prepare('SELECT count(*) FROM temp.queue WHERE stage = ?').pluck().get(stage) as number
  }

  page(stage: LaterStage, cursor: PendingContent | null, limit: number): PendingContent[] {
    this.#extend(stage)
    const after = cursor
      ? [depthOf(cursor.path), cursor.band, this.#turns.get(cursor) ?? 0, cursor.path.bytes]
      : [0, 0, 0, Buffer.alloc(0)]
    const rows = this.#db
      .prepare(QUEUED)
      .safeIntegers()
      .all([stage, ...after, limit]) as (PlacedRow & { readonly turn: bigint })[]
    return rows.map((row) => {
      const pending = this.#pendingContent(row)
      this.#turns.set(pending, Number(row.turn))
      return pending
    })
  }

  /** The content that was read at this entry, with the entry as its place; null when there is none. */
  readAt(entry: number): PendingContent | null {
    const row = this.#db.prepare(READ_AT).safeIntegers().get(entry) as PlacedRow | undefined
    return row ? this.#pendingContent(row) : null
  }

  /** Call this in the transaction that records an examination. */
  remove(content: number, stage: StageName): void {
    if (this.#considered.has(stage))
      this.#db.prepare('DELETE FROM temp.queue WHERE content = ? AND stage = ?').run(content, stage)
  }

  /**
   * Call this in the transaction that finds a recorded content at a further place: that place may become the
   * representative.
   */
  foundAgain(content: number, entry: number, { depth, band, path }: Place): void {
    this.#db
      .prepare(
        `UPDATE temp.queue SET entry = ?, depth = ?, band = ?, path = ?
         WHERE content = ? AND (depth, path) > (?, ?)`,
      )
      .run(entry, depth, band, path, content, depth, path)
  }

  /** Adds the contents that were recorded since the last call. */
  #extend(stage: LaterStage): void {
    const db = this.#db
    if (this.#considered.size === 0) db.exec(QUEUE)
    const newest = (db.prepare('SELECT max(id) FROM content').pluck().get() as number | null) ?? 0
    let after = this.#considered.get(stage) ?? 0
    if (newest === after) return
    const contents = db.prepare(CANDIDATES).safeIntegers()
    const { bit } = laterStage(stage)
    const examined = db.prepare(
      'SELECT result, reason, detail_code, detail_params FROM examination WHERE content = ? AND stage = ?',
    )
    const insert = db.prepare('INSERT INTO temp.queue VALUES (?, ?, ?, ?, ?, ?, ?)')
    const hitFolders = new Set(db.prepare(HIT_FOLDERS).pluck().all() as number[])
    const above = db.prepare<[number], number>('SELECT above FROM entry WHERE id = ?').pluck()
    const turnOf = (row: ContentRow, entry: number): number => {
      if (stage !== 'looked-at') return 0
      const near = hitFolders.size > 0 && hitFolders.has(above.get(entry)!)
      return analysisOrder(row.media_type, row.size) + (near ? 0 : AWAY_FROM_HITS)
    }
    while (after < newest) {
      const rows = contents.all(after, newest, bit, PAGE) as ContentRow[]
      db.transaction(() => {
        for (const row of rows) {
          const id = Number(row.id)
          if (!this.#waits(row, stage, examined.get(id, stage) as StoredResult | undefined)) continue
          const { id: entry, depth, band, path } = this.#copies.representative(id)
          insert.run(stage, depth, band, turnOf(row, entry), path, id, entry)
        }
      })()
      after = Number(rows.at(-1)?.id ?? newest)
    }
    this.#considered.set(stage, newest)
  }

  #pendingContent(row: PlacedRow): PendingContent {
    return {
      ...pendingReadFromRow(row, this.#paths),
      contentId: Number(row.content),
      content: contentFromRow(this.#content.get(row.content)!),
      band: Number(row.band),
      meanings: this.#meanings.all(row.content),
    }
  }

  #waits(row: ContentRow, stage: LaterStage, examined: StoredResult | undefined): boolean {
    const result = examined ? storedResult(examined) : null
    const facts = {
      mediaType: row.media_type,
      empty: row.size === 0n,
      applicable: Number(row.applicable),
      matched: matchedFromRow(row),
      suppressed: row.suppressed_by !== null,
      examined: () => result,
    }
    return contentStage(stage, facts, this.#plan) === null
  }
}

interface StoredResult {
  readonly result: string
  readonly reason: string | null
  readonly detail_code: string | null
  readonly detail_params: string | null
}

function storedResult({ result, reason, detail_code, detail_params }: StoredResult): StageResult {
  return resultFromRow(result, reason, detail_code, detail_params)
}

/** The copy with the least depth, then the smallest path, represents a content. */
export interface Place {
  readonly depth: number
  readonly band: number
  readonly path: Buffer
}

interface PlacedRow extends WaitingRow {
  readonly content: bigint
  readonly band: bigint
}
