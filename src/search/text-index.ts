/**
 * The text index `<ledger>.text.sqlite`: the words of every content that was read, for searching, and the text to
 * quote from. It contains people's private life in full: it is made only on a stated legal basis, and deleting the
 * file deletes the text.
 *
 * A content without an index row was not read, or the index was deleted; the ledger contains which contents were read.
 * Rows are keyed by SHA-256, so that an interrupted run adds no text twice.
 */
import { existsSync } from 'node:fs'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { UsageError } from '../base/errors.ts'
import type { Content } from '../contracts/content.ts'
import type { LedgerReader } from '../contracts/ledger-reader.ts'
import type { TextPlace } from '../contracts/text-place.ts'
import { pathRead } from '../ledger/format/open-readonly.ts'
import { schemaDifferences } from '../ledger/format/schema.ts'
import { requireSoundPages } from '../ledger/format/sound.ts'
import { foldWords, TOKENIZER } from './fold-words.ts'
import { requireTextIndexAsMade } from './text-index-check.ts'
import { textIndexPath } from './text-index-file.ts'

/** "SETX". */
const APPLICATION_ID = 0x53455458
const VERSION = 1
/** Number of the part that has the places of a picture's text instead of words: no word leads to it. */
const PLACES = -1
/** Longer texts are split into several rows: a phrase across the border is not found. */
const PART_CHARS = 1 << 20
/** Smaller texts gain nothing by compression. */
const COMPRESS_BYTES = 512

const SCHEMA = `
  CREATE TABLE part (
    id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL, number INTEGER NOT NULL, language TEXT,
    compressed INTEGER NOT NULL, text BLOB NOT NULL, UNIQUE (sha256, number)
  ) STRICT;
  CREATE VIRTUAL TABLE words USING fts5(text, content = '', tokenize = "${TOKENIZER}");
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${VERSION};`

export class TextIndexWriter {
  readonly path: string
  readonly #db: Database.Database
  readonly #part
  readonly #words
  #open = false

