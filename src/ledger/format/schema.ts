/**
 * Checks that a file has exactly the tables of its format, word for word. The check runs before any other query: a
 * view, a trigger or a virtual table in place of a table can run any SQL of its author, for any length of time.
 */
import Database from 'better-sqlite3'
import { LedgerDamaged } from '../../base/errors.ts'
import { APPLICATION_ID, type Db, isKnownVersion, schemaSql } from './database.ts'

type Schema = ReadonlyMap<string, string>

const models = new Map<string, Schema>()

/**
 * One clause for each difference; empty when there is none. @param expectedSql SQL statements that create an empty
 * file
 */
export function schemaDifferences(db: Db, expectedSql: string): readonly string[] {
  const expected = modelOf(expectedSql)
  const found = schemaOf(db)
  return [
    ...[...expected]
      .filter(([name, sql]) => found.get(name) !== sql)
      .map(([name]) => `${name} is ${found.has(name) ? 'another' : 'missing'}`),
    ...[...found.keys()].filter((name) => !expected.has(name)).map((name) => `${name} was added`),
  ]
}

/**
 * Checks only a file whose header states a known ledger format. {@link requireLedger} reports every other file.
 * @throws LedgerDamaged
 */
export function requireSchema(db: Db, path: string): void {
  const version = db.pragma('user_version', { simple: true }) as number
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID || !isKnownVersion(version)) return
  const [difference] = schemaDifferences(db, schemaSql(version))
  if (difference !== undefined)
    throw new LedgerDamaged(
      `${path}: the schema was changed: ${difference}; nothing more is asked of this file`,
    )
}

/** Spares {@link requireSchema} the making of a second empty file, where this process has just made one of the newest format. */
export function rememberSchema(made: Db): void {
  models.set(schemaSql(made.pragma('user_version', { simple: true }) as number), schemaOf(made))
}

function modelOf(sql: string): Schema {
  const known = models.get(sql)
  if (known) return known
  const db = new Database(':memory:')
  try {
    db.exec(sql)
    const made = schemaOf(db)
    models.set(sql, made)
    return made
  } finally {
    db.close()
  }
}

function schemaOf(db: Db): Schema {
  const rows = db.prepare('SELECT type, name, tbl_name, sql FROM main.sqlite_schema').all() as {
    type: string
    name: string
    tbl_name: string
    sql: string | null
  }[]
  return new Map(rows.map((row) => [`${row.type} ${row.name} of ${row.tbl_name}`, row.sql ?? '']))
}
