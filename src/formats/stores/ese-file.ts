/**
 * Reads a database of Windows' Extensible Storage Engine from its bytes: the catalogue, and the rows of a table with
 * the requested columns. Transaction logs are not applied.
 *
 * @see libesedb, "Extensible Storage Engine (ESE) Database File (EDB) format"; fox-it/dissect.esedb
 */
import { unpackedEse } from './ese-packed.ts'
import { type EseNode, EsePages } from './ese-pages.ts'
import { type EseColumn, EseRow } from './ese-row.ts'

export interface EseTable {
  readonly name: string
  readonly root: number
  readonly columns: ReadonlyMap<string, EseColumn>
  /** Root page of the long values; null when the table has none. */
  readonly longRoot: number | null
}

const CATALOGUE_ROOT = 4
const MOST_TABLES = 100_000
const MOST_LONG_BYTES = 1 << 20
const TYPE = { table: 1, column: 2, longValue: 4 } as const

/** Columns of the catalogue itself, the same in every database. */
const CATALOGUE: readonly EseColumn[] = [
  { name: 'ObjidTable', id: 1, type: 4, size: 4, isWide: false },
  { name: 'Type', id: 2, type: 3, size: 2, isWide: false },
  { name: 'Id', id: 3, type: 4, size: 4, isWide: false },
  { name: 'ColtypOrPgnoFDP', id: 4, type: 4, size: 4, isWide: false },
  { name: 'SpaceUsage', id: 5, type: 4, size: 4, isWide: false },
  { name: 'Flags', id: 6, type: 4, size: 4, isWide: false },
  { name: 'PagesOrLocale', id: 7, type: 4, size: 4, isWide: false },
  { name: 'Name', id: 128, type: 10, size: 255, isWide: false },
]

/** Size in bytes of a fixed-size column, by type. The catalogue states the sizes of other types. */
const SIZES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 4,
  7: 8,
  8: 8,
  14: 4,
  15: 8,
  16: 16,
  17: 2,
}
const WIDE = 1200

export class EseFile {
  readonly pages: EsePages
  readonly tables: ReadonlyMap<string, EseTable>
  /** Count of tables and values above the limits. */
  left = 0
  readonly #long = new Map<number, ReadonlyMap<string, Buffer>>()

  /** @throws NotAnArtefact when the header is missing or the page size is invalid */
  constructor(bytes: Buffer) {
    this.pages = new EsePages(bytes)
    this.tables = this.#catalogue()
  }

  /** Rows in key order; the pages count the damaged ones. */
  *rowsOf({ root, columns }: EseTable): Generator<EseRow> {
    for (const node of this.pages.nodes(root)) {
      const row = this.#row(node, columns)
      if (row !== null) yield row
    }
  }

  /** @returns null when the value is missing or cannot be unpacked */
  longValue({ longRoot }: EseTable, id: Buffer): Buffer | null {
    if (longRoot === null) return null
    let values = this.#long.get(longRoot)
    if (values === undefined) {
      values = new Map([...this.pages.nodes(longRoot)].map(({ key, data }) => [key.toString('hex'), data]))
      this.#long.set(longRoot, values)
    }
    const key = Buffer.from(id).reverse().toString('hex')
    const head = values.get(key)
    if (head === undefined || head.length < 8) return null
    const size = head.readUInt32LE(4)
    const parts: Buffer[] = []
    let at = 0
    while (at < size && at < MOST_LONG_BYTES) {
      const part = values.get(key + offsetKey(at))
      if (part === undefined || part.length === 0) return null
      const end = at + part.length
      // A part with its stored length is not compressed, if the next part starts there or the value ends there.
      const isPlain = end === size || (end < size && values.has(key + offsetKey(end)))
      const plain = isPlain ? part : unpackedEse(part)
      if (plain === null || plain.length === 0) return null
      parts.push(plain)
      at += plain.length
    }
    if (at < size) this.left++
    return Buffer.concat(parts)
  }

  #row(node: EseNode, columns: ReadonlyMap<string, EseColumn>): EseRow | null {
    const row = EseRow.from(node, columns, this.pages.isLarge)
    if (row === null) this.pages.spoiled(node.at)
    return row
  }

  #catalogue(): ReadonlyMap<string, EseTable> {
    const columns = new Map(CATALOGUE.map((column) => [column.name, column]))
    const found = new Map<
      number,
      { name: string; root: number; columns: EseColumn[]; longRoot: number | null }
    >()
    for (const node of this.pages.nodes(CATALOGUE_ROOT)) {
      const row = this.#row(node, columns)
      if (row === null || row.isDeleted) continue
      const [of, type] = [row.number('ObjidTable'), row.number('Type')]
      const [name, value] = [row.text('Name'), row.number('ColtypOrPgnoFDP')]
      if (of === null || name === null || value === null) continue
      if (type === TYPE.table && found.size >= MOST_TABLES) this.left++
      else if (type === TYPE.table) found.set(of, { name, root: value, columns: [], longRoot: null })
      const table = found.get(of)
      if (table === undefined) continue
      if (type === TYPE.longValue) table.longRoot = value
      if (type !== TYPE.column) continue
      table.columns.push({
        name,
        id: row.number('Id') ?? 0,
        type: value,
        size: SIZES[value] ?? Math.max(0, row.number('SpaceUsage') ?? 0),
        isWide: row.number('PagesOrLocale') === WIDE,
      })
    }
    return new Map(
      [...found.values()].map(({ name, root, longRoot, columns: all }) => [
        name,
        {
          name,
          root,
          longRoot,
          columns: new Map(all.sort((a, b) => a.id - b.id).map((column) => [column.name, column])),
        },
      ]),
    )
  }
}

function offsetKey(offset: number): string {
  return offset.toString(16).padStart(8, '0')
}
