/** Columns as `CREATE TABLE` declares them, and rows of tables without row numbers, against SQLite itself. */
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../src/formats/sqlite/schema.ts'
import { SqliteFile } from '../../src/formats/sqlite/sqlite-file.ts'
import { column, Tables } from '../../src/formats/sqlite/sqlite-tables.ts'
import { mutant } from '../formats/artefacts/records-of.ts'

function written(sql: string, fill: (db: Database.Database) => void = () => {}): Buffer {
  const db = new Database(':memory:')
  db.pragma('page_size = 1024')
  db.exec(sql)
  fill(db)
  const bytes = db.serialize()
  db.close()
  return bytes
}

function rowsOf(bytes: Buffer, table: string): Record<string, unknown>[] {
  const tables = new Tables(new SqliteFile(bytes))
  const { columns } = tables.get(table)!
  return [...tables.rowsOf(tables.get(table)!)].map((row) =>
    Object.fromEntries(columns.map((name) => [name, column(row, name)])),
  )
}

function bySqlite(bytes: Buffer, table: string): unknown[] {
  const db = new Database(bytes)
  const rows = db.prepare(`SELECT * FROM ${table}`).all()
  db.close()
  return rows
}

describe('the number of a row', () => {
  it.each([
    'CREATE TABLE t (id INTEGER PRIMARY KEY, a)',
    'CREATE TABLE t (id INTEGER NOT NULL, a, PRIMARY KEY (id))',
    'CREATE TABLE t (id INTEGER, a, PRIMARY KEY ("id" AUTOINCREMENT))',
    'CREATE TABLE t (id INTEGER, a, CONSTRAINT k PRIMARY KEY (id DESC))',
    'CREATE TABLE t (id INT, a, PRIMARY KEY (id))',
    'CREATE TABLE t (id BIG INTEGER, a, PRIMARY KEY (id))',
    'CREATE TABLE t (id INTEGER PRIMARY KEY DESC, a)',
    'CREATE TABLE t (id INTEGER, a, PRIMARY KEY (id, a))',
  ])('stands for the column that SQLite lets it stand for: %s', (sql) => {
    const bytes = written(sql, (db) => db.exec("INSERT INTO t VALUES (7, 'seven'), (9, 'nine')"))
    expect(rowsOf(bytes, 't')).toEqual(bySqlite(bytes, 't'))
  })

  it('is whole where it is longer than a number here', () => {
    const bytes = written('CREATE TABLE t (id INTEGER PRIMARY KEY, a)', (db) =>
      db.exec('INSERT INTO t VALUES (61550000000000042, 1)'),
    )
    expect(rowsOf(bytes, 't')).toEqual([{ id: 61_550_000_000_000_042n, a: 1 }])
  })
})

it('columns that are reckoned when they are read are none, those that are stored are', () => {
  const bytes = written(
    "CREATE TABLE t (a, v TEXT AS (a || 'x'), b DEFAULT (1), w INTEGER GENERATED ALWAYS AS (CASE WHEN b IN (1, 2) THEN 1 END) VIRTUAL, s INT GENERATED ALWAYS AS (b + 1) STORED, c CHECK (c <> 5))",
    (db) => db.exec("INSERT INTO t (a, b, c) VALUES ('one', 2, 3)"),
  )
  expect(rowsOf(bytes, 't')).toEqual([{ a: 'one', b: 2, s: 3, c: 3 }])
})

it('comments of a schema are never columns', () => {
  const sql = `CREATE TABLE t (
    id TEXT NOT NULL, -- the client's number, (unique
    /* first, second */ body TEXT DEFAULT '-- none', "odd--name" INTEGER -- last
  )`
  expect(columnsOf(sql)?.columns).toEqual(['id', 'body', 'odd--name'])
})

describe('a table without row numbers', () => {
  const SQL =
    'CREATE TABLE t (words TEXT, a TEXT NOT NULL, n INTEGER, b INTEGER NOT NULL, PRIMARY KEY (b, a)) WITHOUT ROWID'
  const bytes = written(SQL, (db) => {
    const add = db.prepare('INSERT INTO t VALUES (?, ?, ?, ?)')
    for (let i = 0; i < 400; i++) add.run('w'.repeat((i * 37) % 3000), `k${i}`, i, i % 7)
    db.exec('ALTER TABLE t ADD COLUMN late TEXT')
    add.database.prepare("INSERT INTO t VALUES ('x', 'last', 1, 9, 'later')").run()
  })

  it('has the rows that SQLite reads, in its order, long ones and those of inner pages too', () => {
    expect(rowsOf(bytes, 't')).toEqual(bySqlite(bytes, 't'))
  })

  it('survives 200 mutants', () => {
    for (let i = 0; i < 200; i++) {
      const changed = mutant(bytes, i)
      try {
        const tables = new Tables(new SqliteFile(changed))
        for (const name of tables.names) for (const row of tables.rowsOf(tables.get(name)!)) column(row, 'a')
      } catch (error) {
        expect((error as Error).constructor.name).toBe('NotSqlite')
      }
    }
  })
})
