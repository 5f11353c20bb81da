/**
 * Checks whether the pages of an SQLite file form trees. The check runs before SQLite opens a file of unknown origin.
 *
 * SQLite follows the pointers of a page, and this program cannot interrupt it. It reads a page as often as other
 * pages refer to it: a file of some kilobytes can contain more rows than can ever be read. The check therefore
 * requires that each page is reached at most once, that overflow pages belong to one value, and that rows share no
 * bytes of a page. The work of SQLite in one pass is then limited by the size of the file. The same holds for this
 * walk, which needs one bit a page. Unreadable pages (no tree page, a page outside the file) are ignored here,
 * because SQLite itself reports them.
 *
 * SQLite reads the tables `sqlite_stat…` whenever it opens a file. They are walked with the schema, before SQLite
 * opens the file.
 *
 * @see https://www.sqlite.org/fileformat2.html, sections 1.3, 1.5, 1.6, 2.6
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { NotSqlite, SqliteFile } from './sqlite-file.ts'

/** The pages form no trees; the message is a clause. */
export class UnsoundPages extends Error {}

/** A row of the schema: the root page of a tree, and its owner. */
export interface TreeRoot {
  readonly page: number
  readonly name: string
  /** In lower case: the table itself, or the table of an index. */
  readonly table: string
}

const KINDS: readonly number[] = [0x02, 0x05, 0x0a, 0x0d]
const [INDEX_INTERIOR, TABLE_INTERIOR, , TABLE_LEAF] = KINDS
/** Limits of a schema, which SQLite parses and keeps in memory. The schema of a ledger has 16 KiB. */
const [MOST_ROOTS, MOST_SCHEMA_BYTES] = [10_000, 1 << 24]
const MOST_PAGES = 0xff_ff_ff_fe
const PAGES_A_STEP = 4096
const BITS = 1 << 19

/** @returns a clause that describes the fault; null when the pages form trees, or the file is not an SQLite file */
export function pageFault(path: string): string | null {
  const file = openSync(path, 'r')
  try {
    for (const _ of soundPages(file));
    return null
  } catch (error) {
    if (error instanceof UnsoundPages) return error.message
    if (error instanceof NotSqlite) return null
    throw error
  } finally {
    closeSync(file)
  }
}

/**
 * Walks the schema and the wanted trees. Without `wanted`, it walks all trees and the free pages. Yields the count of
 * walked pages from time to time.
 * @param file a descriptor
 * @throws UnsoundPages
 * @throws NotSqlite
 */
export function* soundPages(file: number, wanted?: (root: TreeRoot) => boolean): Generator<number> {
  const walk = new Walk(file)
  walk.schema()
  for (const root of walk.roots)
    if (wanted === undefined || /^sqlite_stat/i.test(root.table) || wanted(root)) yield* walk.tree(root.page)
  if (wanted === undefined) yield* walk.free()
}

class Walk {
  /** Every schema entry with a tree; filled by {@link schema}. */
  readonly roots: TreeRoot[] = []
  readonly #file: number
  readonly #head = Buffer.alloc(100)
  readonly #pageSize: number
  readonly #usable: number
  readonly #pages: number
  readonly #page: Buffer
  readonly #over: Buffer
  /** One bit a page, in parts: a file may claim more pages than it has bytes for. */
  readonly #reached = new Map<number, Uint8Array>()
  #count = 0
  /** Pages of the schema, during its walk. */
  #kept: Map<number, Buffer> | null = null

