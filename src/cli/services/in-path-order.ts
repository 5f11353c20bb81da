/**
 * Sorts entries into evidence-path order. A temporary unnamed database keeps memory use constant. It contains names
 * and metadata, no contents, and disappears with this process.
 */
import Database from 'better-sqlite3'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { type EntryTuple, tupleOf, walkedOf } from '../../wire/walk-protocol.ts'

const BATCH_ENTRIES = 512

export async function* inPathOrder(
  batches: AsyncIterable<readonly WalkedEntry[]>,
): AsyncGenerator<readonly WalkedEntry[], void, undefined> {
  // An empty name creates a private file that SQLite removes as soon as it is open.
  const db = new Database('')
  try {
    db.exec('CREATE TABLE entry (path BLOB PRIMARY KEY, tuple TEXT NOT NULL) WITHOUT ROWID')
    const insert = db.prepare('INSERT OR REPLACE INTO entry VALUES (?, ?)')
    const insertAll = db.transaction((entries: readonly WalkedEntry[]) => {
      for (const walked of entries) insert.run(walked.entry.path.bytes, JSON.stringify(tupleOf(walked)))
    })
    for await (const batch of batches) insertAll(batch)
    let page: WalkedEntry[] = []
    const tuples = db.prepare('SELECT tuple FROM entry ORDER BY path').pluck().iterate()
    for (const tuple of tuples as IterableIterator<string>) {
      page.push(walkedOf(JSON.parse(tuple) as EntryTuple))
      if (page.length < BATCH_ENTRIES) continue
      yield page
      page = []
    }
    if (page.length > 0) yield page
  } finally {
    db.close()
  }
}
