/** Databases with a rollback journal beside them, written by SQLite: as SQLite sees them, and what only the journal still holds. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { CHROMIUM_SCHEMA } from '../../../fixtures/device/browsers.ts'
import { stateOf } from '../../../src/formats/sqlite/database-state.ts'
import { rollbackJournal } from '../../../src/formats/sqlite/rollback-journal.ts'
import { NO_COMPANION_FILES } from '../../../src/wire/companion-files.ts'
import { mutant, recordsOf } from './records-of.ts'

const SQLITE = 'application/x-sqlite3'
const folder = mkdtempSync(join(tmpdir(), 'seized-journal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let made = 0
interface Copy {
  readonly file: Buffer
  readonly journal: Buffer
}

/** @param cut what a transaction does that is never finished */
function database(
  steps: readonly ((db: Database.Database) => void)[],
  { mode = 'PERSIST', pageSize = 4096, cut }: { mode?: string; pageSize?: number; cut?: string } = {},
): Copy {
  const path = join(folder, `${made++}.sqlite`)
  const db = new Database(path)
  db.pragma(`page_size = ${pageSize}`)
  db.pragma(`journal_mode = ${mode}`)
  db.pragma('secure_delete = ON')
  for (const step of steps) db.transaction(step)(db)
  if (cut !== undefined) {
    // So few pages in memory that the file is written before the end.
    db.pragma('cache_size = 5')
    db.exec(`BEGIN; ${cut}`)
  }
  const copy: Copy = { file: readFileSync(path), journal: readFileSync(`${path}-journal`) }
  if (cut !== undefined) db.exec('ROLLBACK')
  db.close()
  return copy
}

const history = (urls: number) => (db: Database.Database) => {
  db.exec(CHROMIUM_SCHEMA)
  const insert = db.prepare('INSERT INTO urls VALUES (?, ?, ?, 1, 0, ?, 0)')
  for (let i = 1; i <= urls; i++)
    insert.run(
      i,
      `https://example.org/${i}/${'x'.repeat(i % 90)}`,
      `page ${i}`,
      13_222_310_400_000_000 + i * 1e6,
    )
}

/** Rows as SQLite itself gives them, which rolls back what lies beside. */
function bySqlite({ file, journal }: Copy): unknown[] {
  const path = join(folder, `${made++}.copy`)
  writeFileSync(path, file)
  writeFileSync(`${path}-journal`, journal)
  const db = new Database(path)
  const rows = db.prepare('SELECT id, url, visit_count FROM urls ORDER BY id').raw().all()
  db.close()
  return rows
}

function byUs({ file, journal }: Copy): unknown[] {
  const state = stateOf(file, { ...NO_COMPANION_FILES, journal })
  const table = state.file.tables().find(({ name }) => name === 'urls')!
  return [...state.file.rows(table.rootPage)].map(({ rowid, values }) => [
    Number(rowid),
    values[1],
    values[3],
  ])
}

describe('a transaction that was cut off', () => {
  it.each([512, 4096, 65_536])('with pages of %d bytes is rolled back as SQLite does it', (pageSize) => {
    const cut = `DELETE FROM urls WHERE id % 3 = 0; UPDATE urls SET visit_count = 9, title = 'changed ' || id;
      INSERT INTO urls SELECT id + 100000, url || 'new', title || hex(randomblob(200)), 1, 0, last_visit_time, 0 FROM urls`
    const copy = database([history(3000)], { mode: 'DELETE', pageSize, cut })
    // Its pages are in the file already, so that without the journal it is another database.
    expect(rollbackJournal(copy.journal, pageSize)).toMatchObject({ isHot: true, left: 0 })
    const expected = bySqlite(copy)
    expect(expected).toHaveLength(3000)
    expect(byUs(copy)).toEqual(expected)
    expect(byUs({ ...copy, journal: Buffer.alloc(0) })).not.toEqual(expected)
    const { records, findings, result } = recordsOf(SQLITE, copy.file, 10_000, null, copy.journal)
    expect(result).toEqual({ result: 'done' })
    expect(records.filter(({ status }) => status === 'live')).toHaveLength(3000)
    expect(findings).toContainEqual(expect.objectContaining({ code: 'journal-rolled-back' }))
  })

  it('of which the journal breaks off is rolled back as far as it goes, with a warning', () => {
    const cut = 'UPDATE urls SET visit_count = 9'
    const copy = database([history(3000)], { mode: 'DELETE', cut })
    const torn = { ...copy, journal: copy.journal.subarray(0, copy.journal.length - 5000) }
    expect(byUs(torn)).toEqual(bySqlite(torn))
    const bad = Buffer.from(copy.journal)
    bad[512 + 3 * (4096 + 8) + 4 + 4096 - 200]! ^= 1
    expect(byUs({ ...copy, journal: bad })).toEqual(bySqlite({ ...copy, journal: bad }))
    expect(recordsOf(SQLITE, copy.file, 10_000, null, bad).result).toEqual({
      result: 'done-with-warnings',
      reason: 'partly-examined',
      detail: { code: 'log-not-read', params: {} },
    })
  })

  it('over several databases is not rolled back, and says so', () => {
    const copy = database([history(300)], { mode: 'DELETE', cut: 'DELETE FROM urls WHERE id < 100' })
    const name = Buffer.from('/data/a-mj12345A901')
    const end = Buffer.alloc(8)
    end.writeUInt32BE(name.length)
    end.writeUInt32BE(
      [...name].reduce((sum, byte) => sum + byte, 0),
      4,
    )
    const number = Buffer.alloc(4)
    number.writeUInt32BE(0x40000000 / 4096 + 1)
    const journal = Buffer.concat([copy.journal, number, name, end, copy.journal.subarray(0, 8)])
    // The file that it names is not there, so SQLite takes the transaction for finished too: what is in the file, half of a change, stays.
    expect(() => bySqlite({ ...copy, journal })).toThrow('malformed')
    expect(stateOf(copy.file, { ...NO_COMPANION_FILES, journal }).bytes).toBe(copy.file)
    expect(stateOf(copy.file, { ...NO_COMPANION_FILES, journal }).isLogUnread).toBe(true)
  })
})

