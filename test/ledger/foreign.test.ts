/** Ledgers, custody logs and lists that somebody made to keep a reader busy, to crash it, or to pass for what they are not. */
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import { LedgerDamaged } from '../../src/base/errors.ts'
import { appendCustody, custodyPath, readCustody } from '../../src/ledger/custody/custody.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { SearchFacts } from '../../src/ledger/read/search-facts.ts'
import { verifyLedger } from '../../src/ledger/verify/verify.ts'
import { resumeLedger } from '../../src/ledger/write/session.ts'
import { loadHashSets } from '../../src/match/index.ts'
import { behindTriggers, copyOf } from './tamper.ts'
import { newLedger, sealedLedger, temporaryFolder, temporaryFolderForFile } from './temporary.ts'

const folder = temporaryFolderForFile()
let sealed: string
beforeAll(() => {
  sealed = sealedLedger(50, folder)
})

const ENDLESS = 'WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)'

function changed(name: string, ...statements: readonly string[]): string {
  const path = copyOf(sealed, name)
  behindTriggers(path, (db) => {
    db.unsafeMode()
    for (const sql of statements) db.exec(sql)
  })
  return path
}

describe('a ledger whose schema is not that of its format', () => {
  it.each([
    [
      'an endless view for a table',
      `DROP TABLE entry; CREATE VIEW entry AS ${ENDLESS} SELECT x AS id FROM n`,
    ],
    ['a view beside the tables', `CREATE VIEW extra AS ${ENDLESS} SELECT x FROM n`],
    ['a virtual table', 'CREATE VIRTUAL TABLE extra USING fts5(a)'],
    [
      'a computed column',
      "ALTER TABLE meta ADD COLUMN more INTEGER AS (length(printf('%.*c', 1000000, 'x')))",
    ],
    ['a table of other columns', 'DROP TABLE signal; CREATE TABLE signal (batch, ordinal, content)'],
  ])('is asked nothing: %s', (name, sql) => {
    const path = changed(name.replaceAll(' ', '-'), sql)
    expect(() => openLedger(path)).toThrow(LedgerDamaged)
    expect(() => openLedger(path)).toThrow(/the schema was changed: .*nothing more is asked/)
    expect(() => new SearchFacts(path, {} as never)).toThrow(LedgerDamaged)
    expect(() => appendCustody(path, { event: 'e', operator: null, account: 'a', detail: {} })).toThrow(
      LedgerDamaged,
    )
    expect(verifyLedger(path, { alone: true }).problems.join()).toMatch(/the schema was changed/)
  })

  it('is not gone on with either', () => {
    const session = newLedger()
    session.close()
    const db = new Database(session.path)
    db.exec(`CREATE VIEW extra AS ${ENDLESS} SELECT x FROM n`)
    db.close()
    expect(() => resumeLedger(session.path)).toThrow(/the schema was changed/)
  })

  it('is found out in a custody log too', () => {
    const path = copyOf(sealed, 'log')
    appendCustody(path, { event: 'reported', operator: null, account: 'tester', detail: {} })
    behindTriggers(custodyPath(path), (db) => {
      db.exec(`DROP TABLE decision; CREATE VIEW decision AS ${ENDLESS} SELECT x AS number FROM n`)
    })
    expect(() => readCustody(path)).toThrow(LedgerDamaged)
    expect(verifyLedger(path, { alone: true }).problems.join()).toMatch(/custody log.*schema was changed/)
  })
})

describe('values that no run writes', () => {
  it.each([
    ['meta', "UPDATE meta SET value = '{' WHERE key = 'plan'"],
    ['event', "UPDATE event SET detail = '{'"],
    ['step', "UPDATE entry SET step = 'nonsense' WHERE step = 'record'"],
    ['circle', 'PRAGMA ignore_check_constraints = ON; UPDATE entry SET above = id + 1 WHERE above > 0'],
    ['above', 'UPDATE entry SET above = 1000000 WHERE above > 0 AND id > 30'],
    ['params', "UPDATE attribute SET params = '['"],
    ['located', "UPDATE entry SET located = 'x' WHERE located IS NOT NULL"],
  ])('end as a damaged ledger with a sentence, never as a bug: %s', (name, sql) => {
    const path = changed(name, sql)
    expect(verifyLedger(path, { alone: true }).ok).toBe(false)
    const readAll = () => {
      const ledger = openLedger(path)
      try {
        ledger.events()
        ledger.starts()
        ledger.summary()
        return [[...ledger.entries()], [...ledger.findings()]]
      } finally {
        ledger.close()
      }
    }
    // What hangs on a node that is not there is in no order of paths: it is found by verify, and left out here.
    if (name === 'above' || name === 'circle')
      expect(verifyLedger(path, { alone: true }).problems.join()).toMatch(/name that is not there|node/)
    else expect(readAll).toThrow(LedgerDamaged)
  })
})

describe('a sealed ledger and its custody log', () => {
  /** As the command line leaves it: the log says that the ledger was sealed, and with which bytes. */
  function withLog(name: string): string {
    const path = copyOf(sealed, name)
    const ledgerSha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
    appendCustody(path, { event: 'sealed', operator: null, account: 'tester', detail: { ledgerSha256 } })
    return path
  }

  it('belong together: a log that is gone is a problem', () => {
    const path = withLog('gone')
    expect(verifyLedger(path)).toMatchObject({ ok: true, problems: [] })
    rmSync(custodyPath(path))
    expect(verifyLedger(path).problems).toEqual([expect.stringMatching(/its custody log is not beside it/)])
  })

  it('belong together: a log that begins anew, or lost its end, is a problem', () => {
    const path = withLog('anew')
    rmSync(custodyPath(path))
    appendCustody(path, { event: 'reported', operator: null, account: 'tester', detail: {} })
    expect(verifyLedger(path).problems).toEqual([
      expect.stringMatching(/does not say that this ledger was sealed/),
    ])
    const cut = withLog('cut')
    behindTriggers(custodyPath(cut), (db) => db.exec('DELETE FROM custody'))
    expect(verifyLedger(cut).ok).toBe(false)
  })
})

describe('a hash list in a SQLite file', () => {
  it('is read from tables alone: an endless view is no list', async () => {
    const file = join(temporaryFolder(), 'list.db')
    const db = new Database(file)
    db.exec(
      `CREATE TABLE VERSION (version); CREATE VIEW FILE AS ${ENDLESS} SELECT hex(x) AS sha256 FROM n WHERE 0`,
    )
    db.close()
    writeFileSync(`${file}.txt`, '')
    const declared = { file, declared: { kind: 'meaning', meaning: 'illegal' } } as const
    await expect(loadHashSets([declared], { scaleTables: [], assumeSha256: true })).rejects.toThrow(/list/)
  })
})
