/**
 * A table of an agency's own judgements: a column `path`, one column per judged label (1, 0, or empty for not judged),
 * and columns `group:NAME` with the group of an item.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isAbsolute, normalize, sep } from 'node:path'
import { parse } from 'csv-parse/sync'
import { UsageError } from '../base/errors.ts'

export interface LabelTable {
  /** Of the file. */
  readonly sha256: string
  readonly labels: readonly string[]
  /** Names of groups, without `group:`. */
  readonly groups: readonly string[]
  readonly rows: readonly LabelledItem[]
}

export interface LabelledItem {
  /** Below the folder of the exhibit. */
  readonly path: string
  readonly truth: ReadonlyMap<string, boolean>
  /** Value by name of the group; groups with an empty cell are left out. */
  readonly groups: ReadonlyMap<string, string>
}

const GROUP = 'group:'

/** @throws UsageError when the table cannot be used; no item is read then */
export function readLabels(path: string): LabelTable {
  const { records, sha256 } = recordsOf(path)
  const [header, ...lines] = records
  const labels = header?.filter((name) => name !== 'path' && !name.startsWith(GROUP)) ?? []
  if (!header?.includes('path') || labels.length === 0)
    throw new UsageError(
      `The table of labels ${path} needs a first line with “path” and at least one label, for example: path,explicit`,
    )
  if (new Set(header).size < header.length)
    throw new UsageError(`The table of labels ${path} has two columns of one name.`)
  if (lines.length === 0) throw new UsageError(`The table of labels ${path} has no rows.`)
  return {
    sha256,
    labels,
    groups: header.filter((name) => name.startsWith(GROUP)).map((name) => name.slice(GROUP.length)),
    rows: lines.map((line, i) => itemOf(header, line, `Row ${i + 2} of ${path}`)),
  }
}

function recordsOf(path: string): { readonly records: string[][]; readonly sha256: string } {
  try {
    const bytes = readFileSync(path)
    return {
      records: parse(bytes, { bom: true, skip_empty_lines: true }),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    }
  } catch (error) {
    throw new UsageError(`The table of labels ${path} could not be read (${(error as Error).message}).`, {
      cause: error,
    })
  }
}

function itemOf(header: readonly string[], line: readonly string[], where: string): LabelledItem {
  const truth = new Map<string, boolean>()
  const groups = new Map<string, string>()
  for (const [column, name] of header.entries()) {
    const value = line[column]!
    if (name === 'path' || value === '') continue
    if (name.startsWith(GROUP)) groups.set(name.slice(GROUP.length), value)
    else if (value === '0' || value === '1') truth.set(name, value === '1')
    else throw new UsageError(`${where}: “${name}” must be 1, 0 or empty.`)
  }
  return { path: insidePath(line[header.indexOf('path')]!, where), truth, groups }
}

function insidePath(path: string, where: string): string {
  const normal = normalize(path)
  if (path === '' || isAbsolute(path) || normal === '..' || normal.startsWith(`..${sep}`)) {
    throw new UsageError(`${where}: the path must lie below the folder of the exhibit.`)
  }
  return normal
}
