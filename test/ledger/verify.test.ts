import {
  appendFileSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import { contentOf, WALKED } from '../../fixtures/ledgers/synthetic.ts'
import { appendCustody } from '../../src/ledger/custody/custody.ts'
import { TABLES, type TableName } from '../../src/ledger/format/tables.ts'
import { resumeLedger } from '../../src/ledger/write/session.ts'
import { behindTriggers, copyOf, dump } from './tamper.ts'
import { newLedger, sealedLedger, temporaryFolderForFile, verifyAlone } from './temporary.ts'

const TABLE_NAMES = [...(Object.keys(TABLES) as TableName[]), 'batch'] as const

const folder = temporaryFolderForFile()
let sealed: string
beforeAll(() => {
  sealed = sealedLedger(50, folder)
})

describe('verify', () => {
  it('finds nothing wrong with a sealed ledger, and writes nothing', () => {
    const before = readFileSync(sealed)
    const files = readdirSync(dirname(sealed))
    const report = verifyAlone(sealed)
    expect(report.problems).toEqual([])
    expect(report).toMatchObject({ ok: true, sealed: true })
    expect(readdirSync(dirname(sealed))).toEqual(files)
    expect(readFileSync(sealed).equals(before)).toBe(true)
  })

  it('checks a paused ledger as far as it goes, and says that it is not sealed', () => {
    const session = newLedger()
    session.recordEntries(WALKED)
    session.close()
    expect(verifyAlone(session.path)).toMatchObject({ ok: true, sealed: false, evidenceDigest: null })
  })

  it('has rows in every table to tamper with', () => {
    const db = new Database(sealed, { readonly: true })
    for (const table of TABLE_NAMES)
      expect([table, db.prepare(`SELECT count(*) > 0 FROM ${table}`).pluck().get()]).toEqual([table, 1])
    db.close()
  })

  describe.each(TABLE_NAMES)('in the table %s', (table) => {
    it('finds a removed row', () => {
      const path = copyOf(sealed, `removed-${table}`)
      behindTriggers(path, (db) => {
        db.exec(`DELETE FROM ${table} WHERE rowid = (SELECT max(rowid) FROM ${table})`)
      })
      expect(verifyAlone(path).ok).toBe(false)
    })

    it('finds an added row', () => {
      const path = copyOf(sealed, `added-${table}`)
      behindTriggers(path, (db) => {
        const added = addedRow(db, table)
        const places = added.map(() => '?').join(', ')
        db.prepare(`INSERT INTO ${table} VALUES (${places})`).run(added)
      })
      expect(verifyAlone(path).ok).toBe(false)
    })

    it('finds two rows that changed places', () => {
      const path = copyOf(sealed, `swapped-${table}`)
      let swapped = false
      behindTriggers(path, (db) => {
        swapped = swapRows(db, table)
      })
      expect(verifyAlone(path).ok).toBe(!swapped)
    })

    it('finds a changed value in any column', () => {
      const path = copyOf(sealed, `changed-${table}`)
      const columns =
        table === 'batch' ? ['prev', 'head', 'utc', 'kind', 'rows'] : TABLES[table].columns.map((c) => c.name)
      for (const column of ['batch', ...(table === 'batch' ? [] : ['ordinal']), ...columns]) {
        const copy = copyOf(path, column)
        behindTriggers(copy, (db) => {
          db.exec(`UPDATE ${table} SET "${column}" = CASE typeof("${column}")
              WHEN 'integer' THEN "${column}" + 1000003 WHEN 'text' THEN "${column}" || '.'
              WHEN 'blob' THEN CAST("${column}" || x'00' AS BLOB) ELSE ${otherwise(table, column)} END
            WHERE rowid = (SELECT max(rowid) FROM ${table})`)
        })
        expect([column, verifyAlone(copy).ok]).toEqual([column, false])
      }
    })
  })

  it('finds a trigger that was dropped, one that was made again differently, and an index or table that was added', () => {
    const changes = [
      'DROP TRIGGER entry_no_update',
      'DROP TRIGGER entry_no_update; CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT 1; END',
      'CREATE INDEX extra ON entry (kind)',
      'CREATE TABLE extra (a)',
      'CREATE VIEW extra AS SELECT 1',
      'DROP INDEX hit_content',
      'ANALYZE',
      'PRAGMA user_version = 1',
      'PRAGMA user_version = 2',
      'PRAGMA user_version = 3',
      'PRAGMA user_version = 5',
      'PRAGMA application_id = 1',
    ]
    for (const [i, change] of changes.entries()) {
      const path = copyOf(sealed, `schema-${i}`)
      const db = new Database(path)
      db.exec(change)
      db.close()
      expect([change, verifyAlone(path).ok]).toEqual([change, false])
    }
  })

  it('refuses changes through SQL as long as the triggers stand', () => {
    const path = copyOf(sealed, 'triggers')
    const db = new Database(path)
    for (const table of TABLE_NAMES) {
      expect(() => db.exec(`DELETE FROM ${table}`)).toThrow(/append-only/)
      expect(() => db.exec(`UPDATE ${table} SET batch = batch`)).toThrow(/append-only/)
    }
    expect(() => db.exec(`INSERT INTO meta VALUES (1, 1, 'x', 'y')`)).toThrow(/sealed/)
    db.close()
  })

  it('finds a head that is not in the chain, and knows every head that is', () => {
    const db = new Database(sealed, { readonly: true })
    for (const head of db.prepare('SELECT lower(hex(head)) FROM batch').pluck().all() as string[])
      expect(verifyAlone(sealed, { head }).ok).toBe(true)
    db.close()
    expect(verifyAlone(sealed, { head: '00'.repeat(32) }).ok).toBe(false)
  })

  it('finds a tail that was cut off when the head is kept elsewhere, or a custody log stands beside it', () => {
    const path = copyOf(sealed, 'tail')
    const { head } = verifyAlone(path)
    appendCustody(path, { event: 'reported', operator: null, account: 'tester', detail: {} })
    behindTriggers(path, (db) => {
      const last = db.prepare('SELECT max(batch) FROM batch').pluck().get() as number
      for (const table of TABLE_NAMES) db.prepare(`DELETE FROM ${table} WHERE batch = ?`).run(last)
    })
    const withCustody = verifyAlone(path)
    expect(withCustody.problems).toEqual(['custody log: it belongs to another ledger'])
    const alone = copyOf(path, 'alone')
    expect(verifyAlone(alone)).toMatchObject({ ok: true, sealed: false })
    expect(verifyAlone(alone, { head }).ok).toBe(false)
  })

  it('finds or is not touched by any of 200 changed bytes, and never crashes', () => {
    const whole = dump(sealed)
    const original = readFileSync(sealed)
    const path = copyOf(sealed, 'bytes')
    const file = openSync(path, 'r+')
    // A fixed sequence: the same bytes on every machine.
    let seed = 20261124
    const random = (below: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
      return Math.floor((seed / 2 ** 32) * below)
    }
    let found = 0
    for (let i = 0; i < 200; i++) {
      // Every fourth byte in the first page, where the header and the schema begin.
      const at = random(i % 4 === 0 ? 4096 : original.length)
      const byte = Buffer.from([original[at]! ^ (1 + random(255))])
      writeSync(file, byte, 0, 1, at)
      const ok = verifyAlone(path).ok
      if (ok) expect([at, dump(path)]).toEqual([at, whole])
      else found += 1
      writeSync(file, original, at, 1, at)
    }
    closeSync(file)
    expect(found).toBeGreaterThan(20)
    expect(verifyAlone(path).ok).toBe(true)
  })

  it('goes on with its other checks when a table cannot be read at all', () => {
    const path = copyOf(sealed, 'unreadable')
    const db = new Database(path)
    const root = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'hit'").pluck().get() as number
    const pageSize = db.pragma('page_size', { simple: true }) as number
    db.close()
    const file = openSync(path, 'r+')
    writeSync(file, Buffer.alloc(pageSize, 0xff), 0, pageSize, (root - 1) * pageSize)
    closeSync(file)
    const { ok, problems } = verifyAlone(path)
    expect(ok).toBe(false)
    expect(problems.filter((problem) => problem.includes('busy'))).toEqual([])
  })

  it('finds every changed byte of a name, a digest or a result, in tables and indexes alike', () => {
    const whole = dump(sealed)
    const original = readFileSync(sealed)
    const path = copyOf(sealed, 'live')
    const file = openSync(path, 'r+')
    const needles = [
      Buffer.from('IMG_7.jpg'),
      Buffer.from(contentOf('DCIM/IMG_7.jpg', '').digests.sha256, 'hex'),
      Buffer.from('directory-unreadable'),
      Buffer.from('CREATE TABLE reading'),
    ]
    for (const needle of needles) {
      let found = 0
      let places = 0
      for (let at = original.indexOf(needle); at !== -1; at = original.indexOf(needle, at + 1)) {
        const changed = at + (places++ % needle.length)
        writeSync(file, Buffer.from([original[changed]! ^ 0x20]), 0, 1, changed)
        // SQLite leaves copies of moved rows in free space, where no SQL sees them.
        if (verifyAlone(path).ok) expect([changed, dump(path)]).toEqual([changed, whole])
        else found += 1
        writeSync(file, original, changed, 1, changed)
      }
      expect([needle.toString('latin1'), found > 0]).toEqual([needle.toString('latin1'), true])
    }
    closeSync(file)
  })

  it('reports a truncated file, an empty one, one that is no SQLite file, and bytes behind the end', () => {
    const cut = copyOf(sealed, 'cut')
    truncateSync(cut, 20_000)
    expect(verifyAlone(cut).ok).toBe(false)
    const appended = copyOf(sealed, 'appended')
    appendFileSync(appended, Buffer.alloc(4096, 1))
    expect(verifyAlone(appended).ok).toBe(false)
    for (const [name, bytes] of [
      ['empty', ''],
      ['text', 'no ledger at all'],
    ] as const) {
      const path = copyOf(sealed, name)
      writeFileSync(path, bytes)
      expect(verifyAlone(path).ok).toBe(false)
    }
  })

  it('refuses a write-ahead log that somebody laid beside a sealed ledger', () => {
    const path = copyOf(sealed, 'log')
    writeFileSync(`${path}-wal`, 'a log')
    expect(verifyAlone(path).problems.join()).toMatch(/does not belong/)
    const before = readFileSync(path)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('still verifies a ledger that was resumed after a pause', () => {
    const session = newLedger()
    session.recordEntries(WALKED.slice(0, 3))
    session.close()
    const resumed = resumeLedger(session.path)
    resumed.recordEntries(WALKED.slice(3))
    resumed.close()
    expect(verifyAlone(session.path).problems).toEqual([])
  })
})

/** A row as the table could hold it: the last one again, under a new key. */
function addedRow(db: Database.Database, table: string): unknown[] {
  const row = db.prepare(`SELECT * FROM ${table} ORDER BY rowid DESC LIMIT 1`).get() as Record<
    string,
    unknown
  >
  const fresh: Record<string, unknown> = { ...row }
  if (table === 'batch')
    Object.assign(fresh, {
      batch: (row.batch as number) + 1,
      prev: row.head,
      head: Buffer.alloc(32, 7),
      rows: 0,
    })
  else fresh.ordinal = (row.ordinal as number) + 1
  if ('id' in fresh) fresh.id = (row.id as number) + 1
  if ('key' in fresh) fresh.key = 'added'
  if (table === 'entry' || table === 'folder') fresh.name = Buffer.from('added')
  if ('number' in fresh) fresh.number = 99
  if (table === 'volume') fresh.offset = 99
  if (table === 'second_times')
    fresh.entry = db
      .prepare('SELECT id FROM entry WHERE id NOT IN (SELECT entry FROM second_times) LIMIT 1')
      .pluck()
      .get()
  if (table === 'content') fresh.sha256 = Buffer.alloc(32, 7)
  if (table === 'reading')
    fresh.entry = db
      .prepare('SELECT id FROM entry WHERE id NOT IN (SELECT entry FROM reading) LIMIT 1')
      .pluck()
      .get()
  if (table === 'examination') fresh.stage = 'text-read'
  return Object.values(fresh)
}

/** Swaps everything but the place of the first two rows that differ. @returns false when there are no two */
function swapRows(db: Database.Database, table: string): boolean {
  const rows = db.prepare(`SELECT rowid, * FROM ${table} ORDER BY rowid LIMIT 2`).raw().all() as unknown[][]
  if (rows.length < 2) return false
  const columns = db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[]
  const keep = table === 'batch' ? ['batch'] : ['batch', 'ordinal']
  const moved = columns.filter((column) => !keep.includes(column))
  const placed = columns.filter((column) => keep.includes(column))
  db.exec(`DELETE FROM ${table} WHERE rowid IN (${rows[0]![0]}, ${rows[1]![0]})`)
  for (const [here, there] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const place = placed.map((column) => rows[here]![columns.indexOf(column) + 1])
    const values = moved.map((column) => rows[there]![columns.indexOf(column) + 1])
    db.prepare(
      `INSERT INTO ${table} (${[...placed, ...moved].map((c) => `"${c}"`).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    ).run([...place, ...values])
  }
  return true
}

/** What an absent value becomes. */
function otherwise(table: string, column: string): string {
  const type =
    table === 'batch' ? 'int' : TABLES[table as TableName].columns.find((c) => c.name === column)?.type
  return type === 'text' ? "'added'" : type === 'blob' ? "x'61'" : '7'
}
