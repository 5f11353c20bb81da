/**
 * Bookmarks of IPED and tags of Autopsy as grades: of the person who imports them alone, where the file names persons.
 *
 * A bookmark is no category: the agency's own table says which category each name stands for, and names that are not in it
 * are passed over and counted. IPED's own file (`bookmarks.iped`) is a serialised object of its program and is not read: its
 * table of files (`FileList.csv`) and the table that a person exports hold the bookmarks by name.
 * @see https://github.com/sepinf-inc/IPED ExportCSVTask.java, CopyProperties.java
 * @see https://github.com/sleuthkit/sleuthkit CaseDatabaseFactory.java (tables `content_tags`, `tag_names`, `tsk_examiners`)
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import Database from 'better-sqlite3'
import { parse } from 'csv-parse/sync'
import { UsageError } from '../../base/errors.ts'
import { fileSha256 } from '../../base/file-digest.ts'
import type { Grade, Grades } from './grade.ts'

/** Categories by the name of a bookmark or tag. */
export type BookmarkCategories = Readonly<Record<string, string>>

/** A grade, and where the other tool names its content: for contents of which it made no digest. */
export interface Bookmarked {
  readonly line: number
  readonly digests: Grade['digests']
  readonly place: NonNullable<Grade['place']>
  readonly name: string
  readonly note: string
}

interface Read {
  readonly format: string
  readonly tool: string
  readonly marked: readonly Bookmarked[]
  readonly passedOver: Readonly<Record<string, number>>
}

/** Of `FileList.csv`, in the languages of IPED; a table that a person exports has the first in capitals. */
const BOOKMARK_COLUMNS = ['bookmark', 'marcador', 'lesezeichen', 'segnalibro', 'segnalibri', 'favori']
const PATH_COLUMNS = ['path', 'caminho', 'ruta', 'percorso', 'pfad', 'emplacement']
const SIZE_COLUMNS = ['size', 'tamanho', 'tamaño', 'dimensione', 'größe', 'taille']
const HEAD_BYTES = 4096

/** Null where the file has no bookmarks of these tools. @throws UsageError when it has and cannot be read */
export async function readBookmarks(
  file: string,
  operator: string,
  categories: BookmarkCategories | undefined,
): Promise<Grades | null> {
  const read = isAutopsy(file) ? autopsyTags(file, operator) : ipedTable(file)
  if (read === null) return null
  // A case of Autopsy can be larger than a buffer.
  const sha256 = await fileSha256(file)
  const names = [...new Set(read.marked.map(({ name }) => name))].sort()
  if (categories === undefined)
    throw new UsageError(
      `${file} holds bookmarks, which are no categories: ${names.map((name) => JSON.stringify(name)).join(', ') || 'none of this person'}. Name the category of each with --bookmarks FILE, for example {"${names[0] ?? 'Notable Item'}": "1"}.`,
    )
  const passedOver: Record<string, number> = { ...read.passedOver }
  const grades = read.marked.flatMap(({ line, digests, place, name, note }): Grade[] => {
    if (Object.hasOwn(categories, name))
      return [{ line, digests, place, category: categories[name]!, scale: null, note: note || `“${name}”` }]
    const why = `it is bookmarked ${JSON.stringify(name)}, which --bookmarks does not name`
    passedOver[why] = (passedOver[why] ?? 0) + 1
    return []
  })
  const { format, tool } = read
  return { sha256, format, tool, grades, passedOver, problems: [] }
}

/** @throws UsageError when it is no object of texts */
export function readBookmarkCategories(file: string): BookmarkCategories {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new UsageError(`--bookmarks ${file} could not be read as JSON (${(cause as Error).message}).`, {
      cause,
    })
  }
  const isTable =
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((one) => typeof one === 'string')
  if (!isTable)
    throw new UsageError(
      `--bookmarks ${file} is no object of names and categories, for example {"Notable Item": "1"}.`,
    )
  return value as BookmarkCategories
}

function headOf(file: string): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  try {
    const fd = openSync(file, 'r')
    try {
      return head.subarray(0, readSync(fd, head))
    } finally {
      closeSync(fd)
    }
  } catch (cause) {
    throw new UsageError(`${file} could not be read (${(cause as NodeJS.ErrnoException).code}).`, { cause })
  }
}

function isAutopsy(file: string): boolean {
  return headOf(file).toString('latin1', 0, 15) === 'SQLite format 3'
}

