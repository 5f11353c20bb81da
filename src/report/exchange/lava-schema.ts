/** The tables of `_lava_artifacts.db`, schema 2, and the names that its writer makes of headings. */

/** As its writer makes them (MIT licence, © Alexis Brignoni and contributors). */
export const LAVA_SCHEMA: readonly string[] = [
  `CREATE TABLE _artifact_search_patterns (id INTEGER PRIMARY KEY, module_name TEXT NOT NULL, artifact_name TEXT NOT NULL,
    regex TEXT NOT NULL)`,
  'CREATE TABLE _file_path_list (id INTEGER PRIMARY KEY, file_path TEXT NOT NULL)',
  `CREATE TABLE _artifact_pattern_to_file (id INTEGER PRIMARY KEY, artifact_search_pattern_id INTEGER NOT NULL,
    file_path_id INTEGER NOT NULL,
    FOREIGN KEY (artifact_search_pattern_id) REFERENCES _artifact_search_patterns(id),
    FOREIGN KEY (file_path_id) REFERENCES _file_path_list(id))`,
  `CREATE TABLE _lava_media_items (id TEXT PRIMARY KEY, source_path TEXT, extraction_path TEXT, type TEXT, metadata TEXT,
    created_at INTEGER, updated_at INTEGER, is_embedded INTEGER)`,
  `CREATE TABLE _lava_media_references (id TEXT PRIMARY KEY, media_item_id TEXT, module_name TEXT, artifact_name TEXT,
    name TEXT, FOREIGN KEY (media_item_id) REFERENCES _lava_media_items(id))`,
  `CREATE VIEW _lava_media_info AS SELECT lmr.id as 'media_ref_id', lmr.media_item_id, lmr.module_name, lmr.artifact_name,
    lmr.name, lmi.source_path, lmi.extraction_path, lmi.type, lmi.metadata, lmi.created_at, lmi.updated_at, lmi.is_embedded
    FROM _lava_media_references as lmr LEFT JOIN _lava_media_items as lmi ON lmr.media_item_id = lmi.id`,
]

/**
 * A heading, and what the column holds: `datetime` seconds since 1970, which the viewer shows as a time; `integer` numbers, which it
 * then sorts as such.
 */
export type LavaColumn = readonly [title: string, type?: 'datetime' | 'integer']

/** @returns the name of a column: lower case, blanks as underscores, other signs dropped */
export function lavaColumn(title: string): string {
  const name = title
    .replace(/[^\w\s]/g, '')
    .replace(/\s+/g, '_')
    .toLowerCase()
  return /^[a-z_]/.test(name) ? name : `_${name}`
}

export function lavaTable(name: string, columns: readonly LavaColumn[]): string {
  const types = columns.map(
    ([title, type]) => `"${lavaColumn(title)}" ${type === undefined ? 'TEXT' : 'INTEGER'}`,
  )
  return `CREATE TABLE "${name}" (${types.join(', ')})`
}
