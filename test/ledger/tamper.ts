/** Ways to change a sealed ledger behind its back, as somebody with the file and SQLite would. */

import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync } from 'node:fs'
import Database from 'better-sqlite3'

type Db = Database.Database

/** A writable copy beside the original. */
export function copyOf(path: string, name: string): string {
  const copy = `${path}.${name}.sqlite`
  copyFileSync(path, copy)
  chmodSync(copy, 0o644)
  return copy
}

/** Runs `change` with every trigger and check taken away, and puts the triggers back word for word. */
export function behindTriggers(path: string, change: (db: Db) => void): void {
  const db = new Database(path)
  db.pragma('synchronous = OFF')
  db.pragma('journal_mode = MEMORY')
  db.pragma('foreign_keys = OFF')
  db.pragma('ignore_check_constraints = ON')
  db.exec('BEGIN')
  const triggers = db
    .prepare("SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all() as {
    name: string
    tbl_name: string
    sql: string
  }[]
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`)
  change(db)
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()
  for (const { sql, tbl_name } of triggers) if (tables.includes(tbl_name)) db.exec(sql)
  db.exec('COMMIT')
  db.close()
}

/** Everything that SQL can see of a file, by hand and independent of the ledger's own code; null when SQLite refuses. */
export function dump(path: string): string | null {
  let db: Db | null = null
  try {
    db = new Database(path, { readonly: true })
    const hash = createHash('sha256')
    const schema = db
      .prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name')
      .raw()
      .all()
    hash.update(JSON.stringify(schema))
    const tables = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .pluck()
      .all()
    for (const table of tables) {
      const columns = db.prepare(`SELECT name FROM pragma_table_info(?)`).pluck().all(table) as string[]
      const cells = columns.map((column) => `typeof("${column}"), hex("${column}")`).join(', ')
      hash.update(JSON.stringify(db.prepare(`SELECT ${cells} FROM "${table}" ORDER BY rowid`).raw().all()))
    }
    hash.update(String(db.pragma('application_id', { simple: true })))
    hash.update(String(db.pragma('user_version', { simple: true })))
    return hash.digest('hex')
  } catch {
    // Unreadable for SQL: no dump at all is certainly no identical dump.
    return null
  } finally {
    db?.close()
  }
}
