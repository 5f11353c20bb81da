/** Pictures in rows of databases, written by SQLite itself: under the name of the file that they show, whatever the table. */
import { hash } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { drawing, jpeg } from '../../fixtures/pictures.ts'
import { mutant } from './artefacts/records-of.ts'
import { listContainer } from './list-container.ts'

const [small, large] = [
  await jpeg({ seed: 1, width: 64, height: 48 }),
  await jpeg({ seed: 2, width: 400, height: 300 }),
]
const webp = await drawing({ seed: 3, width: 96, height: 72 }).webp().toBuffer()
const HASH = 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA='

/** Tables of thumbnails as WhatsApp of Android has them, before and after the change of its schema. @see ALEAPP */
const SCHEMA = `
CREATE TABLE message_media (message_row_id INTEGER PRIMARY KEY, file_path TEXT, media_name TEXT, file_hash TEXT);
CREATE TABLE message_thumbnail (message_row_id INTEGER PRIMARY KEY, thumbnail BLOB);
CREATE TABLE media_hash_thumbnail (media_hash TEXT, thumbnail BLOB);
CREATE TABLE messages (_id INTEGER PRIMARY KEY AUTOINCREMENT, key_remote_jid TEXT NOT NULL, key_from_me INTEGER, key_id TEXT NOT NULL, media_name TEXT, raw_data BLOB);
CREATE TABLE message_thumbnails (thumbnail BLOB, timestamp DATETIME, key_remote_jid TEXT NOT NULL, key_from_me INTEGER, key_id TEXT NOT NULL);
CREATE TABLE other (id INTEGER PRIMARY KEY, words TEXT, stuff BLOB);`

function filled(db: Database.Database): void {
  db.exec(SCHEMA)
  db.prepare('INSERT INTO message_media VALUES (7, ?, NULL, ?)').run('Media/WhatsApp Images/IMG-1.jpg', HASH)
  db.prepare('INSERT INTO message_thumbnail VALUES (7, ?)').run(small)
  db.prepare('INSERT INTO message_thumbnail VALUES (8, ?)').run(large)
  db.prepare('INSERT INTO media_hash_thumbnail VALUES (?, ?)').run(HASH, webp)
  db.prepare(
    "INSERT INTO messages VALUES (1, 'a@s', 0, 'K1', 'IMG-2.jpg', NULL), (2, 'a@s', 1, 'K2', 'IMG-3.jpg', ?)",
  ).run(large)
  db.prepare("INSERT INTO message_thumbnails VALUES (?, 5, 'a@s', 0, 'K1')").run(small)
  db.prepare("INSERT INTO other VALUES (1, 'no picture', ?)").run(Buffer.alloc(5000, 'RIFFs are no picture'))
  db.prepare('INSERT INTO other VALUES (2, ?, ?)').run('ÿØÿ as text', Buffer.from('ffd8ff', 'hex'))
}

const sha256 = (bytes: Buffer) => hash('sha256', bytes)
const EXPECTED = [
  ['message_thumbnail 7 thumbnail Media/WhatsApp Images/IMG-1.jpg', sha256(small)],
  ['message_thumbnail 8 thumbnail', sha256(large)],
  ['media_hash_thumbnail 1 thumbnail Media/WhatsApp Images/IMG-1.jpg', sha256(webp)],
  ['messages 2 raw_data IMG-3.jpg', sha256(large)],
  ['message_thumbnails 1 thumbnail IMG-2.jpg', sha256(small)],
]

function made(): Buffer {
  const db = new Database(':memory:')
  filled(db)
  const bytes = db.serialize()
  db.close()
  return bytes
}

async function found(bytes: Buffer, beside?: ReadonlyMap<string, Buffer>) {
  const { members, result } = await listContainer(bytes, undefined, '', beside)
  expect(members.every(({ kind }) => kind === 'embedded')).toBe(true)
  return { result, seen: members.map(({ name, digests }) => [name, digests?.sha256]) }
}

describe('pictures in a database', () => {
  it('are told by their content and named after the file that the row, or the message, names', async () => {
    expect(await found(made())).toEqual({ result: { result: 'done' }, seen: EXPECTED })
  })

  it('that stand in the write-ahead log alone are there with the log beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seized-log-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const db = new Database(join(folder, 'a.db'))
    db.pragma('journal_mode = WAL')
    db.pragma('wal_autocheckpoint = 0')
    filled(db)
    for (const name of ['a.db', 'a.db-wal']) copyFileSync(join(folder, name), join(folder, `copy-${name}`))
    db.close()
    const [bytes, log] = ['copy-a.db', 'copy-a.db-wal'].map((name) => readFileSync(join(folder, name))) as [
      Buffer,
      Buffer,
    ]
    expect((await found(bytes)).seen).toEqual([])
    expect((await found(bytes, new Map([['a.db-wal', log]]))).seen).toEqual(EXPECTED)
  })

  it('of a damaged database come as far as their pages can be read', async () => {
    const bytes = made()
    const page = bytes.indexOf(webp.subarray(0, 16)) & ~4095
    bytes.fill(0xff, page, page + 64)
    const { seen, result } = await found(bytes)
    expect(seen.length).toBeGreaterThanOrEqual(2)
    expect(result).toMatchObject({ reason: 'partly-examined', detail: { code: 'records-unreadable' } })
  })

  it('survive 200 mutants', async () => {
    const bytes = made()
    for (let i = 0; i < 200; i++) {
      const { result } = await listContainer(mutant(bytes, i), 'application/x-sqlite3')
      expect(result.result).toMatch(/^(done|done-with-warnings|not-done)$/)
    }
  })
})
