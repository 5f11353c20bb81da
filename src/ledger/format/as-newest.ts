/**
 * Shows ledgers of earlier formats in the newest format, so that readers use one query for every version.
 *
 * Temporary views of the reading connection hide the tables of the same names. Missing tables are replaced by empty
 * tables.
 * An entry of formats 1 and 2 holds its whole path: the view shows it as one name under the exhibit, step `path`.
 */
import { type Db, FORMAT_VERSION, schemaSql } from './database.ts'
import { ADDED_IN_4, tablesOf } from './tables-of.ts'

/** Step of an entry whose name is its whole evidence path. */
export const WHOLE_PATH = 'path'

/** Call this before any other query on an open file. Never call it on a file that is being written. */
export function showAsNewest(db: Db): void {
  const version = db.pragma('user_version', { simple: true }) as number
  if (version < 1 || version >= FORMAT_VERSION) return
  const there = db.prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table'").pluck().all()
  for (const [name, columns] of Object.entries({ ...withAddedIn4(), ...(version < 3 ? VIEWS : {}) }))
    if (there.includes(name))
      db.exec(`CREATE TEMP VIEW ${name} AS SELECT rowid AS rowid, ${columns} FROM main.${name}`)
  const schema = schemaSql()
  for (const [, sql, name] of schema.matchAll(/^(CREATE TABLE (\w+) [^;]*;)/gm))
    if (!there.includes(name!))
      db.exec(sql!.replace('CREATE TABLE', 'CREATE TEMP TABLE').replace(/ REFERENCES \w+ \(\w+\)/g, ''))
  for (const [, name, column] of schema.matchAll(/^ALTER TABLE (\w+) (ADD COLUMN [^;]*;)/gm))
    if (!there.includes(name!)) db.exec(`ALTER TABLE temp.${name} ${column}`)
}

/** Tables as version 3 had them, with null in the columns that version 4 added. */
function withAddedIn4(): Readonly<Record<string, string>> {
  const views = tablesOf(3)
    .filter(({ name }) => name in ADDED_IN_4)
    .map(({ name, columns }) => {
      const had = ['batch', 'ordinal', ...columns.map((column) => column.name)]
      return [name, [...had, ...ADDED_IN_4[name]!.map((column) => `NULL AS ${column}`)].join(', ')]
    })
  return Object.fromEntries(views)
}

/** In formats 1 and 2, details were sentences, and attributes were a name and a text. */
const detail = (before = '') => `
  iif(${before}detail IS NULL, NULL, 'text') AS ${before}detail_code,
  iif(${before}detail IS NULL, NULL, json_object('text', ${before}detail)) AS ${before}detail_params`
const ATTRIBUTE = `name AS code, json_object('text', value) AS params,
  NULL AS time_s, NULL AS time_ns, NULL AS time_basis`

/** Of formats 1 and 2. */
const VIEWS: Readonly<Record<string, string>> = {
  content: `batch, ordinal, id, sha256, md5, sha1, blake3, ed2k_red, ed2k_blue, size, media_type, applicable,
    matched_result, matched_reason, ${detail('matched_')}, suppressed_by`,
  entry: `batch, ordinal, id, 0 AS above, '${WHOLE_PATH}' AS step, path AS name, steps AS depth, kind, size, allocated,
    modified_s, modified_ns, changed_s, changed_ns, accessed_s, accessed_ns, born_s, born_ns, time_basis,
    device, inode, links, mode, uid, gid, link_target, band, NULL AS volume, 'live' AS status, NULL AS basis, NULL AS record,
    NULL AS sequence, NULL AS position, NULL AS located, NULL AS notes, parent, parent_stage,
    walk_result, walk_reason, ${detail('walk_')}`,
  reading: `batch, ordinal, entry, result, reason, ${detail()}, bytes_read, content`,
  examination: `batch, ordinal, content, stage, result, reason, ${detail()}`,
  attribute: `batch, ordinal, content, stage, ${ATTRIBUTE}`,
  entry_attribute: `batch, ordinal, entry, ${ATTRIBUTE}`,
  seal: 'batch, ordinal, id, utc, evidence_digest, analysis_digest, NULL AS inventory_digest, summary',
}
