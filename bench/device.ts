/**
 * Records a second of one core: known.met beside the plainest loop over the same bytes, a History and a msgstore beside SQLite
 * reading the same rows. CPU time, interleaved; the best of five.
 */
import Database from 'better-sqlite3'
import { CHROMIUM_SCHEMA } from '../fixtures/device/browsers.ts'
import { knownMet } from '../fixtures/device/emule.ts'
import { WHATSAPP_SCHEMA } from '../fixtures/device/stores.ts'
import { readRecords } from '../src/child/artefacts/read-records.ts'

const ROUNDS = 5

export async function run(args: string[]): Promise<void> {
  const [records = 100_000] = args.map(Number)
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
  compare('History', history, 'application/x-sqlite3', () => rowsBySqlite(history, 'SELECT * FROM urls'))
  const messages = made((db) => {
    db.exec(WHATSAPP_SCHEMA)
    const message = db.prepare('INSERT INTO message VALUES (?, 1, ?, ?, 1)')
    const media = db.prepare("INSERT INTO message_media VALUES (?, ?, 100, 'image/jpeg', NULL, ?)")
    for (let i = 1; i <= records; i++) {
      message.run(i, i % 2, 1_600_000_000_000 + i)
      const hash = Buffer.alloc(32)
      hash.writeUInt32LE(i)
      if (i % 10 === 0) media.run(i, `Media/IMG-${i}.jpg`, hash.toString('base64'))
    }
  })
  compare('msgstore', messages, 'application/x-sqlite3', () =>
    rowsBySqlite(messages, 'SELECT * FROM message LEFT JOIN message_media ON message_row_id = _id'),
  )
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
        readRecords({ mediaType, mostRecords: 10_000_000, logBytes: 0 }, bytes, (part) => {
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

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