describe('the journal of a finished transaction', () => {
  it('gives rows that were wiped from the file as deleted, each once, and no other', () => {
    const gone = (id: number) => id % 10 === 3 || (id >= 200 && id <= 300)
    const copy = database([
      history(600),
      (db) => db.exec('DELETE FROM urls WHERE id % 10 = 3'),
      (db) => db.exec('DELETE FROM urls WHERE id BETWEEN 200 AND 300'),
      // A row that was changed is none that was deleted.
      (db) => db.exec("UPDATE urls SET visit_count = 7, title = 'seen again' WHERE id BETWEEN 201 AND 420"),
    ])
    expect(rollbackJournal(copy.journal, 4096)).toMatchObject({ isHot: false })
    const { records, findings } = recordsOf(SQLITE, copy.file, 10_000, null, copy.journal)
    const idOf = (url: string) => Number(/org\/(\d+)\//.exec(url)![1])
    const of = (status: string) =>
      records
        .filter((one) => one.status === status)
        .map(({ what }) => idOf((what.params as { url: string }).url))
    expect(of('live')).toHaveLength(
      Array.from({ length: 600 }, (_, i) => i + 1).filter((id) => !gone(id)).length,
    )
    const deleted = of('deleted')
    expect(deleted.filter((id) => !gone(id))).toEqual([])
    expect(new Set(deleted).size).toBe(deleted.length)
    // Those that stand in the last transaction's pages, or behind them in what is left of the one before.
    const inJournal = Array.from({ length: 600 }, (_, i) => i + 1).filter(
      (id) => gone(id) && copy.journal.includes(`https://example.org/${id}/${'x'.repeat(id % 90)}page `),
    )
    expect(inJournal.length).toBeGreaterThan(30)
    expect(inJournal.filter((id) => !deleted.includes(id))).toEqual([])
    expect(findings).toContainEqual(expect.objectContaining({ code: 'journal-read' }))
    // Without it there is nothing: the program wiped what it deleted.
    expect(recordsOf(SQLITE, copy.file).records.filter(({ status }) => status === 'deleted')).toEqual([])
  })

  it('with pages of 512 bytes and several heads gives the same', () => {
    const copy = database([history(300), (db) => db.exec('DELETE FROM urls WHERE id > 100')], {
      pageSize: 512,
    })
    const { records } = recordsOf(SQLITE, copy.file, 10_000, null, copy.journal)
    expect(records.filter(({ status }) => status === 'live')).toHaveLength(100)
    expect(records.filter(({ status }) => status === 'deleted')).toHaveLength(200)
  })

  it('that is empty or wiped whole says nothing, and what is no journal is a warning', () => {
    const { file } = database([history(10)])
    const { file: truncated, journal } = database([history(10)], { mode: 'TRUNCATE' })
    expect(journal).toHaveLength(0)
    expect(recordsOf(SQLITE, truncated).result).toEqual({ result: 'done' })
    expect(recordsOf(SQLITE, file, 100, null, Buffer.alloc(9000)).result).toEqual({ result: 'done' })
    expect(recordsOf(SQLITE, file, 100, null, Buffer.alloc(9000, 'no journal')).result).toMatchObject({
      detail: { code: 'log-not-read' },
    })
  })

  it('holds no mutant up, and no mutant is a crash', () => {
    const finished = database([history(300), (db) => db.exec('DELETE FROM urls WHERE id % 4 = 1')])
    const cut = database([history(300)], { mode: 'DELETE', cut: 'DELETE FROM urls WHERE id % 4 = 1' })
    for (let i = 0; i < 200; i++) {
      const { file, journal } = i % 2 === 0 ? finished : cut
      const changed = i % 4 < 2
      recordsOf(
        SQLITE,
        changed ? mutant(file, i) : file,
        10_000,
        null,
        changed ? journal : mutant(journal, i),
      )
    }
  })
})

describe('a write-ahead log', () => {
  it('gives rows that stand in its older frames alone as deleted', () => {
    const path = join(folder, `${made++}.sqlite`)
    const db = new Database(path)
    db.pragma('journal_mode = WAL')
    db.pragma('wal_autocheckpoint = 0')
    db.pragma('secure_delete = ON')
    db.transaction(history(300))(db)
    db.exec('DELETE FROM urls WHERE id BETWEEN 20 AND 60')
    db.exec("UPDATE urls SET visit_count = 7, title = 'seen again' WHERE id < 20")
    for (const suffix of ['', '-wal']) copyFileSync(`${path}${suffix}`, `${path}.copy${suffix}`)
    db.close()
    const { records } = recordsOf(
      SQLITE,
      readFileSync(`${path}.copy`),
      10_000,
      readFileSync(`${path}.copy-wal`),
    )
    expect(records.filter(({ status }) => status === 'live')).toHaveLength(300 - 41)
    expect(records.filter(({ status }) => status === 'deleted')).toHaveLength(41)
  })
})
