/**
 * The table of a training: `sha256` or `path`, `label` (1 or 0) and `case`, one content a line; `group:NAME` where figures by
 * group are wanted. A line that cannot be used
 * stops the training and is named; no line is left out in silence.
 */
import { isAbsolute, normalize, sep } from 'node:path'
import { parse } from 'csv-parse/sync'
import { UsageError } from '../base/errors.ts'

/** A graded content as the agency names it. */
export interface Labelled {
  readonly content: { readonly sha256: string } | { readonly path: string }
  readonly positive: boolean
  readonly case: string
  /** Values of columns `group:NAME`, by name; empty cells are left out. */
  readonly groups?: Readonly<Record<string, string>>
  /** Place of the statement, for refusals: `line 7 of labels.csv`. */
  readonly where: string
}

/** A training of more takes longer than a night, and needs more memory than a process may have. */
const MOST_ROWS = 50_000
const MOST_GROUP_CHARS = 100
const GROUP = 'group:'
const isGroup = (name: string) => name.startsWith(GROUP) && name.length > GROUP.length
const COLUMNS = ['sha256', 'path', 'label', 'case']

/** @throws UsageError naming the line */
export function parseLabelled(bytes: Buffer, file: string): Labelled[] {
  const [header, ...lines] = recordsOf(bytes, file)
  const unknown = header?.record.find((name) => !COLUMNS.includes(name) && !isGroup(name))
  if (unknown !== undefined)
    throw new UsageError(
      `The table ${file} has a column “${unknown}”; it may have ${COLUMNS.join(', ')} and group:NAME.`,
    )
  const named = header?.record ?? []
  const key = named.includes('sha256') ? 'sha256' : 'path'
  if (
    !named.includes(key) ||
    !named.includes('label') ||
    !named.includes('case') ||
    new Set(named).size < named.length
  )
    throw new UsageError(
      `The table ${file} needs a first line with “sha256” or “path”, “label” and “case”, each once: path,label,case`,
    )
  if (lines.length > MOST_ROWS)
    throw new UsageError(
      `Line ${lines[MOST_ROWS]!.line} of ${file}: a training takes at most ${MOST_ROWS} contents.`,
    )
  return lines.map(({ record, line }) => rowOf(named, record, `line ${line} of ${file}`))
}

function rowOf(header: readonly string[], record: readonly string[], where: string): Labelled {
  const cell = (name: string) => record[header.indexOf(name)] ?? ''
  const refuse = (what: string): never => {
    throw new UsageError(`${where[0]!.toUpperCase()}${where.slice(1)}: ${what}.`)
  }
  const label = cell('label')
  if (label !== '0' && label !== '1') refuse('“label” must be 1 or 0')
  if (cell('case') === '')
    refuse('“case” is empty; the figures need to know which contents come from one case')
  const sha256 = cell('sha256').toLowerCase()
  const path = cell('path')
  if (sha256 !== '' && !/^[0-9a-f]{64}$/.test(sha256)) refuse('“sha256” must be 64 hexadecimal digits')
  if (sha256 === '' && path === '') refuse('it names no content')
  if (header.some((name) => isGroup(name) && name.length + cell(name).length > MOST_GROUP_CHARS))
    refuse(`a group has more than ${MOST_GROUP_CHARS} characters`)
  const content = sha256 === '' ? { path: insidePath(path, refuse) } : { sha256 }
  const groups = Object.fromEntries(
    header
      .filter((name) => isGroup(name) && cell(name) !== '')
      .map((name) => [name.slice(GROUP.length), cell(name)]),
  )
  return {
    content,
    positive: label === '1',
    case: cell('case'),
    where,
    ...(Object.keys(groups).length > 0 && { groups }),
  }
}

function insidePath(path: string, refuse: (what: string) => never): string {
  const normal = normalize(path)
  if (isAbsolute(path) || normal === '..' || normal.startsWith(`..${sep}`))
    refuse('the path must lie below the folder of the exhibit')
  return normal
}

function recordsOf(bytes: Buffer, file: string): { readonly record: string[]; readonly line: number }[] {
  try {
    // The first line, as many rows as a training takes, and one that is too many: a longer table is not read to its end.
    const to = MOST_ROWS + 2
    const read = parse(bytes, { bom: true, skip_empty_lines: true, info: true, to }) as unknown as readonly {
      readonly record: string[]
      readonly info: { readonly lines: number }
    }[]
    return read.map(({ record, info }) => ({ record, line: info.lines }))
  } catch (cause) {
    throw new UsageError(`The table ${file} could not be read (${(cause as Error).message}).`, { cause })
  }
}
