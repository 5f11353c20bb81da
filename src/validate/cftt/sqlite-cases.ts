/**
 * SQLite recovery by the areas of NIST's CFTT: visits of a browser that were deleted, in free blocks, free pages and the write-ahead log,
 * overwritten ones, and rows of a table that this program has no reader for.
 */
import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs'
import Database from 'better-sqlite3'
import { CHROMIUM_SCHEMA } from '../../../fixtures/device/browsers.ts'
import type { Bench } from '../model/scenario.ts'
import { range } from './case.ts'
import { type GroupReader, type Planted, recordsOf, rowsOf } from './group.ts'
import { output, versionOf } from './readers.ts'
import type { CfttRow } from './run.ts'

const CASES = [
  ['SQ-live', 'rows that are live'],
  ['SQ-free-block', 'rows deleted, their page still of the table'],
  ['SQ-free-page', 'rows deleted, their pages free'],
  ['SQ-log', 'rows written and deleted in a write-ahead log that was not taken over'],
  ['SQ-overwritten', 'rows deleted, and as many written after them'],
] as const
export const SQLITE_CASES = CASES.map(([id]) => id)

export const SQLITE_READERS: readonly GroupReader[] = [
  { id: 'seized (SQLite)', way: 'sqlite', version: (bench) => bench.seized('--version').out.trim() },
  { id: 'sqlite3 .recover', way: 'sqlite', version: () => versionOf('sqlite3', ['--version']) },
]

const KINDS = ['known table', 'other table'] as const
const ROWS = 200

export function sqliteRows(bench: Bench): CfttRow[] {
  const planted: Planted[] = []
  const outputs: string[] = []
  const ours: string[] = []
  const hasSqlite = versionOf('sqlite3', ['--version']) !== null
  for (const [id, title] of CASES)
    for (const on of KINDS) {
      const folder = bench.at(`${id}-${KINDS.indexOf(on)}`)
      mkdirSync(folder, { recursive: true })
      for (const token of made(`${folder}/History`, id, on)) planted.push({ case: id, title, on, token })
      planted.push({ case: id, title, on, token: addressOf(id, on, 9999), isControl: true })
      // Before another program opens it: that would take the log over.
      const ledger = `${folder}.sqlite`
      bench.scan(folder, ledger, '--phases', 'inventory,known', '--text', '--basis', 'validation')
      ours.push(recordsOf(bench, ledger))
      if (!hasSqlite) continue
      const copy = `${folder}-copy`
      mkdirSync(copy, { recursive: true })
      for (const name of ['History', 'History-wal'])
        if (id === 'SQ-log' || name === 'History') copyFileSync(`${folder}/${name}`, `${copy}/${name}`)
      outputs.push(output('sqlite3', [`${copy}/History`, '.recover']).toString('utf8'))
    }
  // The last character ends an address: one is never the beginning of another.
  const found = new Map([
    ['seized (SQLite)', ({ token }: Planted) => ours.some((text) => text.includes(token))],
  ])
  if (hasSqlite) found.set('sqlite3 .recover', ({ token }) => outputs.some((text) => text.includes(token)))
  return rowsOf(planted, found)
}

function addressOf(id: string, on: string, n: number): string {
  return `https://${id.toLowerCase()}.example/${KINDS.indexOf(on as (typeof KINDS)[number])}/page-${n}.html`
}

/** @returns the addresses that are to be found */
function made(file: string, id: (typeof CASES)[number][0], on: (typeof KINDS)[number]): string[] {
  const database = new Database(file)
  try {
    database.pragma('page_size = 1024')
    database.pragma('secure_delete = OFF')
    database.exec(CHROMIUM_SCHEMA)
    database.exec('CREATE TABLE notes(id INTEGER PRIMARY KEY, body TEXT)')
    const insert = database.prepare(
      on === 'known table'
        ? "INSERT INTO urls(id, url, title, last_visit_time, visit_count) VALUES(?, ?, 'A page', 13400000000000000, 1)"
        : 'INSERT INTO notes(id, body) VALUES(?, ?)',
    )
    const table = on === 'known table' ? 'urls' : 'notes'
    const fill = (from: number, to: number) => {
      for (const n of range(to - from)) insert.run(from + n, addressOf(id, on, from + n))
    }
    const addresses = (from: number, to: number) => range(to - from).map((n) => addressOf(id, on, from + n))
    if (id === 'SQ-log') {
      fill(1, 20)
      database.pragma('journal_mode = WAL')
      database.pragma('wal_autocheckpoint = 0')
      fill(100, 140)
      database.prepare(`DELETE FROM ${table} WHERE id BETWEEN 100 AND 129`).run()
      // A copy, as the device would be found: closing takes the log over.
      copyFileSync(file, `${file}.found`)
      copyFileSync(`${file}-wal`, `${file}.found-wal`)
      return addresses(100, 140)
    }
    fill(1, ROWS)
    if (id === 'SQ-live') return addresses(1, ROWS)
    const [from, to] = id === 'SQ-free-page' ? [20, 180] : [60, 70]
    database.prepare(`DELETE FROM ${table} WHERE id BETWEEN ? AND ?`).run(from, to - 1)
    if (id === 'SQ-overwritten')
      for (const n of range(to - from)) insert.run(from + n, addressOf(id, on, 5000 + n))
    // What was overwritten is not asked for: the new rows are.
    return id === 'SQ-overwritten'
      ? range(to - from).map((n) => addressOf(id, on, 5000 + n))
      : addresses(from, to)
  } finally {
    database.close()
    restored(file)
  }
}

function restored(file: string): void {
  if (!existsSync(`${file}.found`)) return
  renameSync(`${file}.found`, file)
  renameSync(`${file}.found-wal`, `${file}-wal`)
}
