/**
 * The columns of an entry that digests, coverage and stage results need: one narrow row, read page by page in key
 * order. Memory use stays constant, and the ledger may be written between two pages.
 */
import type { EntryKind } from '../../contracts/entry.ts'
import type { StageResult } from '../../contracts/stage.ts'
import type { Db } from './database.ts'
import { IdSet } from './id-set.ts'
import { type OrderedRow, PathOrder, type Placed } from './path-order.ts'
import { type PlainExamination, StageResultIndex } from './stage-result-index.ts'
import type { ContentFacts, EntryFacts } from './stages.ts'
import { interned } from './stages.ts'
import { type WideRows, wideRows } from './wide-rows.ts'

export interface FactRow extends OrderedRow {
  readonly above: bigint
  readonly depth: bigint
  readonly status: string
  readonly basis: string | null
  readonly kind: EntryKind
  readonly size: bigint
  readonly link_target: Buffer | null
  readonly modified_s: bigint | null
  readonly modified_ns: bigint | null
  readonly time_basis: string | null
  readonly parent: bigint | null
  readonly walk_result: string | null
  readonly walk_reason: string | null
  readonly read_result: string | null
  readonly read_reason: string | null
  readonly content: bigint | null
  /**
   * SHA-256, MD5, SHA-1 and BLAKE3, concatenated: {@link digestAt}. Null without a content, and where a digest has a
   * wrong length.
   */
  readonly digests: Buffer | null
  readonly content_size: bigint
  readonly media_type: string
  readonly applicable: bigint
  readonly matched_result: string
  readonly matched_reason: string | null
  readonly suppressed_by: string | null
}

/** Byte range of each digest in {@link FactRow.digests}: one buffer for four digests costs a third of four buffers. */
const DIGESTS = { sha256: [0, 32], md5: [32, 48], sha1: [48, 68], blake3: [68, 100] } as const

/** @throws RangeError when a digest of the content has a wrong length for its algorithm: the ledger is damaged */
export function digestAt({ digests }: FactRow, algorithm: keyof typeof DIGESTS): Buffer {
  if (digests === null) throw new RangeError('a content has a digest of a wrong length')
  const [start, end] = DIGESTS[algorithm]
  return digests.subarray(start, end)
}

const COLUMNS = `e.id, e.above, e.step, e.name, e.depth, e.status, e.basis, e.kind, e.size, e.link_target, e.modified_s, e.modified_ns, e.time_basis, e.parent,
  e.walk_result, e.walk_reason, r.result AS read_result, r.reason AS read_reason, r.content,
  iif(length(c.sha256) = 32 AND length(c.md5) = 16 AND length(c.sha1) = 20 AND length(c.blake3) = 32,
    CAST(c.sha256 || c.md5 || c.sha1 || c.blake3 AS BLOB), NULL) AS digests,
  c.size AS content_size, c.media_type, c.applicable, c.matched_result, c.matched_reason, c.suppressed_by
  FROM entry e LEFT JOIN reading r ON r.entry = e.id LEFT JOIN content c ON c.id = r.content`

const PAGE = 500

/** Every entry, in evidence-path order. */
export function placedFacts(db: Db): IterableIterator<Placed<FactRow>> {
  return new PathOrder<FactRow>(db, COLUMNS).all()
}

/** Every entry, in no defined order. */
export function* factRows(db: Db): IterableIterator<FactRow> {
  const next = wideRows<FactRow>(db, `SELECT ${COLUMNS} WHERE e.id > +? ORDER BY e.id LIMIT ${PAGE}`)
  for (let page = next.all(-1); page.length > 0; page = next.all(page.at(-1)!.id)) yield* page
}

/**
 * The entries that a stage derived from one content, in path order. All of them lie below the one entry that was
 * opened.
 */
export class DerivedFacts {
  readonly #next: WideRows<FactRow>

  constructor(db: Db) {
    this.#next = wideRows<FactRow>(
      db,
      `SELECT ${COLUMNS} WHERE e.parent = +? AND e.parent_stage = +? AND (e.above, e.step, e.name) > (?, ?, ?)
       ORDER BY e.above, e.step, e.name LIMIT ${PAGE}`,
    )
  }

  *of(content: number, stage: string): IterableIterator<FactRow> {
    let page = this.#next.all(content, stage, -1, '', NOTHING)
    while (page.length > 0) {
      yield* page
      const last = page.at(-1)!
      page = page.length < PAGE ? [] : this.#next.all(content, stage, last.above, last.step, last.name)
    }
  }
}

const NOTHING = Buffer.alloc(0)

/** Stage results of a content, read only when there are some. */
export class Examinations {
  readonly #some: IdSet
  readonly #of
  readonly #db: Db
  /** Made at the first question: a query for each content costs five times as much as all rows in their order. */
  #results: StageResultIndex | undefined

  constructor(db: Db) {
    this.#db = db
    this.#some = IdSet.of(db, 'SELECT DISTINCT content FROM examination')
    this.#of = db.prepare<[number], StoredExamination>(
      'SELECT stage, result, reason, detail_code, detail_params FROM examination WHERE content = +? ORDER BY stage',
    )
  }

  get isEmpty(): boolean {
    return this.#some.ids().next().done === true
  }

  has(content: number): boolean {
    return this.#some.has(content)
  }

  of(content: number): readonly StoredExamination[] {
    return this.#some.has(content) ? this.#of.all(content) : []
  }

  /** The same without details, as they were at the first question. */
  results(content: number): readonly PlainExamination[] {
    if (!this.#some.has(content)) return []
    this.#results ??= new StageResultIndex(this.#db)
    return this.#results.of(content)
  }
}

export interface StoredExamination extends PlainExamination {
  readonly detail_code: string | null
  readonly detail_params: string | null
}

/** Results without their details: equal results are the same object. */
export function entryFacts(row: FactRow, examinations: Examinations): EntryFacts {
  return {
    kind: row.kind,
    walked: row.walk_result === null ? null : plain(row.walk_result, row.walk_reason),
    reading: row.read_result === null ? null : plain(row.read_result, row.read_reason),
    content: row.content === null ? null : contentFacts(row, examinations.results(Number(row.content))),
  }
}

function contentFacts(row: FactRow, examinations: readonly PlainExamination[]): ContentFacts {
  return {
    mediaType: row.media_type,
    empty: row.content_size === 0n,
    applicable: Number(row.applicable),
    matched: plain(row.matched_result, row.matched_reason),
    suppressed: row.suppressed_by !== null,
    examined: (stage) => {
      const found = examinations.find((one) => one.stage === stage)
      return found ? plain(found.result, found.reason) : null
    },
  }
}

function plain(result: string, reason: string | null): StageResult {
  return interned(result as StageResult['result'], reason)
}