function ipedTable(file: string): Read | null {
  const [first = ''] = headOf(file)
    .toString()
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/, 1)
  const delimiter = first.includes('";"') ? ';' : ','
  const names = first.split(delimiter).map((name) => name.replaceAll('"', '').trim().toLowerCase())
  const bookmark = names.findIndex((name) => BOOKMARK_COLUMNS.includes(name))
  const at = (any: readonly string[]) => names.findIndex((name) => any.includes(name))
  if (bookmark === -1 || at(PATH_COLUMNS) === -1) return null
  const bytes = readFileSync(file)
  const columns = {
    hash: [['md5'], ['sha1', 'sha-1'], ['sha256', 'sha-256'], ['hash']]
      .map(at)
      .filter((column) => column !== -1),
    path: at(PATH_COLUMNS),
    size: at(SIZE_COLUMNS),
  }
  let rows: string[][]
  try {
    rows = parse(bytes, { bom: true, delimiter, relax_column_count: true, from_line: 2 }) as string[][]
  } catch (cause) {
    throw new UsageError(`${file} is no CSV: ${(cause as Error).message}.`, { cause })
  }
  let without = 0
  const marked = rows.flatMap((row, i): Bookmarked[] => {
    const all = (row[bookmark] ?? '').split(' | ').filter((name) => name !== '')
    if (all.length === 0) without++
    const digests = digestsOf(columns.hash.map((column) => row[column] ?? ''))
    const place = { path: withoutSource(row[columns.path] ?? ''), sizeBytes: sizeIn(row[columns.size]) }
    return all.map((name) => ({ line: i + 2, digests, place, name, note: '' }))
  })
  return {
    format: 'iped',
    tool: 'IPED',
    marked,
    passedOver: without > 0 ? { 'it has no bookmark': without } : {},
  }
}

/** A path of IPED begins with the name of the source and, of an image, the volume as The Sleuth Kit calls it. */
function withoutSource(path: string): string {
  const steps = path.split('/').filter((step) => step !== '')
  return steps.slice(/^vol_/.test(steps[1] ?? '') ? 2 : 1).join('/')
}

function sizeIn(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null
}

const ALGORITHM_OF: Readonly<Record<number, string>> = { 32: 'md5', 40: 'sha1', 64: 'sha256' }

function digestsOf(written: readonly (string | null)[]): Grade['digests'] {
  return Object.fromEntries(
    written.flatMap((one) => {
      const hex = (one ?? '').toLowerCase()
      const name = /^[0-9a-f]+$/.test(hex) ? ALGORITHM_OF[hex.length] : undefined
      return name === undefined ? [] : [[name, hex]]
    }),
  )
}

interface TagRow {
  readonly id: number
  readonly tag: string
  readonly comment: string
  readonly login: string | null
  readonly person: string | null
  readonly md5: string | null
  readonly sha1?: string | null
  readonly sha256: string | null
  readonly size: number | null
  readonly folder: string | null
  readonly name: string | null
}

/** @throws UsageError when it is a database of another program, or of examiners among whom the named person is not */
function autopsyTags(file: string, operator: string): Read | null {
  const database = new Database(file, { readonly: true })
  try {
    const tables = new Set(
      database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all(),
    )
    if (!['content_tags', 'tag_names', 'tsk_files', 'tsk_examiners'].every((name) => tables.has(name)))
      throw new UsageError(`${file} is an SQLite database, and not of a case of Autopsy.`)
    const columns = database.prepare("SELECT name FROM pragma_table_info('tsk_files')").pluck().all()
    const digests = ['md5', 'sha1', 'sha256'].map((name) =>
      columns.includes(name) ? `f.${name}` : `NULL AS ${name}`,
    )
    const rows = database
      .prepare<[], TagRow>(
        `SELECT t.tag_id AS id, n.display_name AS tag, t.comment, e.login_name AS login, e.display_name AS person,
           ${digests.join(', ')}, f.size, f.parent_path AS folder, f.name
         FROM content_tags t JOIN tag_names n USING (tag_name_id) LEFT JOIN tsk_examiners e USING (examiner_id)
         LEFT JOIN tsk_files f ON f.obj_id = t.obj_id ORDER BY t.tag_id`,
      )
      .all()
    const artifacts = tables.has('blackboard_artifact_tags')
      ? (database.prepare('SELECT count(*) FROM blackboard_artifact_tags').pluck().get() as number)
      : 0
    const isHis = ({ login, person }: TagRow) => login === operator || person === operator
    const mine = rows.filter(isHis)
    if (rows.length > 0 && mine.length === 0)
      throw new UsageError(
        `${file} holds no tag of ${operator}. Its examiners are ${[...new Set(rows.map(({ login, person }) => person ?? login ?? 'not named'))].join(', ')}.`,
      )
    const passed = {
      'another person tagged it': rows.length - mine.length,
      'it tags no file': mine.filter(({ name }) => name === null).length,
      'it tags an artifact of the other tool': artifacts,
    }
    return {
      format: 'autopsy',
      tool: 'Autopsy',
      marked: mine.filter(({ name }) => name !== null).map(taggedOf),
      passedOver: Object.fromEntries(Object.entries(passed).filter(([, count]) => count > 0)),
    }
  } finally {
    database.close()
  }
}

function taggedOf({ id, tag, comment, md5, sha1, sha256, size, folder, name }: TagRow): Bookmarked {
  const path = `${folder ?? ''}${name}`.replace(/^\/+/, '')
  return {
    line: id,
    digests: digestsOf([md5, sha1 ?? null, sha256]),
    place: { path, sizeBytes: size },
    name: tag,
    note: comment,
  }
}
