/**
 * SQLite recovery by the areas of NIST's CFTT: rows that were deleted, in free blocks, free pages and the write-ahead log, and overwritten
 * ones. One table is a browser's, which this program reads; for the other it has no reader.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import Database from 'better-sqlite3'
import { CHROMIUM_SCHEMA } from '../../../fixtures/device/browsers.ts'
import type { Bench } from '../model/scenario.ts'
import { range } from './case.ts'
import { type GroupReader, type Planted, recordsOf, rowsOf, scanned } from './group.ts'
import { output, versionOf } from './readers.ts'
import type { CfttRow } from './row.ts'

const CASES = [
  ['SQ-live', 'rows that are live'],
  ['SQ-free-block', 'rows deleted here and there, their pages still of the table'],
  ['SQ-free-page', 'rows deleted, their pages free'],
  ['SQ-log', 'rows written and deleted in a write-ahead log that was not taken over'],
  ['SQ-overwritten', 'rows deleted, and as many written after them'],
] as const
type Id = (typeof CASES)[number][0]
export const SQLITE_CASES = CASES.map(([id]) => id)

export const SQLITE_READERS: readonly GroupReader[] = [
  { id: 'seized (SQLite)', way: 'sqlite', version: (bench) => bench.seized('--version').out.trim() },
  { id: 'sqlite3 .recover', way: 'sqlite', version: () => versionOf('sqlite3', ['--version']) },
]

const KINDS = ['known table', 'other table'] as const
type Kind = (typeof KINDS)[number]
const ROWS = 200
/** Each is a search of its own in the ledger: of the rows that are asked for an even sample. */
const MOST_ASKED = 8

export function sqliteRows(bench: Bench): CfttRow[] {
  const planted: Planted[] = []
  const recovered: string[] = []
  const found = new Set<string>()
  const hasSqlite = versionOf('sqlite3', ['--version']) !== null
  for (const [id, title] of CASES)
    for (const on of KINDS) {
      const folder = bench.at(`${id}-${KINDS.indexOf(on)}`)
      mkdirSync(folder, { recursive: true })
      const rows = made(`${folder}/History`, id, on)
      const bytes = ['History', 'History-wal'].flatMap((name) =>
        existsSync(`${folder}/${name}`) ? [readFileSync(`${folder}/${name}`)] : [],
      )
      const every = Math.ceil(rows.length / MOST_ASKED)
      const asked = rows
        .filter((_, n) => n % every === 0)
        .map((token) => ({
          ...{ case: id, title, on, token },
          isGone: !bytes.some((part) => part.includes(token)),
        }))
      planted.push(...asked, { case: id, title, on, token: tokenOf(id, on, 9999), isControl: true })
      const ledger = `${folder}.sqlite`
      scanned(bench, folder, ledger, '--text', '--basis', 'validation')
      const records = recordsOf(bench, ledger)
      for (const token of [...asked.map((one) => one.token), tokenOf(id, on, 9999)])
        if (records.includes(token) || bench.seized('search', ledger, token).code === 0) found.add(token)
      if (!hasSqlite) continue
      // Of a copy: a program that opens it takes the log over.
      const copy = `${folder}-copy`
      mkdirSync(copy, { recursive: true })
      for (const name of ['History', 'History-wal'])
        if (existsSync(`${folder}/${name}`)) copyFileSync(`${folder}/${name}`, `${copy}/${name}`)
      recovered.push(output('sqlite3', [`${copy}/History`, '.recover']).toString('utf8'))
    }
  const foundBy = new Map([['seized (SQLite)', ({ token }: Planted) => found.has(token)]])
  if (hasSqlite)
    foundBy.set('sqlite3 .recover', ({ token }) => recovered.some((text) => text.includes(token)))
  return rowsOf(planted, foundBy)
}

/** A word of letters, each once: case, table and number of a row. */
function tokenOf(id: Id, on: Kind, n: number): string {
  const letters = [...String(n)].map((digit) => 'bcdfghjklm'[Number(digit)]).join('')
  return `harbour${id.slice(3).replace('-', '')}${on.slice(0, 5)}${letters}quay`
}

/** @returns the words of the rows that are to be found */
function made(file: string, id: Id, on: Kind): string[] {
  const database = new Database(file)
  try {
    database.pragma('page_size = 1024')
    database.pragma('secure_delete = OFF')
    database.exec(CHROMIUM_SCHEMA)
    database.exec('CREATE TABLE notes(id INTEGER PRIMARY KEY, body TEXT)')
    const insert = database.prepare(
      on === 'known table'
        ? "INSERT INTO urls(id, url, title, last_visit_time, visit_count) VALUES(?, 'https://example.org/' || ? || '.html', 'A page', 13400000000000000, 1)"
        : "INSERT INTO notes(id, body) VALUES(?, 'A note about the ' || ? || ' and its boats')",
    )
    const table = on === 'known table' ? 'urls' : 'notes'
    const fill = (numbers: readonly number[]) => {
      for (const n of numbers) insert.run(n < 5000 ? n : n - 5000, tokenOf(id, on, n))
    }
    const words = (numbers: readonly number[]) => numbers.map((n) => tokenOf(id, on, n))
    const remove = (numbers: readonly number[]) => {
      for (const n of numbers) database.prepare(`DELETE FROM ${table} WHERE id = ?`).run(n)
    }
    if (id === 'SQ-log') {
      fill(range(20).map((n) => n + 1))
      database.pragma('journal_mode = WAL')
      database.pragma('wal_autocheckpoint = 0')
      const logged = range(40).map((n) => n + 100)
      fill(logged)
      remove(logged.slice(0, 30))
      // As the device would be found: closing takes the log over.
      for (const end of ['', '-wal']) copyFileSync(`${file}${end}`, `${file}.found${end}`)
      return words(logged)
    }
    const all = range(ROWS).map((n) => n + 1)
    fill(all)
    if (id === 'SQ-live') return words(all)
    const gone = id === 'SQ-free-page' ? all.slice(20, 180) : all.filter((n) => n % 8 === 0)
    remove(gone)
    if (id === 'SQ-overwritten') fill(gone.map((n) => n + 5000))
    return words(gone)
  } finally {
    database.close()
    if (existsSync(`${file}.found`))
      for (const end of ['', '-wal']) renameSync(`${file}.found${end}`, `${file}${end}`)
  }
}
