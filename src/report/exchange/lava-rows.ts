/**
 * Paths that a LEAPP run names: of the media that its rows refer to, of cells that are paths, and of the files that an artifact
 * was read from. Contents of cells go nowhere: a row is named by table and number.
 * @see https://github.com/abrignoni/iLEAPP scripts/lavafuncs.py at 423798fa539d, LAVA_SCHEMA_VERSION 2
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { UsageError } from '../../base/errors.ts'

/** A place of a run that names a path. */
export interface LavaRow {
  readonly module: string
  readonly artifact: string
  readonly table: string
  /** Number of the row (rowid); null: the artifact as a whole was read from the file. */
  readonly row: number | null
  readonly column: string
  /** `file`: the artifact was read from it. `media`: the row refers to it. `cell`: text of a cell that may be a path. */
  readonly as: 'file' | 'media' | 'cell'
  /** As the run writes it, without a leading slash. */
  readonly path: string
}

interface Artifact {
  readonly name: string
  readonly module: string
  readonly table: string
  readonly sources: string
}

/** @param given the folder of a run, or its `_lava_artifacts.db` @throws UsageError when it is neither */
export function lavaFiles(given: string): { readonly database: string; readonly manifest: string } {
  if (!existsSync(given)) throw new UsageError(`${given} is not there.`)
  const database = statSync(given).isDirectory() ? join(given, '_lava_artifacts.db') : given
  if (!existsSync(database))
    throw new UsageError(`${given} holds no _lava_artifacts.db: it is no folder of a LEAPP run.`)
  return { database, manifest: join(dirname(database), '_lava_data.lava') }
}

/** @throws UsageError when the files are not those of a LEAPP run */
export function lavaRows(given: string): readonly LavaRow[] {
  const { database: file, manifest } = lavaFiles(given)
  const database = new Database(file, { readonly: true })
  try {
    const tables = tablesOf(database, file)
    if (!tables.includes('_lava_media_references'))
      throw new UsageError(`${file} has no table _lava_media_references: it is not of LAVA's schema 2.`)
    const media = mediaPaths(database)
    const { artifacts, pathOf } = runOf(manifest)
    return artifactsOf(artifacts, tables).flatMap((artifact) => rowsOf(database, artifact, media, pathOf))
  } finally {
    database.close()
  }
}

function tablesOf(database: Database.Database, file: string): readonly string[] {
  try {
    return database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .pluck()
      .all() as string[]
  } catch (cause) {
    throw new UsageError(`${file} could not be read as a database (${(cause as Error).message}).`, { cause })
  }
}

/** Path on the exhibit by the id that stands in cells; media that a run took out of a database have none. */
function mediaPaths(database: Database.Database): ReadonlyMap<string, string> {
  const rows = database
    .prepare<[], { id: string; path: string }>(
      `SELECT r.id, i.source_path AS path FROM _lava_media_references r JOIN _lava_media_items i ON i.id = r.media_item_id
       WHERE i.source_path <> '' AND coalesce(i.is_embedded, 0) = 0`,
    )
    .all()
  return new Map(rows.map(({ id, path }) => [id, path]))
}

/** Of the manifest; every other table is an artifact of its own name. */
function artifactsOf(known: readonly Artifact[], tables: readonly string[]): readonly Artifact[] {
  const named = new Set(known.map(({ table }) => table))
  const others = tables.filter(
    (name) => !name.startsWith('_') && !name.startsWith('sqlite_') && !named.has(name),
  )
  return [
    ...known.filter(({ table }) => tables.includes(table)),
    ...others.map((table) => ({ name: table, module: '', table, sources: '' })),
  ]
}

interface Run {
  readonly artifacts: readonly Artifact[]
  readonly pathOf: (text: string) => string
}

/** What the manifest says of the run; nothing, where none lies beside. */
function runOf(manifest: string): Run {
  if (!existsSync(manifest)) return { artifacts: [], pathOf: bare }
  let value: Readonly<Record<string, unknown>> & {
    readonly artifacts?: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>
  }
  try {
    value = JSON.parse(readFileSync(manifest, 'utf8'))
  } catch (cause) {
    throw new UsageError(`${manifest} could not be read as JSON (${(cause as Error).message}).`, { cause })
  }
  const text = (one: unknown) => (typeof one === 'string' ? one : '')
  const artifacts = Object.values(value.artifacts ?? {})
    .flat()
    .map((one) => ({
      name: text(one.name),
      module: text(one.module),
      table: text(one.tablename),
      sources: text(one.source_path),
    }))
  return { artifacts, pathOf: pathsOfRun(text(value.param_input), text(value.param_output)) }
}

/**
 * A run on a folder names media by their place on the machine that it ran on, and one on Windows with its separators. What is below
 * the input, or below the run's own copies, is the path on the exhibit.
 */
function pathsOfRun(input: string, output: string): Run['pathOf'] {
  const isWindows = [input, output].some((path) => /^(?:[A-Za-z]:|\\)\\/.test(path))
  const slashed = (path: string) => (isWindows ? path.replaceAll('\\', '/') : path)
  const roots = [
    ...(output === '' ? [] : [`${slashed(output).replace(/\/+$/, '')}/data/`]),
    ...(input === '' ? [] : [`${slashed(input).replace(/\/+$/, '')}/`]),
  ].filter((root) => /^(?:[A-Za-z]:)?\/./.test(root))
  return (path) => {
    const plain = slashed(path)
    const root = roots.find((one) => plain.startsWith(one))
    return bare(root === undefined ? plain : plain.slice(root.length))
  }
}

function rowsOf(
  database: Database.Database,
  { name, module, table, sources }: Artifact,
  media: ReadonlyMap<string, string>,
  pathOf: Run['pathOf'],
): readonly LavaRow[] {
  const of = { module, artifact: name, table }
  const pathsIn = (text: string): readonly string[] =>
    text.split('\n').flatMap((line) => (isPath(line) || isPath(pathOf(line)) ? [pathOf(line)] : []))
  const found: LavaRow[] = pathsIn(sources).map((path) => ({
    ...of,
    row: null,
    column: '',
    as: 'file',
    path,
  }))
  const quoted = `"${table.replaceAll('"', '""')}"`
  const rows = database.prepare(`SELECT rowid AS "row of run", * FROM ${quoted}`).iterate()
  for (const row of rows as IterableIterator<Record<string, unknown>>)
    for (const [column, cell] of Object.entries(row)) {
      if (typeof cell !== 'string') continue
      const number = Number(row['row of run'])
      const medium = media.get(cell)
      const paths = medium === undefined ? pathsIn(cell) : [pathOf(medium)]
      const as = medium === undefined ? 'cell' : 'media'
      for (const path of paths) found.push({ ...of, row: number, column, as, path })
    }
  return found
}

const MOST_PATH = 4096

/** A cell can be any text: one with a slash and no colon before it, short enough for a path, is asked for on the exhibit. */
function isPath(text: string): boolean {
  return text.length <= MOST_PATH && /^[^\s:][^:\0]*\/[^/\0]+$/.test(text)
}

function bare(path: string): string {
  return path.replace(/^(\.?\/)+/, '')
}
