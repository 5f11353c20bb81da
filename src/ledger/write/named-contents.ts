/**
 * Finds contents by a digest that a record of the device names. The ledger has an index of SHA-256 only; an index of
 * another algorithm is built on first use.
 */
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
  /** The newest content in the index of an algorithm. */
  readonly #indexed = new Map<Algorithm, number>()
  /** Digests that images state and hash sets contain. */
  #stated: ReadonlySet<string> | null = null
  /** The newest entry whose name is in the index. */
  #namedUpTo: number | null = null

  constructor(db: Db, entryAt: (path: EvidencePath) => number | undefined, queue: ContentQueue) {
    this.#db = db
    this.#entryAt = entryAt
    this.#queue = queue
  }

  /** @returns the hits of the content; null when no content has this digest */
  hitsOf(algorithm: Algorithm, digest: string): readonly Hit[] | null {
    const content = this.#contentOf(algorithm, digest)
    if (content === null) return null
    const rows = this.#db.prepare('SELECT * FROM hit WHERE content = ?').safeIntegers().all(content)
    return (rows as FindingRow[]).map(hit.fromRow)
  }

  sha256Of(algorithm: Algorithm, digest: string): string | null {
    const content = this.#contentOf(algorithm, digest)
    if (content === null) return null
    const sha256 = this.#db.prepare('SELECT sha256 FROM content WHERE id = ?').pluck().get(content) as Buffer
    return sha256.toString('hex')
  }

  #contentOf(algorithm: Algorithm, digest: string): number | null {
    this.#extend(algorithm)
    const content = this.#db
      .prepare('SELECT content FROM temp.named WHERE algorithm = ? AND digest = ?')
      .pluck()
      .get(algorithm, Buffer.from(digest, 'hex')) as number | undefined
    return content ?? null
  }

  endingAs(path: string, ignoresCase = false): PendingContent | null {
    const folded = (text: string) => (ignoresCase ? text.toLowerCase() : text)
    const parts = partsOf(folded(path))
    const name = parts.at(-1)
    if (name === undefined || parts.length < 2) return null
    this.#extendNames()
    const entries = this.#db
      .prepare('SELECT entry FROM temp.by_name WHERE name = ? ORDER BY entry LIMIT ?')
      .pluck()
      .all(name, MOST_OF_NAME) as number[]
    let [most, best]: [number, PendingContent | null] = [1, null]
    for (const entry of entries) {
      const one = this.#queue.readAt(entry)
      if (one === null) continue
      const agree = agreeing(
        parts,
        partsOf(folded(one.path.steps.map((step) => step.name.toString('utf8')).join('/'))),
      )
      if (agree > most) [most, best] = [agree, one]
      else if (agree === most && most > 1) best = null
    }
    return best
  }

  /** Adds the names of entries that were read, once: records of one device name paths by the ten thousand. */
  #extendNames(): void {
    const newest = (this.#db.prepare('SELECT max(id) FROM entry').pluck().get() as number | null) ?? 0
    if (this.#namedUpTo === null)
      this.#db.exec(`CREATE TEMP TABLE IF NOT EXISTS by_name (
        name TEXT NOT NULL COLLATE NOCASE, entry INTEGER NOT NULL, PRIMARY KEY (name, entry)) WITHOUT ROWID`)
    if (this.#namedUpTo === newest) return
    // Names of archive members contain folders.
    this.#db
      .prepare(
        `INSERT OR IGNORE INTO temp.by_name
         SELECT substr(path, length(rtrim(path, replace(path, '/', ''))) + 1), id
         FROM (SELECT CAST(name AS TEXT) AS path, id FROM entry WHERE id > ?)`,
      )
      .run(this.#namedUpTo ?? 0)
    this.#namedUpTo = newest
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

  beside(path: EvidencePath, beginning: string, mediaType: string): readonly PendingContent[] {
    const entries = this.#db
      .prepare(
        `SELECT o.id FROM entry e JOIN entry o ON o.above = e.above AND o.step = e.step
         JOIN reading r ON r.entry = o.id JOIN content c ON c.id = r.content
         WHERE e.id = +? AND o.name > CAST(? AS BLOB) AND o.name < CAST(? AS BLOB) AND c.media_type = ? ORDER BY o.name`,
      )
      .pluck()
      .all(this.#entryAt(path) ?? -1, beginning, `${beginning}\u007f`, mediaType) as number[]
    return entries.flatMap((entry) => this.#queue.readAt(entry) ?? [])
  }

  isStated(digest: string): boolean {
    // Names are recorded before contents, and so are these digests.
    this.#stated ??= new Set(
      this.#db
        .prepare("SELECT params ->> 'digest' FROM entry_attribute WHERE code = 'stated-digest-listed'")
        .pluck()
        .all() as string[],
    )
    return this.#stated.has(digest)
  }

  isThere(path: EvidencePath): boolean {
    return this.#entryAt(path) !== undefined
  }

  at(path: EvidencePath): PendingContent | null {
    const entry = this.#entryAt(path)
    return entry === undefined ? null : this.#queue.readAt(entry)
  }

  placesOf(path: EvidencePath, most: number): readonly EvidencePath[] {
    const entries = this.#db
      .prepare(
        `SELECT o.entry FROM reading r JOIN reading o ON o.content = r.content AND o.entry <> r.entry
         JOIN entry e ON e.id = o.entry WHERE r.entry = ? AND e.depth = 1 ORDER BY o.entry LIMIT ?`,
      )
      .pluck()
      .all(this.#entryAt(path) ?? -1, most) as number[]
    return entries.flatMap((entry) => this.#queue.readAt(entry)?.path ?? [])
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

/** Limit of files with one name: more of them identify nothing. */
const MOST_OF_NAME = 200

/** Folders and name of a path as a program wrote it: of any system, from the root or from another folder. */
function partsOf(path: string): readonly string[] {
  const bare = path.replace(/^file:\/\//, '').replace(/^[A-Za-z]:(?=[\\/])/, '')
  return bare.split(/[\\/]/).filter((part) => part !== '' && part !== '.' && part !== '~')
}

/** How many of the last parts are equal. */
function agreeing(one: readonly string[], other: readonly string[]): number {
  let same = 0
  while (same < Math.min(one.length, other.length) && one.at(-1 - same) === other.at(-1 - same)) same++
  return same
}
