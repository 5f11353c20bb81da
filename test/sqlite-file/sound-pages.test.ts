/** Pages of an SQLite file are walked before SQLite reads them: what could keep it reading without end is refused. */
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { pageFault } from '../../src/formats/sqlite/sound-pages.ts'
import { fanOut, rootOf } from '../ledger/crafted-pages.ts'
import { temporaryFolder } from '../ledger/temporary.ts'

/** Rows in inner pages, values that run over, an index, a table without row numbers, free pages. */
function made(pageSize: number, mode = 'none'): string {
  const path = join(temporaryFolder(), 'made.sqlite')
  const db = new Database(path)
  db.exec(`PRAGMA page_size = ${pageSize}; PRAGMA auto_vacuum = ${mode};
    CREATE TABLE t (a INTEGER, b TEXT); CREATE INDEX i ON t (b);
    CREATE TABLE w (k TEXT PRIMARY KEY, v BLOB) WITHOUT ROWID;
    CREATE TABLE gone (x BLOB); CREATE VIEW v AS SELECT * FROM t;
    WITH n (x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n WHERE x < 3000) INSERT INTO t SELECT -x, hex(zeroblob(x % 700)) FROM n;
    INSERT INTO t VALUES (9223372036854775807, hex(randomblob(200000)));
    WITH n (x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n WHERE x < 500) INSERT INTO w SELECT hex(randomblob(x)), randomblob(2 * x) FROM n;
    INSERT INTO gone SELECT randomblob(5000) FROM t LIMIT 300; DELETE FROM gone; ANALYZE`)
  db.close()
  return path
}

/** A copy whose bytes were changed. */
function changed(path: string, change: (bytes: Buffer) => void): string {
  const copy = join(temporaryFolder(), 'changed.sqlite')
  const bytes = readFileSync(path)
  change(bytes)
  writeFileSync(copy, bytes)
  return copy
}

describe('pages of a file that SQLite made', () => {
  it.each([512, 1024, 4096, 65_536])('form trees, of %i bytes each', (size) => {
    expect(pageFault(made(size))).toBeNull()
  })

  it('form trees where SQLite moves them about', () => {
    expect(pageFault(made(1024, 'full'))).toBeNull()
  })

  it('are no matter in a file of another kind', () => {
    const path = join(temporaryFolder(), 'text')
    writeFileSync(path, 'no database')
    expect(pageFault(path)).toBeNull()
  })
})

describe('pages that could be read without end', () => {
  it('are found: inner pages that name one page again and again, down to one row', () => {
    const path = made(4096)
    fanOut(path, rootOf(path, 't'))
    expect(pageFault(path)).toMatch(/page \d+ is used twice/)
  })

  it.each(['t', 'i', 'w'])('are found: a root of %s that another tree has too', (name) => {
    const path = made(1024)
    const db = new Database(path)
    db.unsafeMode()
    db.pragma('writable_schema = ON')
    db.prepare("UPDATE sqlite_schema SET rootpage = ? WHERE name = 'gone'").run(rootOf(path, name))
    db.close()
    expect(pageFault(path)).toMatch(/is used twice/)
  })

  it('are found: a value that runs over into its own pages', () => {
    const path = made(1024)
    const page = overflowing(readFileSync(path))
    const looped = changed(path, (bytes) => bytes.writeUInt32BE(page, (page - 1) * 1024))
    expect(pageFault(looped)).toMatch(new RegExp(`page ${page} is used twice`))
  })

  it('are found: one row of a page that a thousand pointers name', () => {
    const path = made(65_536)
    const from = (rootOf(path, 'gone') - 1) * 65_536
    const many = changed(path, (bytes) => {
      const page = bytes.subarray(from, from + 65_536)
      page.fill(0)
      page[0] = 0x0d
      page.writeUInt16BE(1000, 3)
      // A row of 60,000 bytes, a varint of three.
      page.set([0x83, 0xd4, 0x60, 1], 5000)
      for (let i = 0; i < 1000; i++) page.writeUInt16BE(5000, 8 + 2 * i)
    })
    expect(pageFault(many)).toMatch(/holds more than it has room for/)
  })

  it('are found: a page in use that the list of free ones names', () => {
    const path = made(1024)
    const trunk = readFileSync(path).readUInt32BE(32)
    expect(trunk).toBeGreaterThan(0)
    const root = rootOf(path, 't')
    const freed = changed(path, (bytes) => bytes.writeUInt32BE(root, (trunk - 1) * 1024 + 8))
    expect(pageFault(freed)).toMatch(new RegExp(`page ${root} is used twice`))
  })

  it('are found in what SQLite reads whenever it opens a file', () => {
    const path = made(1024)
    const copy = `${path}.copy`
    copyFileSync(path, copy)
    fanOut(copy, rootOf(path, 'sqlite_stat1'))
    expect(pageFault(copy)).toMatch(/is used twice/)
  })
})

it('leaves to SQLite what merely cannot be read: a page of zeros, an end that is missing', () => {
  const path = made(1024)
  const root = rootOf(path, 't')
  expect(pageFault(changed(path, (bytes) => bytes.fill(0, (root - 1) * 1024, root * 1024)))).toBeNull()
  const cut = changed(path, () => {})
  truncateSync(cut, 20 * 1024)
  expect(pageFault(cut)).toBeNull()
})

/** The first page of the longest value of `t`: no page of a tree, named by the last cell of a leaf. */
function overflowing(bytes: Buffer): number {
  const pages = bytes.length / 1024
  const named = new Map<number, number>()
  for (let page = 2; page <= pages; page++) {
    const next = bytes.readUInt32BE((page - 1) * 1024)
    // Pages that a value runs over into name the next one in their first four bytes.
    if (next === page + 1 && next < pages) named.set(page, next)
  }
  for (const page of named.keys()) if (!named.has(page - 1) && named.has(page + 20)) return page
  throw new Error('no such value')
}