  /** Creates the file, or continues the file of an interrupted run. */
  constructor(path: string) {
    this.path = path
    if (existsSync(path)) requireSoundPages(path)
    this.#db = new Database(path)
    // One file without a log: deleting it deletes everything.
    this.#db.pragma('journal_mode = DELETE')
    this.#db.pragma('synchronous = FULL')
    this.#db.pragma('cache_size = -65536')
    if (this.#db.pragma('user_version', { simple: true }) === 0) this.#db.exec(`BEGIN; ${SCHEMA} COMMIT`)
    requireTextIndex(this.#db, path)
    this.#part = this.#db.prepare(
      'INSERT INTO part (sha256, number, language, compressed, text) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    )
    this.#words = this.#db.prepare('INSERT INTO words (rowid, text) VALUES (?, ?)')
  }

  /** @param places of words in a picture: where stretches of the text stand in it */
  add(
    content: Pick<Content, 'digests'>,
    text: string,
    language: string | null,
    places: readonly TextPlace[] = [],
  ): void {
    if (!this.#open) this.#db.exec('BEGIN')
    this.#open = true
    const sha256 = Buffer.from(content.digests.sha256, 'hex')
    let number = 0
    for (const part of partsOf(text)) {
      const bytes = Buffer.from(part, 'utf8')
      const compressed = bytes.length > COMPRESS_BYTES
      const kept = compressed ? deflateRawSync(bytes, { level: 1 }) : bytes
      const added = this.#part.run(sha256, number++, language, compressed ? 1 : 0, kept)
      if (added.changes === 1) this.#words.run(added.lastInsertRowid, foldWords(part))
    }
    if (places.length > 0)
      this.#part.run(
        sha256,
        PLACES,
        null,
        1,
        deflateRawSync(Buffer.from(JSON.stringify(places)), { level: 1 }),
      )
  }

  /** Added texts are on disk when this returns. */
  commit(): void {
    if (this.#open) this.#db.exec('COMMIT')
    this.#open = false
  }

  /** Returns the number of contents; the file is prepared for reading. */
  finish(): { readonly contents: number } {
    this.commit()
    this.#db.exec("INSERT INTO words (words) VALUES ('optimize')")
    return { contents: this.#db.prepare('SELECT count(DISTINCT sha256) FROM part').pluck().get() as number }
  }

  close(): void {
    if (this.#db.open) {
      this.commit()
      this.#db.close()
    }
  }
}

function* partsOf(text: string): IterableIterator<string> {
  for (let at = 0; at < text.length; ) {
    let end = Math.min(text.length, at + PART_CHARS)
    // Splits between two lines or words, where possible.
    if (end < text.length) {
      const line = text.lastIndexOf('\n', end)
      const space = line > at ? line : text.lastIndexOf(' ', end)
      if (space > at) end = space + 1
    }
    yield text.slice(at, end)
    at = end
  }
}

export interface Vocable {
  readonly term: string
  /** Number of texts that contain the word. */
  readonly texts: number
}

export class TextIndex {
  readonly #db: Database.Database

  /** @throws UsageError when the file is not a text index */
  constructor(path: string) {
    if (existsSync(path)) requireSoundPages(path)
    this.#db = new Database(path, { readonly: true, fileMustExist: true })
    this.#db.pragma('trusted_schema = OFF')
    requireTextIndex(this.#db, path)
    this.#db.exec('CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, row)')
  }

  get contents(): number {
    return this.#db.prepare('SELECT count(DISTINCT sha256) FROM part').pluck().get() as number
  }

  /** SHA-256, in hex, of the contents whose text matches this FTS5 expression. */
  matching(expression: string): ReadonlySet<string> {
    const rows = this.#db
      .prepare<[string], Buffer>(
        'SELECT part.sha256 FROM words JOIN part ON part.id = words.rowid WHERE words MATCH ?',
      )
      .pluck()
      .all(expression)
    return new Set(rows.map((sha256) => sha256.toString('hex')))
  }

  /** The same with their rank (BM25, the best part of each): below 0, and smaller is nearer. */
  ranked(expression: string): ReadonlyMap<string, number> {
    const rows = this.#db
      .prepare<[string], [Buffer, number]>(
        'SELECT part.sha256, bm25(words) FROM words JOIN part ON part.id = words.rowid WHERE words MATCH ?',
      )
      .raw()
    const ranks = new Map<string, number>()
    for (const [sha256, rank] of rows.iterate(expression)) {
      const key = sha256.toString('hex')
      // A word in half of all texts gets a rank of about 0: it is a match all the same.
      ranks.set(key, Math.min(ranks.get(key) ?? 0, rank, -Number.MIN_VALUE))
    }
    return ranks
  }

  /** The first part of this content that matches. */
  textMatching(sha256: string, expression: string): string | null {
    const row = this.#db
      .prepare<[string, Buffer], { compressed: number; text: Buffer }>(
        `SELECT compressed, text FROM part WHERE id IN (SELECT rowid FROM words WHERE words MATCH ?) AND sha256 = ?
         ORDER BY number LIMIT 1`,
      )
      .get(expression, Buffer.from(sha256, 'hex'))
    return row ? textIn(row) : null
  }

  /** The text of this content, or the first part of a long one; null: the index has none. */
  firstText(sha256: string): string | null {
    const row = this.#db
      .prepare<[Buffer], { compressed: number; text: Buffer }>(
        'SELECT compressed, text FROM part WHERE sha256 = ? AND number = 0',
      )
      .get(Buffer.from(sha256, 'hex'))
    return row ? textIn(row) : null
  }

  /** Where stretches of this content's text stand in its picture; empty for a text of another kind. */
  placesOf(sha256: string): readonly TextPlace[] {
    const bytes = this.#db
      .prepare<[Buffer, number], Buffer>('SELECT text FROM part WHERE sha256 = ? AND number = ?')
      .pluck()
      .get(Buffer.from(sha256, 'hex'), PLACES)
    return bytes ? (JSON.parse(inflateRawSync(bytes).toString('utf8')) as TextPlace[]) : []
  }

  /** Every word with a length in this range. */
  vocabulary(fewest: number, most: number): IterableIterator<Vocable> {
    return this.#db
      .prepare<[number, number], Vocable>(
        'SELECT term, doc AS texts FROM temp.vocabulary WHERE length(term) BETWEEN ? AND ?',
      )
      .iterate(fewest, most)
  }

  close(): void {
    this.#db.close()
  }
}

function textIn({ compressed, text }: { readonly compressed: number; readonly text: Buffer }): string {
  return (compressed === 1 ? inflateRawSync(text) : text).toString('utf8')
}

/**
 * Null when there is no index next to the ledger.
 * @throws LedgerDamaged when the index is not the one that the custody log records
 */
export function openTextIndex(ledger: Pick<LedgerReader, 'path' | 'seal'>): TextIndex | null {
  const path = textIndexPath(ledger.path)
  // A run that is writing the ledger is writing its index too.
  if (!existsSync(path) || pathRead(ledger.path) !== ledger.path) return null
  requireTextIndexAsMade(ledger.path, ledger.seal !== null)
  return new TextIndex(path)
}

function requireTextIndex(db: Database.Database, path: string): void {
  if (
    db.pragma('application_id', { simple: true }) !== APPLICATION_ID ||
    db.pragma('user_version', { simple: true }) !== VERSION
  ) {
    db.close()
    throw new UsageError(`${path} is not a text index of this version of seized.`)
  }
  const [difference] = schemaDifferences(db, SCHEMA)
  if (difference === undefined) return
  db.close()
  throw new UsageError(`${path}: the schema was changed: ${difference}; nothing is asked of this file.`)
}
