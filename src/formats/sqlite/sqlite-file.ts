/**
 * Reads tables of an SQLite file from its bytes, without SQLite: live rows, with the newer pages of a write-ahead
 * log. (Deleted rows: sqlite-deleted.ts and sqlite-older.ts.)
 *
 * No SQL of the schema is run. Every length is limited by the page. Each page is visited once, so no cycle is followed.
 *
 * @see https://www.sqlite.org/fileformat2.html, sections 1.3, 1.5, 1.6, 2.1, 4
 */
import { columnsOf, type SqlColumns } from './schema.ts'
import { lengthOf, localBytes, typesIn, typesOfCell, varint, varint64 } from './varint.ts'

/** The bytes are not an SQLite file. */
export class NotSqlite extends Error {}

export type SqlValue = number | bigint | string | Buffer | null

export interface SqlRow {
  /** Null when it is lost: for a row in a free block. */
  readonly rowid: bigint | null
  readonly values: readonly SqlValue[]
  readonly status: 'live' | 'deleted'
  /** Offset in the file (or in the log). */
  readonly offset: number
}

/** Receives the serial types of a row header. */
export type Wants = (types: readonly number[]) => boolean

export interface SqlTable extends SqlColumns {
  readonly name: string
  readonly rootPage: number
}

const MAGIC = 'SQLite format 3\0'
const MOST_DEPTH = 40
const MOST_ROW_BYTES = 1 << 24
const LEAF = 0x0d
const INTERIOR = 0x05

export class SqliteFile {
  readonly #bytes: Buffer
  readonly #pageSize: number
  /** Newer copies of pages in the log, by page number. */
  readonly #newer: ReadonlyMap<number, Buffer>
  readonly pages: number
  /** Bytes of a page that may contain rows. */
  readonly usable: number
  readonly utf16: 'le' | 'be' | null
  /** Count of pages that have not the expected type. */
  damagedPages = 0
  firstDamagedAt: number | null = null

  /** @throws NotSqlite */
  constructor(bytes: Buffer, wal: ReadonlyMap<number, Buffer> = new Map()) {
    if (bytes.length < 100 || bytes.toString('latin1', 0, 16) !== MAGIC) throw new NotSqlite()
    const stated = bytes.readUInt16BE(16)
    this.#pageSize = stated === 1 ? 65_536 : stated
    if (this.#pageSize < 512 || (this.#pageSize & (this.#pageSize - 1)) !== 0) throw new NotSqlite()
    this.usable = this.#pageSize - bytes[20]!
    if (this.usable < 480) throw new NotSqlite()
    this.#bytes = bytes
    this.#newer = wal
    let pages = Math.floor(bytes.length / this.#pageSize)
    for (const number of wal.keys()) pages = Math.max(pages, number)
    this.pages = pages
    const encoding = (wal.get(1) ?? bytes).readUInt32BE(56)
    this.utf16 = encoding === 2 ? 'le' : encoding === 3 ? 'be' : null
  }

  /** Tables with row numbers. */
  tables(): readonly SqlTable[] {
    return this.allTables().filter(({ storedAs }) => storedAs === null)
  }

  allTables(): readonly SqlTable[] {
    const tables: SqlTable[] = []
    for (const { values } of this.rows(1)) {
      const [type, name, , rootPage, sql] = values
      if (type !== 'table' || typeof name !== 'string' || typeof sql !== 'string') continue
      const columns = columnsOf(sql)
      if (columns === null || typeof rootPage !== 'number' || rootPage < 1) continue
      tables.push({ name: name.toLowerCase(), rootPage, ...columns })
    }
    return tables
  }

  /**
   * Live rows in the order of their numbers.
   * @param wants receives the types of a row; when it returns false, the row is skipped and not read
   */
  *rows(rootPage: number, wants: Wants | null = null): Generator<SqlRow> {
    yield* this.#below(rootPage, 0, new Set(), wants)
  }

  *#below(number: number, depth: number, seen: Set<number>, wants: Wants | null): Generator<SqlRow> {
    const page = depth > MOST_DEPTH || seen.has(number) ? null : this.page(number)
    seen.add(number)
    const head = number === 1 ? 100 : 0
    const kind = page?.[head]
    if (page === null || (kind !== LEAF && kind !== INTERIOR)) return this.damaged(number)
    const cells = Math.min(page.readUInt16BE(head + 3), Math.floor(this.usable / 2))
    const pointers = head + (kind === LEAF ? 8 : 12)
    for (let i = 0; i < cells; i++) {
      if (pointers + i * 2 + 2 > page.length) break
      const at = page.readUInt16BE(pointers + i * 2)
      if (at + 4 > this.usable) {
        this.damaged(number)
        continue
      }
      if (kind === INTERIOR) yield* this.#below(page.readUInt32BE(at), depth + 1, seen, wants)
      else {
        const types = wants && typesOfCell(page, at, this.usable)
        if (wants && types && !wants(types)) continue
        const row = this.#cell(page, at, number)
        if (row === null) this.damaged(number)
        else yield row
      }
    }
    if (kind === INTERIOR) yield* this.#below(page.readUInt32BE(head + 8), depth + 1, seen, wants)
  }

  /** Rows of one page, when it is a leaf page of a table; invalid rows are skipped. */
  *rowsIn(number: number, wants: Wants | null = null): Generator<SqlRow> {
    const page = this.page(number)
    const head = number === 1 ? 100 : 0
    if (page?.[head] !== LEAF) return
    const cells = Math.min(page.readUInt16BE(head + 3), Math.floor(this.usable / 2))
    for (let i = 0; i < cells && head + 10 + i * 2 <= page.length; i++) {
      const at = page.readUInt16BE(head + 8 + i * 2)
      if (at + 4 > this.usable) continue
      const types = wants && typesOfCell(page, at, this.usable)
      const row = wants && !(types && wants(types)) ? null : this.#cell(page, at, number)
      if (row !== null) yield row
    }
  }

  #cell(page: Buffer, at: number, number: number): SqlRow | null {
    const length = varint(page, at)
    if (length === null || length.value > MOST_ROW_BYTES) return null
    const rowid = varint64(page, length.next)
    if (rowid === null) return null
    const payload = this.payload(page, rowid.next, length.value)
    const values = payload && this.record(payload)
    if (!values) return null
    const offset = this.offsetOf(number) + at
    return { rowid: BigInt.asIntN(64, rowid.value), values, status: 'live', offset }
  }

