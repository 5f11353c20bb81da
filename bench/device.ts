/**
 * Records a second of one core: known.met beside the plainest loop over the same bytes, a History and a msgstore beside SQLite
 * reading the same rows, and the same databases looked through for pictures. CPU time, interleaved; the best of three. Then what
 * databases cost of a whole run. `npm run bench -- device [messages]`, a million without a number.
 */
import Database from 'better-sqlite3'
import { CHROMIUM_SCHEMA } from '../fixtures/device/browsers.ts'
import { knownMet } from '../fixtures/device/emule.ts'
import { WHATSAPP_SCHEMA } from '../fixtures/device/stores.ts'
import { Budget } from '../src/formats/archives/common/container.ts'
import { sqlitePictures } from '../src/formats/archives/sqlite-pictures.ts'
import { readRecords } from '../src/formats/artefacts/read-records.ts'
import { sourceOfBuffer } from '../src/formats/bytes/byte-source.ts'
import { shareOfScan } from './device-share.ts'

const ROUNDS = 3

export async function run(args: string[]): Promise<void> {
  const [messageCount = 1_000_000] = args.map(Number)
  const records = Math.min(messageCount, 100_000)
  const catalogue = knownMet(
    Array.from({ length: Math.min(records, 60_000) }, (_, i) => ({
      ed2k: i.toString(16).padStart(32, '0'),
      name: `drawing ${i}.jpg`,
      sizeBytes: 1000 + i,
      modified: 1_600_000_000 + i,
      sentBytes: i,
      requests: 1,
      accepted: 1,
    })),
  )
  compare('known.met', catalogue, 'application/x-emule-known', () => {
    let sum = 0
    for (let at = 0; at + 4 <= catalogue.length; at++) sum = (sum + catalogue.readUInt32LE(at)) | 0
    return sum
  })
  const history = made((db) => {
    db.exec(CHROMIUM_SCHEMA)
    const insert = db.prepare('INSERT INTO urls VALUES (?, ?, ?, 1, 0, ?, 0)')
    for (let i = 1; i <= records; i++)
      insert.run(i, `https://example.org/some/path/${i}`, `Page number ${i}`, 13_222_310_400_000_000 + i)
  })
  const urls = () => rowsBySqlite(history, 'SELECT * FROM urls')
  compare('History', history, 'application/x-sqlite3', urls)
  await compareOpening('History', history, urls)
  const messages = made(messagesOf(messageCount))
  const joined = () =>
    rowsBySqlite(messages, 'SELECT * FROM message LEFT JOIN message_media ON message_row_id = _id')
  compare('msgstore', messages, 'application/x-sqlite3', joined)
  await compareOpening('msgstore', messages, joined)
  const small = made((db) => {
    db.exec(
      'CREATE TABLE settings (name TEXT, value TEXT); CREATE TABLE pages (id INTEGER PRIMARY KEY, url TEXT, icon BLOB)',
    )
    const page = db.prepare('INSERT INTO pages VALUES (?, ?, ?)')
    for (let i = 0; i < 200; i++) page.run(i, `https://example.org/${i}`, Buffer.alloc(60, i))
  })
  shareOfScan({ history, messages: messageCount > records ? made(messagesOf(records)) : messages, small })
}

function messagesOf(count: number) {
  return (db: Database.Database) => {
    db.exec(WHATSAPP_SCHEMA)
    const message = db.prepare('INSERT INTO message VALUES (?, 1, ?, ?, 1)')
    const media = db.prepare("INSERT INTO message_media VALUES (?, ?, 100, 'image/jpeg', NULL, ?)")
    for (let i = 1; i <= count; i++) {
      message.run(i, i % 2, 1_600_000_000_000 + i)
      const hash = Buffer.alloc(32)
      hash.writeUInt32LE(i)
      if (i % 10 === 0) media.run(i, `Media/IMG-${i}.jpg`, hash.toString('base64'))
    }
  }
}

function made(fill: (db: Database.Database) => void): Buffer {
  const db = new Database(':memory:')
  db.transaction(fill)(db)
  const bytes = db.serialize()
  db.close()
  return bytes
}

function rowsBySqlite(bytes: Buffer, sql: string): number {
  const db = new Database(Buffer.from(bytes))
  let rows = 0
  for (const _ of db.prepare(sql).iterate()) rows++
  db.close()
  return rows
}

function compare(name: string, bytes: Buffer, mediaType: string, peer: () => number): void {
  let [ours, theirs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  let records = 0
  for (let round = 0; round < ROUNDS; round++) {
    records = 0
    ours = Math.min(
      ours,
      cpuMs(() =>
        readRecords({ mediaType, mostRecords: 10_000_000 }, bytes, (part) => {
          records += part.records.length
        }),
      ),
    )
    theirs = Math.min(theirs, cpuMs(peer))
  }
  const rate = Math.round(records / (ours / 1000))
  console.log(
    `${name.padEnd(10)} ${records.toLocaleString('en')} records of ${(bytes.length / 1e6).toFixed(1)} MB: ${rate.toLocaleString('en')} records/s a core, ${(ours / theirs).toFixed(2)} of the CPU time of plain reading (${theirs.toFixed(0)} ms)`,
  )
}

/** What a database without a picture in it costs to be looked through for some. */
async function compareOpening(name: string, bytes: Buffer, peer: () => number): Promise<void> {
  let [ours, theirs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage()
    for await (const _ of sqlitePictures.members(sourceOfBuffer(bytes), new Budget(OPEN, bytes.length)));
    const { user, system } = process.cpuUsage(before)
    ours = Math.min(ours, (user + system) / 1000)
    theirs = Math.min(theirs, cpuMs(peer))
  }
  console.log(
    `${name.padEnd(10)} looked through for pictures, deleted ones too: ${ours.toFixed(0)} ms, ${(ours / theirs).toFixed(2)} of the CPU time of plain reading`,
  )
}

const OPEN = { entries: 1000, bytes: 1 << 30, ratio: 1000 }

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
