/** Pictures in rows of databases, written by SQLite itself: under the name of the file that they show, whatever the table. */
import { hash } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { drawing, jpeg } from '../../fixtures/pictures.ts'
import { binaryList } from '../../fixtures/written.ts'
import { mutant } from '../formats/artefacts/records-of.ts'
import { zipOf } from './archives.ts'
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

function madeWith<T>(fill: (db: Database.Database) => T): { readonly bytes: Buffer; readonly gone: T } {
  const db = new Database(':memory:')
  db.pragma('secure_delete = OFF')
  const gone = fill(db)
  const bytes = db.serialize()
  db.close()
  return { bytes, gone }
}

/** The row of the table of thumbnails below, from the types of its last two values on. */
function rowOf(i: number, picture: Buffer): Buffer {
  const type = 12 + picture.length * 2
  const made = Buffer.alloc(4)
  made.writeInt32BE(1_600_000_000 + i)
  return Buffer.concat([
    Buffer.from([4, 0x80 | (type >> 7), type & 0x7f]),
    Buffer.from(`DCIM/${i}.jpg`),
    made,
    picture,
  ])
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

  it('of a table without row numbers are found in leaf pages and inner pages, each under its own name', async () => {
    const pictures = await Promise.all(
      Array.from({ length: 60 }, (_, i) => {
        const drawn = drawing({
          seed: i + 200,
          width: i % 3 === 0 ? 160 : 24,
          height: i % 3 === 0 ? 120 : 16,
        })
        return i % 3 === 0 ? drawn.jpeg().toBuffer() : drawn.webp({ quality: 40 }).toBuffer()
      }),
    )
    const { bytes } = madeWith((db) => {
      db.exec(`CREATE TABLE plain (id INTEGER PRIMARY KEY, thumb BLOB);
        CREATE TABLE keyed (thumb BLOB, path TEXT, part INTEGER, PRIMARY KEY (part, path)) WITHOUT ROWID;
        CREATE TABLE flags (flag INTEGER PRIMARY KEY) WITHOUT ROWID;
        INSERT INTO flags VALUES (1)`)
      db.prepare('INSERT INTO plain VALUES (5, ?)').run(small)
      const insert = db.prepare('INSERT INTO keyed VALUES (?, ?, ?)')
      for (const [i, picture] of pictures.entries()) insert.run(picture, `DCIM/${i}.jpg`, i % 7)
      insert.run(Buffer.alloc(9000, 'RIFFs are no picture'), 'none', 1)
    })
    const pageOf = (at: number) => bytes[at & ~4095]
    const { seen, result } = await found(bytes)
    expect(result).toEqual({ result: 'done' })
    expect(seen[0]).toEqual(['plain 5 thumb', sha256(small)])
    const keyed = seen.slice(1)
    expect(keyed.map(([, digest]) => digest).sort()).toEqual(pictures.map(sha256).sort())
    expect(new Set(keyed.map(([name]) => name)).size).toBe(pictures.length)
    const kinds = keyed.map(([name, digest]) => {
      const i = pictures.findIndex((one) => sha256(one) === digest)
      const at = new RegExp(`^keyed at (\\d+) thumb DCIM/${i}\\.jpg$`).exec(name!)?.[1]
      return pageOf(Number(at))
    })
    expect(new Set(kinds)).toEqual(new Set([0x02, 0x0a]))
  })

  it('that a value packs are found in it: ZIP, GZIP and binary property list, where one is in there', async () => {
    const packed = [zipOf({ 'a.jpg': large }), gzipSync(large), binaryList(large)]
    const { bytes } = madeWith((db) => {
      db.exec('CREATE TABLE packed (id INTEGER PRIMARY KEY, stuff BLOB)')
      const insert = db.prepare('INSERT INTO packed (stuff) VALUES (?)')
      for (const one of packed) insert.run(one)
      insert.run(gzipSync(Buffer.alloc(5000, 'words ')))
      insert.run(binaryList(Buffer.alloc(60, 'words ')))
      insert.run(Buffer.concat([gzipSync(large).subarray(0, 3), Buffer.alloc(50, 0xff)]))
    })
    expect(await found(bytes)).toEqual({
      result: { result: 'done' },
      seen: packed.map((one, i) => [`packed ${i + 1} stuff`, sha256(one)]),
    })
    for (const one of packed) {
      const inner = await listContainer(one)
      expect(inner.members.map(({ digests }) => digests?.sha256)).toEqual([sha256(large)])
    }
  })

  it.each(['UTF-8', 'UTF-16le', 'UTF-16be'])(
    'that a text has in digits are found, each with its number, in a database of %s',
    async (encoding) => {
      const url = (of: Buffer) => `data:image/jpeg;base64,${of.toString('base64')}`
      const storage = JSON.stringify({ name: 'Ąžuolas', avatar: url(small), cover: url(large) })
      const { bytes } = madeWith((db) => {
        db.pragma(`encoding = '${encoding}'`)
        db.exec('CREATE TABLE storage (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID')
        db.exec('CREATE TABLE itemtable (key TEXT UNIQUE, value BLOB NOT NULL)')
        db.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, words TEXT)')
        const insert = db.prepare('INSERT INTO rows VALUES (?, ?)')
        insert.run(1, storage.replaceAll('/', '\\/'))
        insert.run(2, `<img src="${url(large)}">`)
        insert.run(3, small.toString('hex'))
        insert.run(4, webp.toString('base64'))
        // No picture: words, what is too short, what is said to be one and is none, and letters of another script between digits.
        insert.run(5, 'base64, '.repeat(60))
        insert.run(6, url(small).slice(0, 80))
        insert.run(7, url(Buffer.alloc(900, 'no picture ')))
        insert.run(8, `/9j/${'\u0141'.repeat(900)}`)
        db.prepare('INSERT INTO storage VALUES (?, ?)').run('user', storage)
        // As WebKit keeps the text of local storage: UTF-16 without a mark.
        db.prepare('INSERT INTO itemtable VALUES (?, ?)').run('user', Buffer.from(storage, 'utf16le'))
        db.prepare('INSERT INTO itemtable VALUES (?, ?)').run('more', Buffer.from(storage))
      })
      const { seen, result } = await found(bytes)
      expect(result).toEqual({ result: 'done' })
      expect(seen.map(([name, digest]) => [name!.replace(/ at \d+ /, ' at # '), digest])).toEqual([
        ['storage at # value written-1.jpg', sha256(small)],
        ['storage at # value written-2.jpg', sha256(large)],
        ['itemtable 1 value written-1.jpg', sha256(small)],
        ['itemtable 1 value written-2.jpg', sha256(large)],
        ['itemtable 2 value written-1.jpg', sha256(small)],
        ['itemtable 2 value written-2.jpg', sha256(large)],
        ['rows 1 words written-1.jpg', sha256(small)],
        ['rows 1 words written-2.jpg', sha256(large)],
        ['rows 2 words written-1.jpg', sha256(large)],
        ['rows 3 words written-1.jpg', sha256(small)],
        ['rows 4 words written-1.webp', sha256(webp)],
      ])
    },
  )

  it('of deleted rows are found in free pages and free blocks, marked, where all of them is there still', async () => {
    const rows = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        // From a few hundred bytes, which lie in the row's page, to several pages.
        i % 2 === 0
          ? drawing({ seed: i + 10, width: 24, height: 16 })
              .webp({ quality: 40 })
              .toBuffer()
          : jpeg({ seed: i + 10, width: 320, height: 240 }),
      ),
    )
    const { bytes, gone } = madeWith((db) => {
      db.exec('CREATE TABLE thumbs (id INTEGER PRIMARY KEY, path TEXT, made INTEGER, thumb BLOB)')
      const insert = db.prepare('INSERT INTO thumbs VALUES (?, ?, ?, ?)')
      for (const [i, row] of rows.entries()) insert.run(i + 1000, `DCIM/${i}.jpg`, 1_600_000_000 + i, row)
      db.exec('DELETE FROM thumbs WHERE id % 5 IN (1, 2)')
      return rows.filter((_, i) => i % 5 === 1 || i % 5 === 2)
    })
    const { members, result } = await listContainer(bytes)
    expect(result).toEqual({ result: 'done' })
    const deleted = members.filter(({ isDeleted }) => isDeleted)
    const live = members.filter(({ isDeleted }) => !isDeleted)
    expect(live).toHaveLength(rows.length - gone.length)
    expect(live.every(({ name }) => !name.startsWith('deleted'))).toBe(true)
    const digests = new Set(gone.map(sha256))
    // Nothing else is said to be one, and but for the first page that was freed, which became the list of free ones, all are found.
    expect(deleted.filter(({ digests: of }) => !digests.has(of!.sha256))).toEqual([])
    // Of those that lie in one page with the head of their row all but one, in a page that leads to others now and is not looked through;
    // of those that go on in other pages those of which no page was used again.
    const small = rows.filter((row, i) => gone.includes(row) && bytes.includes(rowOf(i, row)))
    const isFound = (row: Buffer) => deleted.some(({ digests: of }) => of!.sha256 === sha256(row))
    expect(small.length).toBeGreaterThan(4)
    expect(small.filter((row) => !isFound(row)).length).toBeLessThan(2)
    expect(gone.filter((row) => row.length > 4096 && isFound(row)).length).toBeGreaterThan(4)
    for (const { name, digests: of } of deleted) {
      const at = rows.findIndex((row) => sha256(row) === of!.sha256)
      expect(name).toMatch(new RegExp(`^deleted thumbs at \\d+ thumb DCIM/${at}\\.jpg$`))
    }
  })

  it('of rows that were deleted and wiped are found in the journal of the transaction, under their number', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seized-journal-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const db = new Database(join(folder, 'a.db'))
    db.pragma('journal_mode = PERSIST')
    db.pragma('secure_delete = ON')
    filled(db)
    db.exec('DELETE FROM message_thumbnail; DELETE FROM media_hash_thumbnail')
    db.close()
    const [bytes, journal] = ['a.db', 'a.db-journal'].map((name) => readFileSync(join(folder, name))) as [
      Buffer,
      Buffer,
    ]
    const kept = EXPECTED.slice(3)
    expect((await found(bytes)).seen).toEqual(kept)
    const { seen } = await found(bytes, new Map([['a.db-journal', journal]]))
    // What is live elsewhere is not given again.
    expect(seen).toEqual([
      ...kept,
      ['deleted media_hash_thumbnail 1 thumbnail Media/WhatsApp Images/IMG-1.jpg', sha256(webp)],
    ])
  })

  it('of a page that was freed go by the table that held it when it was so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seized-journal-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const db = new Database(join(folder, 'a.db'))
    db.pragma('journal_mode = PERSIST')
    db.pragma('secure_delete = ON')
    // Either could have been it, and so could the table that SQLite made for the numbers of the first.
    db.exec(`CREATE TABLE faces (id INTEGER PRIMARY KEY AUTOINCREMENT, face BLOB); CREATE TABLE thumbs (id INTEGER PRIMARY KEY, thumb BLOB);
      CREATE TABLE places (id INTEGER PRIMARY KEY, place BLOB)`)
    const kept = await jpeg({ seed: 60, width: 96, height: 72 })
    const gone = await jpeg({ seed: 61, width: 96, height: 72 })
    for (const table of ['faces', 'thumbs'])
      for (const id of [1, 2])
        db.prepare(`INSERT INTO ${table} VALUES (?, ?)`).run(id, table === 'thumbs' && id === 2 ? gone : kept)
    db.exec('DELETE FROM thumbs WHERE id = 2')
    db.close()
    const [bytes, journal] = ['a.db', 'a.db-journal'].map((name) => readFileSync(join(folder, name))) as [
      Buffer,
      Buffer,
    ]
    const { seen } = await found(bytes, new Map([['a.db-journal', journal]]))
    expect(seen.at(-1)).toEqual(['deleted thumbs 2 thumb', sha256(gone)])
    expect(seen.filter(([name]) => name!.startsWith('deleted'))).toHaveLength(1)
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
    const { bytes } = madeWith((db) => {
      filled(db)
      db.exec('DELETE FROM messages; DELETE FROM message_thumbnail')
    })
    for (let i = 0; i < 200; i++) {
      const { result } = await listContainer(mutant(bytes, i), 'application/x-sqlite3')
      expect(result.result).toMatch(/^(done|done-with-warnings|not-done)$/)
    }
  })
})
