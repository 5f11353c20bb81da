/**
 * Narrows a search to entries that may match, in SQL: most entries of a large ledger are then never read. A restriction may let
 * entries through that do not match; it never leaves one out that does.
 *
 * A name is compared as ASCII. A name with any other byte than printable ASCII always passes, because its folded and its printed form
 * may contain letters that its bytes do not.
 */
import type { Db } from '../format/database.ts'
import type { IdSet } from '../format/id-set.ts'

export type Restriction =
  | { readonly kind: 'all' }
  | { readonly kind: 'every' | 'some'; readonly of: readonly Restriction[] }
  /** The entry's own name may contain one of the texts: lower-case ASCII letters and digits, with `%` for anything between. */
  | { readonly kind: 'name'; readonly texts: readonly string[] }
  /** The same for any name of a path of the entry, also of a place that follows from its own. */
  | { readonly kind: 'path'; readonly texts: readonly string[] }
  | { readonly kind: 'found'; readonly found: Found }

interface Found {
  readonly contents: readonly IdSet[]
  readonly entries: IdSet
  /** SHA-256 of contents, in hex. */
  readonly digests: Iterable<string>
}

export const ALL: Restriction = { kind: 'all' }

/** Where so large a part passes, reading the entries in their order costs less than the restriction. */
const MOST_OF_ALL = 1 / 4

/** @returns name of a temporary table with the ids that pass; null where all pass */
export function restricted(db: Db, restriction: Restriction): string | null {
  const select = new Builder(db).select(restriction)
  if (select === null) return null
  db.exec(`DROP TABLE IF EXISTS temp.wanted; CREATE TEMP TABLE wanted (id INTEGER PRIMARY KEY);
    INSERT INTO temp.wanted ${select}`)
  return 'temp.wanted'
}

class Builder {
  readonly #db: Db
  #tables = 0

  constructor(db: Db) {
    this.#db = db
  }

  /** A query of entry ids; null: all. */
  select(restriction: Restriction): string | null {
    switch (restriction.kind) {
      case 'all':
        return null
      case 'every':
        return joined(this.#each(restriction.of).filter(isQuery), 'INTERSECT')
      case 'some': {
        const each = this.#each(restriction.of)
        return each.every(isQuery) ? joined(each, 'UNION') : null
      }
      case 'name':
        return `SELECT id FROM entry WHERE ${nameHas(restriction.texts)}`
      case 'path':
        return this.#paths(restriction.texts)
      case 'found':
        return this.#found(restriction.found)
    }
  }

  #each(all: readonly Restriction[]): (string | null)[] {
    return all.map((one) => this.select(one))
  }

  #paths(texts: readonly string[]): string | null {
    const [direct, below] = [this.#table(), this.#table()]
    const { changes } = this.#db
      .prepare(`INSERT INTO ${direct} SELECT id FROM entry WHERE ${nameHas(texts)}`)
      .run()
    const all = this.#db.prepare('SELECT count(*) FROM entry').pluck().get() as number
    if (changes > all * MOST_OF_ALL) return null
    this.#db.exec(`INSERT INTO ${below} WITH RECURSIVE node (id) AS (
      SELECT id FROM ${direct} UNION SELECT id FROM folder WHERE ${nameHas(texts)}
      UNION SELECT e.id FROM node JOIN entry e ON e.above = node.id
      UNION SELECT f.id FROM node JOIN folder f ON f.above = node.id) SELECT id FROM node`)
    // A member also lies in every copy of its container, under the names of that copy.
    return `SELECT id FROM entry WHERE id IN (SELECT id FROM ${below})${this.#hasCopiedContainers() ? ' OR parent IS NOT NULL' : ''}`
  }

  #hasCopiedContainers(): boolean {
    return (
      this.#db
        .prepare(
          `SELECT 1 FROM (SELECT DISTINCT parent FROM entry WHERE parent IS NOT NULL) opened
           JOIN reading r ON r.content = opened.parent GROUP BY r.content HAVING count(*) > 1 LIMIT 1`,
        )
        .get() !== undefined
    )
  }

  #found({ contents, entries, digests }: Found): string {
    const [ofContents, ofEntries] = [this.#table(), this.#table()]
    const put = (table: string) => this.#db.prepare<[number]>(`INSERT OR IGNORE INTO ${table} VALUES (?)`)
    const [content, entry] = [put(ofContents), put(ofEntries)]
    const bySha256 = this.#db.prepare<[Buffer]>(
      `INSERT OR IGNORE INTO ${ofContents} SELECT id FROM content WHERE sha256 = +?`,
    )
    this.#db.transaction(() => {
      for (const set of contents) for (const id of set.ids()) content.run(id)
      for (const id of entries.ids()) entry.run(id)
      for (const sha256 of digests) bySha256.run(Buffer.from(sha256, 'hex'))
    })()
    return `SELECT r.entry AS id FROM ${ofContents} k JOIN reading r ON r.content = k.id UNION SELECT id FROM ${ofEntries}`
  }

  #table(): string {
    const name = `temp.wanted_${this.#tables++}`
    this.#db.exec(`DROP TABLE IF EXISTS ${name}; CREATE TABLE ${name} (id INTEGER PRIMARY KEY)`)
    return name
  }
}

function isQuery(query: string | null): query is string {
  return query !== null
}

function joined(queries: readonly string[], by: 'INTERSECT' | 'UNION'): string | null {
  if (queries.length === 0) return null
  return queries.map((query) => `SELECT id FROM (${query})`).join(` ${by} `)
}

/** Texts are letters, digits and %, so nothing in them is quoted. A name with a zero byte ends there for SQLite. */
function nameHas(texts: readonly string[]): string {
  const name = 'CAST(name AS TEXT)'
  return `(${[
    ...texts.map((text) => `${name} LIKE '%${requirePlain(text)}%'`),
    `${name} GLOB '*[^ -~]*'`,
    "instr(name, x'00') > 0",
  ].join(' OR ')})`
}

function requirePlain(text: string): string {
  if (/^[a-z0-9%]+$/.test(text)) return text
  throw new RangeError(`${text} is not of letters, digits and %`)
}
