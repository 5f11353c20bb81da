/** Contents by a digest that a record of the device names. The ledger's own index is of SHA-256; one of the others is made when it is asked for. */
import type { EvidencePath } from '../../contracts/entry.ts'
import type { Hit } from '../../contracts/finding.ts'
import type { PendingContent } from '../../contracts/ledger.ts'
import type { NamedContents } from '../../contracts/named-contents.ts'
import type { RecordDigests } from '../../contracts/record.ts'
import type { FindingRow } from '../../findings/finding-kind.ts'
import { hit } from '../../findings/hit.ts'
import type { Db } from '../format/database.ts'
import type { ContentQueue } from './content-queue.ts'

type Algorithm = keyof RecordDigests

const COLUMNS: Readonly<Record<Algorithm, readonly string[]>> = {
  md5: ['md5'],
  sha1: ['sha1'],
  sha256: ['sha256'],
  ed2k: ['ed2k_red', 'ed2k_blue'],
}

export class NamedRows implements NamedContents<PendingContent> {
  readonly #db: Db
  readonly #entryAt: (path: EvidencePath) => number | undefined
  readonly #queue: ContentQueue
  /** The newest content that the index of an algorithm holds. */
  readonly #indexed = new Map<Algorithm, number>()

  constructor(db: Db, entryAt: (path: EvidencePath) => number | undefined, queue: ContentQueue) {
    this.#db = db
    this.#entryAt = entryAt
    this.#queue = queue
  }

  /** @returns what lists say of the content; null when none has this digest */
  hitsOf(algorithm: Algorithm, digest: string): readonly Hit[] | null {
    this.#extend(algorithm)
    const db = this.#db
    const content = db
      .prepare('SELECT content FROM temp.named WHERE algorithm = ? AND digest = ?')
      .pluck()
      .get(algorithm, Buffer.from(digest, 'hex')) as number | undefined
    if (content === undefined) return null
    const rows = db.prepare('SELECT * FROM hit WHERE content = ?').safeIntegers().all(content)
    return (rows as FindingRow[]).map(hit.fromRow)
  }

  ofSize(sizeBytes: number, most: number): readonly PendingContent[] {
    const entries = this.#db
      .prepare(
        `SELECT min(r.entry) FROM content c JOIN reading r ON r.content = c.id JOIN entry e ON e.id = r.entry
         WHERE c.size = ? AND e.depth = 1 GROUP BY c.id ORDER BY c.id LIMIT ?`,
      )
      .pluck()
      .all(sizeBytes, most) as number[]
    return entries.flatMap((entry) => this.#queue.readAt(entry) ?? [])
  }

  at(path: EvidencePath): PendingContent | null {
    const entry = this.#entryAt(path)
    return entry === undefined ? null : this.#queue.readAt(entry)
  }

  #extend(algorithm: Algorithm): void {
    const db = this.#db
    if (this.#indexed.size === 0)
      db.exec(`CREATE TEMP TABLE IF NOT EXISTS named (
        algorithm TEXT NOT NULL, digest BLOB NOT NULL, content INTEGER NOT NULL, PRIMARY KEY (algorithm, digest)
      ) WITHOUT ROWID`)
    const after = this.#indexed.get(algorithm) ?? 0
    const newest = (db.prepare('SELECT max(id) FROM content').pluck().get() as number | null) ?? 0
    if (newest === after && this.#indexed.has(algorithm)) return
    for (const column of COLUMNS[algorithm])
      db.prepare(
        `INSERT OR IGNORE INTO temp.named SELECT ?, ${column}, id FROM content
         WHERE id > ? AND ${column} IS NOT NULL AND size > 0 ORDER BY id`,
      ).run(algorithm, after)
    this.#indexed.set(algorithm, newest)
  }
}
