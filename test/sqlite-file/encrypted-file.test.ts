/** A database that SQLCipher 4.6.1 of Debian encrypted, opened with its key: page by page, with its log, damaged, and with another key. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { decryptedFile } from '../../src/formats/sqlite/encrypted-file.ts'
import { laidOver, newerPages } from '../../src/formats/sqlite/write-ahead-log.ts'
import { mutant } from '../formats/artefacts/records-of.ts'

const FOLDER = join(import.meta.dirname, '../../fixtures/device/sqlcipher')
const [FILE, LOG, SETTINGS] = ['signal.db', 'signal.db-wal', 'signal-config.json'].map((name) =>
  readFileSync(join(FOLDER, name)),
) as [Buffer, Buffer, Buffer]
const KEY = Buffer.from(JSON.parse(SETTINGS.toString()).key, 'hex')
const PAGE = 4096

/** By SQLite itself. */
function messagesIn(bytes: Buffer): unknown[] {
  const copy = Buffer.from(bytes)
  copy.fill(1, 18, 20)
  const db = new Database(copy)
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  const rows = db.prepare('SELECT id FROM messages ORDER BY rowid').pluck().all()
  db.close()
  return rows
}

describe('a database encrypted by SQLCipher', () => {
  it('is what SQLite reads once it is open, without its log and with it', () => {
    const alone = decryptedFile(FILE, KEY)!
    expect([alone.pages, alone.damaged, alone.bytes.length]).toEqual([FILE.length / PAGE, 0, FILE.length])
    expect(messagesIn(alone.bytes)).toEqual(['m-1', 'm-2', 'm-3', 'm-4'])
    const whole = decryptedFile(laidOver(FILE, newerPages(LOG)!), KEY)!
    expect(messagesIn(whole.bytes)).toEqual(['m-1', 'm-2', 'm-3', 'm-4', 'm-5'])
  })

  it('is not opened with another key, nor with one of another length', () => {
    const other = Buffer.from(KEY)
    other[31]! ^= 1
    expect([decryptedFile(FILE, other), decryptedFile(FILE, KEY.subarray(1))]).toEqual([null, null])
  })

  it('loses the changed page alone, of which nothing is believed', () => {
    for (const at of [3 * PAGE + 7, 3 * PAGE + PAGE - 1, 3 * PAGE + PAGE - 70]) {
      const changed = Buffer.from(FILE)
      changed[at]! ^= 1
      const { pages, damaged, bytes } = decryptedFile(changed, KEY)!
      expect([pages, damaged]).toEqual([FILE.length / PAGE - 1, 1])
      expect(bytes.subarray(3 * PAGE, 4 * PAGE).every((byte) => byte === 0)).toBe(true)
    }
    // A page at another place is none, since its number is covered too.
    const swapped = Buffer.concat([
      FILE.subarray(0, PAGE),
      FILE.subarray(2 * PAGE),
      FILE.subarray(PAGE, 2 * PAGE),
    ])
    expect(decryptedFile(swapped, KEY)).toMatchObject({ pages: 1 })
  })

  it('is bounded in 200 mutants', () => {
    for (let i = 0; i < 200; i++) {
      const changed = mutant(FILE, i)
      const opened = decryptedFile(changed, KEY)
      expect(opened === null || opened.bytes.length <= changed.length).toBe(true)
    }
  })
})