  localBytes(length: number): number {
    return localBytes(this.usable, this.usable - 35, length)
  }

  /** The part of a row that does not fit here (`local`) is in overflow pages, each with a pointer to the next. */
  payload(page: Buffer, at: number, length: number, local = this.localBytes(length)): Buffer | null {
    if (local === length) return at + length <= this.usable ? page.subarray(at, at + length) : null
    if (at + local + 4 > this.usable) return null
    const parts = [page.subarray(at, at + local)]
    let left = length - local
    let next = page.readUInt32BE(at + local)
    for (const seen = new Set<number>(); left > 0; ) {
      const more = seen.has(next) ? null : this.page(next)
      if (more === null) return null
      seen.add(next)
      const part = more.subarray(4, Math.min(this.usable, 4 + left))
      parts.push(part)
      left -= part.length
      next = more.readUInt32BE(0)
    }
    return Buffer.concat(parts)
  }

  /** @returns null when the bytes are not a record */
  record(payload: Buffer): SqlValue[] | null {
    const header = varint(payload, 0)
    if (header === null || header.value > payload.length) return null
    const types = typesIn(payload, header.next, header.value)
    if (types === null) return null
    let left = payload.length - header.value
    for (const type of types) {
      const length = lengthOf(type)
      if (length === null || length > left) return null
      left -= length
    }
    return this.valuesOf(types, payload, header.value)
  }

  /** Values of these types, in sequence from `at`; they must be inside the bytes. */
  valuesOf(types: readonly number[], bytes: Buffer, at: number): SqlValue[] {
    return types.map((type) => {
      const length = lengthOf(type)!
      at += length
      return this.#value(bytes, at - length, type, length)
    })
  }

  /** Leaf pages of a table. */
  *leavesOf(number: number, depth = 0, seen: Set<number> = new Set()): Generator<number> {
    const page = depth > MOST_DEPTH || seen.has(number) ? null : this.page(number)
    seen.add(number)
    const head = number === 1 ? 100 : 0
    if (page?.[head] === LEAF) yield number
    if (page?.[head] !== INTERIOR) return
    const cells = Math.min(page.readUInt16BE(head + 3), Math.floor(this.usable / 2))
    for (let i = 0; i < cells && head + 14 + i * 2 <= page.length; i++) {
      const at = page.readUInt16BE(head + 12 + i * 2)
      if (at + 4 <= this.usable) yield* this.leavesOf(page.readUInt32BE(at), depth + 1, seen)
    }
    yield* this.leavesOf(page.readUInt32BE(head + 8), depth + 1, seen)
  }

  #value(bytes: Buffer, at: number, type: number, length: number): SqlValue {
    if (type === 0) return null
    if (type <= 5) return bytes.readIntBE(at, length)
    if (type === 6) {
      const value = bytes.readBigInt64BE(at)
      return Number.isSafeInteger(Number(value)) ? Number(value) : value
    }
    if (type === 7) return bytes.readDoubleBE(at)
    if (type <= 9) return type - 8
    const stretch = bytes.subarray(at, at + length)
    return type % 2 === 0 ? stretch : this.#text(stretch)
  }

  #text(bytes: Buffer): string {
    if (this.utf16 === null) return bytes.toString('utf8')
    if (this.utf16 === 'le') return bytes.toString('utf16le')
    return Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString('utf16le')
  }

  /** Null outside the file. */
  page(number: number): Buffer | null {
    const newer = this.#newer.get(number)
    if (newer) return newer
    const from = (number - 1) * this.#pageSize
    return number < 1 || from + this.#pageSize > this.#bytes.length
      ? null
      : this.#bytes.subarray(from, from + this.#pageSize)
  }

  damaged(number: number): void {
    this.damagedPages++
    this.firstDamagedAt ??= Math.max(0, this.offsetOf(number))
  }

  offsetOf(page: number): number {
    return (page - 1) * this.#pageSize
  }
}
