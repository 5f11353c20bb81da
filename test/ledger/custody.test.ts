import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import { appendCustody, custodyPath, readCustody } from '../../src/ledger/custody/custody.ts'
import { decisionsOf, recordDecision } from '../../src/ledger/custody/decisions.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { verifyLedger } from '../../src/ledger/verify/verify.ts'
import { copyOf } from './tamper.ts'
import { sealedLedger, temporaryFolderForFile } from './temporary.ts'

const APPEND = fileURLToPath(new URL('../../dist/fixtures/ledgers/append.js', import.meta.url))
const EVENT = { event: 'reported', operator: 'A. Example', account: 'tester', detail: { format: 'html' } }

const folder = temporaryFolderForFile()
let sealed: string
beforeAll(() => {
  sealed = sealedLedger(50, folder)
})

describe('the custody log', () => {
  it('begins at the ledger’s head, and leaves the sealed ledger as it is', () => {
    const path = copyOf(sealed, 'begins')
    chmodSync(path, 0o444)
    const before = readFileSync(path)
    const { head } = appendCustody(path, EVENT)
    appendCustody(path, { ...EVENT, operator: null })
    expect(readFileSync(path).equals(before)).toBe(true)
    const ledger = openLedger(path)
    expect(ledger.custody()).toMatchObject([
      { ...EVENT, head },
      { ...EVENT, operator: null },
    ])
    expect(ledger.newestHead()).toBe(ledger.custody().at(-1)!.head)
    expect(ledger.newestHead()).not.toBe(ledger.chainHead)
    ledger.close()
    expect(verifyLedger(path, { head })).toMatchObject({ ok: true, newestHead: readCustody(path)[1]!.head })
  })

  it('keeps the newest head at the ledger’s own when there is no log', () => {
    const ledger = openLedger(sealed)
    expect(ledger.newestHead()).toBe(ledger.chainHead)
    expect(ledger.custody()).toEqual([])
    ledger.close()
    expect(existsSync(custodyPath(sealed))).toBe(false)
  })

  it('takes events of two processes at once without losing one', async () => {
    const path = copyOf(sealed, 'two')
    const writers = ['one', 'two'].map((name) => spawn(process.execPath, [APPEND, path, name, '8']))
    await Promise.all(writers.map((writer) => once(writer, 'exit')))
    const events = readCustody(path)
    expect(events.length).toBe(16)
    for (const name of ['one', 'two'])
      expect(events.filter((event) => event.operator === name).map((event) => event.detail.number)).toEqual([
        '0',
        '1',
        '2',
        '3',
        '4',
        '5',
        '6',
        '7',
      ])
    expect(verifyLedger(path).problems).toEqual([])
  })

  it('refuses changes, and verify finds those that got past the triggers', () => {
    const changes = [
      "UPDATE custody SET detail = '{}' WHERE number = 1",
      'DELETE FROM custody WHERE number = 2',
      'DELETE FROM custody WHERE number = 1',
      "INSERT INTO custody SELECT number + 1, prev, x'00', utc, account, operator, event, detail FROM custody WHERE number = 3",
      "UPDATE custody SET operator = 'B' WHERE number = 3",
    ]
    for (const [i, change] of changes.entries()) {
      const path = copyOf(sealed, `custody-${i}`)
      for (let k = 0; k < 3; k++) appendCustody(path, EVENT)
      const db = new Database(custodyPath(path))
      if (!change.startsWith('INSERT')) expect(() => db.exec(change)).toThrow(/append-only/)
      const triggers = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all() as {
        name: string
        sql: string
      }[]
      for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`)
      db.exec(change)
      for (const { sql } of triggers) db.exec(sql)
      db.close()
      expect([change, verifyLedger(path).ok]).toEqual([change, false])
    }
  })

  it('does not pass for that of another ledger', () => {
    const path = copyOf(sealed, 'foreign')
    const other = sealedLedger(7)
    appendCustody(other, EVENT)
    copyFileSync(custodyPath(other), custodyPath(path))
    expect(verifyLedger(path).problems).toEqual(['custody log: it belongs to another ledger'])
  })

  it('knows the file that was sealed by its SHA-256, every byte of it', () => {
    const path = copyOf(sealed, 'digest')
    appendCustody(path, { ...EVENT, event: 'sealed', detail: { ledgerSha256: '00'.repeat(32) } })
    expect(verifyLedger(path).problems).toEqual([
      'the file is not the one that was sealed: its SHA-256 differs from the one in the custody log',
    ])
  })

  it('supersedes decisions and overwrites none', () => {
    const path = copyOf(sealed, 'decisions')
    const by = { operator: 'A. Example', account: 'tester' }
    const decision = { sha256: 'ab'.repeat(32), category: '2', scale: 'vics-us', note: '' }
    recordDecision(path, { ...decision, category: '1' }, by)
    recordDecision(path, { ...decision, note: 'second look' }, by)
    const made = decisionsOf(readCustody(path)).get(decision.sha256)!
    expect(made.map((one) => one.category)).toEqual(['1', '2'])
    expect(made.at(-1)).toMatchObject({ ...decision, note: 'second look', operator: 'A. Example' })
  })
})
