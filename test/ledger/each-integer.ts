/**
 * A program for one test: of a sealed ledger it writes every integer column of every table anew with values that no run writes, past
 * types, checks and triggers, and asks verify and every reader about each. It says what it is at before it begins, so that whoever waits
 * can name what never ended. Arguments: ledger, folder, and tables to leave out.
 */
import { chmodSync, copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { LedgerDamaged } from '../../src/base/errors.ts'
import { TABLES } from '../../src/ledger/format/tables.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { Timeline } from '../../src/ledger/read/timeline.ts'
import { verifyLedger } from '../../src/ledger/verify/verify.ts'
import { drawn } from '../whole.ts'

type Db = InstanceType<typeof Database>

const NEGATIVE = ['negative', '-1'] as const

/** Of a column two are drawn: what is right for one is right for all of its type, and each is asked of many columns. */
const VALUES = [
  ['2^53', String(2n ** 53n)],
  ['2^63 - 1', String(2n ** 63n - 1n)],
  ['null', 'NULL'],
  ['text', "'seven'"],
  ['blob', "x'0102'"],
] as const

/** Of numbers of rows: circles, and what differs from another by less than a number tells. */
const OF_IDS = [
  ['least', String(-(2n ** 63n))],
  ['2^31', String(2n ** 31n)],
  ['2^53 + 1', String(2n ** 53n + 1n)],
  ['its own row', 'rowid'],
  ['the row behind', 'rowid + 1'],
  ['fraction', '0.5'],
] as const
const IDS = ['id', 'above', 'content', 'entry', 'parent', 'start']
const IN_FIRST_ROW_TOO: readonly string[] = ['negative', 'its own row', 'the row behind']

const [ledger, folder] = process.argv.slice(2) as [string, string]

interface SchemaRow {
  readonly type: string
  readonly name: string
  readonly sql: string | null
}

const bare = join(folder, 'bare.sqlite')
const schema = makeBare(ledger, bare)
const mutant = join(folder, 'mutant.sqlite')
const columns = [
  ...Object.values(TABLES).flatMap(({ name, columns: of }) =>
    ['batch', 'ordinal', ...of.filter(({ type }) => type === 'int').map((one) => one.name)].map(
      (column) => [name, column] as const,
    ),
  ),
  ['batch', 'batch'] as const,
  ['batch', 'rows'] as const,
]
for (const [number, [table, column]] of columns.entries())
  for (const [what, sql] of [
    NEGATIVE,
    ...drawn<readonly [string, string]>(VALUES, number, 2),
    ...(IDS.includes(column) ? OF_IDS : []),
  ])
    for (const row of IDS.includes(column) && IN_FIRST_ROW_TOO.includes(what) ? ['min', 'max'] : ['max']) {
      if (!write(table, column, sql, row)) continue
      say({ at: `${table}.${column} of the ${row} row: ${what}` })
      say({ ok: verifyLedger(mutant, { alone: true }).ok, read: readAll() })
    }
say({ columns: columns.length })

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** @returns what stopped a reader, or `whole` */
function readAll(): string {
  try {
    const reader = openLedger(mutant)
    try {
      for (const _ of reader.entries());
      for (const _ of reader.findings());
      for (const _ of reader.places());
      reader.summary()
      const timeline = new Timeline(mutant)
      try {
        for (const _ of timeline.rows());
      } finally {
        timeline.close()
      }
    } finally {
      reader.close()
    }
    return 'whole'
  } catch (error) {
    return error instanceof LedgerDamaged ? 'damaged' : String((error as Error).stack)
  }
}

/** A copy whose tables take any value: no types, no checks, no triggers. @returns the schema as it was */
function makeBare(from: string, to: string): readonly SchemaRow[] {
  copyFileSync(from, to)
  chmodSync(to, 0o600)
  const db = writable(to)
  const rows = db.prepare('SELECT type, name, sql FROM sqlite_schema').all() as SchemaRow[]
  db.exec("DELETE FROM sqlite_schema WHERE type = 'trigger'")
  const change = db.prepare('UPDATE sqlite_schema SET sql = ? WHERE type = ? AND name = ?')
  for (const { type, name, sql } of rows)
    if (type === 'table' && sql !== null) change.run(withoutChecks(sql), type, name)
  db.close()
  return rows
}

/** References go too: nothing is looked up while a row is changed. UNIQUE stays, which has indexes of its own. */
function withoutChecks(sql: string): string {
  return sql
    .replace(/ CHECK \((?:[^()]|\([^()]*\))*\)/g, '')
    .replace(/ REFERENCES \w+ \(\w+\)/g, '')
    .replace(/ NOT NULL/g, '')
    .replace(/(?<=\w"?) INTEGER(?! PRIMARY KEY)/g, '')
    .replace(/\) STRICT$/, ')')
}

/** @returns false where SQLite itself cannot hold the value: a row id is an integer */
function write(table: string, column: string, sql: string, row: string): boolean {
  copyFileSync(bare, mutant)
  for (const name of ['-wal', '-journal']) rmSync(`${mutant}${name}`, { force: true })
  const db = writable(mutant)
  try {
    const before = db.prepare(`SELECT * FROM ${table} ORDER BY rowid`).raw().safeIntegers()
    const was = JSON.stringify(before.all(), asText)
    try {
      db.exec(`UPDATE ${table} SET "${column}" = ${sql} WHERE rowid = (SELECT ${row}(rowid) FROM ${table})`)
    } catch (error) {
      if (!(error instanceof Database.SqliteError)) throw error
      return false
    }
    if (JSON.stringify(before.all(), asText) === was) return false
    const change = db.prepare('UPDATE sqlite_schema SET sql = ? WHERE type = ? AND name = ?')
    for (const { type, name, sql: text } of schema) if (type === 'table') change.run(text, type, name)
    const add = db.prepare('INSERT INTO sqlite_schema VALUES (?, ?, ?, 0, ?)')
    for (const { type, name, sql: text } of schema)
      if (type === 'trigger') add.run(type, name, / ON (\w+) /.exec(text!)![1], text)
    return true
  } finally {
    db.close()
  }
}

function writable(path: string): Db {
  const db = new Database(path)
  db.unsafeMode(true)
  db.pragma('journal_mode = OFF')
  db.pragma('synchronous = OFF')
  db.pragma('foreign_keys = OFF')
  db.pragma('writable_schema = ON')
  return db
}

function asText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