  /** @throws NotSqlite */
  constructor(file: number) {
    readSync(file, this.#head, 0, 100, 0)
    this.#usable = new SqliteFile(this.#head).usable
    const stated = this.#head.readUInt16BE(16)
    this.#pageSize = stated === 1 ? 65_536 : stated
    this.#file = file
    this.#pages = Math.min(Math.floor(fstatSync(file).size / this.#pageSize), MOST_PAGES)
    this.#page = Buffer.alloc(this.#pageSize)
    this.#over = Buffer.alloc(this.#pageSize)
  }

  *tree(root: number): Generator<number> {
    const numbers = [root]
    for (;;) {
      const number = numbers.pop()
      if (number === undefined) return
      if (this.#reach(number) && this.#read(number)) numbers.push(...this.#cells(number))
      if (this.#count % PAGES_A_STEP === 0) yield this.#count
    }
  }

  schema(): void {
    this.#kept = new Map()
    for (const _ of this.tree(1));
    const schema = new SqliteFile(this.#head, this.#kept)
    this.#kept = null
    for (const { values } of schema.rows(1)) {
      const [, name, table, page] = values
      if (page === 0 || page === null || page === undefined) continue
      if (typeof page !== 'number' || !Number.isInteger(page) || page < 0)
        throw new UnsoundPages('its schema names a page that is no number')
      this.roots.push({ page, name: String(name), table: String(table).toLowerCase() })
      if (this.roots.length > MOST_ROOTS)
        throw new UnsoundPages(`its schema has more than ${MOST_ROOTS} trees`)
    }
    if (schema.damagedPages > 0) throw new UnsoundPages('its schema cannot be read')
  }

  /** The pages in the freelist: a writer reuses them for new pages. */
  *free(): Generator<number> {
    let trunk = this.#head.readUInt32BE(32)
    while (trunk !== 0 && this.#reach(trunk) && this.#read(trunk)) {
      const count = this.#page.readUInt32BE(4)
      if (count > this.#usable / 4 - 2) return
      for (let i = 0; i < count; i++) this.#reach(this.#page.readUInt32BE(8 + i * 4))
      trunk = this.#page.readUInt32BE(0)
      yield this.#count
    }
  }

  /** Checks each cell of the current page. @returns child pages */
  #cells(number: number): readonly number[] {
    const page = this.#page
    const head = number === 1 ? 100 : 0
    const kind = page[head]!
    if (!KINDS.includes(kind)) return []
    const isInterior = kind === INDEX_INTERIOR || kind === TABLE_INTERIOR
    const pointers = head + (isInterior ? 12 : 8)
    const cells = page.readUInt16BE(head + 3)
    const children: number[] = []
    let taken = pointers + 2 * cells
    for (let i = 0; i < cells && taken <= this.#usable; i++) {
      const at = page.readUInt16BE(pointers + 2 * i)
      if (isInterior && at + 4 <= this.#usable) children.push(page.readUInt32BE(at))
      taken += this.#cellBytes(at, kind, number)
    }
    if (taken > this.#usable) throw new UnsoundPages(`page ${number} holds more than it has room for`)
    if (isInterior) children.push(page.readUInt32BE(head + 8))
    return children
  }

  /** Also walks the overflow pages of a value. @returns bytes of the cell in its page */
  #cellBytes(at: number, kind: number, number: number): number {
    const isInterior = kind === INDEX_INTERIOR || kind === TABLE_INTERIOR
    let next = at + (isInterior ? 4 : 0)
    if (kind === TABLE_INTERIOR) return this.#within(this.#behindVarint(next), number) - at
    let payload = 0
    for (const end = next + 9; ; ) {
      const byte = next < this.#usable ? this.#page[next++]! : 0xff
      payload = payload * 128 + (byte & 0x7f)
      if (byte < 0x80) break
      if (next >= end) throw new UnsoundPages(`page ${number} has a row that breaks off`)
    }
    // SQLite counts in 32 bits.
    if (payload > 0x7f_ff_ff_ff) throw new UnsoundPages(`page ${number} has a row that breaks off`)
    if (kind === TABLE_LEAF) next = this.#behindVarint(next)
    const most = kind === TABLE_LEAF ? this.#usable - 35 : Math.floor(((this.#usable - 12) * 64) / 255) - 23
    if (payload <= most) return this.#within(next + payload, number) - at
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23
    const fit = least + ((payload - least) % (this.#usable - 4))
    const local = fit <= most ? fit : least
    const end = this.#within(next + local + 4, number)
    this.#overflow(this.#page.readUInt32BE(next + local), Math.ceil((payload - local) / (this.#usable - 4)))
    return end - at
  }

  #overflow(first: number, pages: number): void {
    const bytes = this.#kept ? this.#pageSize : 4
    for (let [left, number] = [pages, first]; left > 0; left--) {
      if (!this.#reach(number) || !this.#read(number, this.#over, bytes)) return
      number = this.#over.readUInt32BE(0)
    }
  }

  #behindVarint(at: number): number {
    let next = at
    while (next < at + 8 && (this.#page[next] ?? 0) >= 0x80) next++
    return next + 1
  }

  #within(end: number, number: number): number {
    if (end > this.#usable) throw new UnsoundPages(`page ${number} has a row that breaks off`)
    return end
  }

  /** @returns false outside the file */
  #reach(number: number): boolean {
    if (number < 1 || number > this.#pages) return false
    const piece = Math.floor(number / BITS)
    const bits = this.#reached.get(piece) ?? new Uint8Array(BITS / 8)
    this.#reached.set(piece, bits)
    const at = (number % BITS) >> 3
    const bit = 1 << (number & 7)
    if ((bits[at]! & bit) !== 0) throw new UnsoundPages(`page ${number} is used twice`)
    bits[at]! |= bit
    this.#count++
    return true
  }

  /** @returns false where the file ends */
  #read(number: number, into = this.#page, bytes = this.#pageSize): boolean {
    if (readSync(this.#file, into, 0, bytes, (number - 1) * this.#pageSize) < bytes) return false
    if (this.#kept === null) return true
    this.#kept.set(number, Buffer.from(into))
    if (this.#kept.size * this.#pageSize > MOST_SCHEMA_BYTES)
      throw new UnsoundPages(`its schema takes more than ${MOST_SCHEMA_BYTES >> 20} MiB`)
    return true
  }
}
