/**
 * Decisions from a file of the agency: CSV with a heading, or one JSON object on each line. Either all or none are
 * recorded: one invalid line leaves the custody log unchanged, and every invalid line is named.
 */
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { UsageError } from '../base/errors.ts'
import { ACTS, type AskedDecision } from './deciding.ts'

export interface ListedDecision {
  /** Line of the file, from 1. */
  readonly line: number
  /** A message where the line contains no valid decision. */
  readonly asked: AskedDecision | string
}

const COLUMNS = ['entry', 'sha256', 'act', 'scale', 'category', 'note'] as const
type Row = Readonly<Partial<Record<(typeof COLUMNS)[number], string>>>

/**
 * @param fallback values for lines without them @throws UsageError when the file cannot be read, or contains an
 * unknown field
 */
export function readDecisionList(
  file: string,
  fallback: {
    readonly scale: string | undefined
    readonly category: string | undefined
    readonly note: string
  },
): readonly ListedDecision[] {
  const text = textOf(file)
  const rows = text.trimStart().startsWith('{') ? jsonRows(text) : csvRows(file, text)
  if (rows.length === 0) throw new UsageError(`${file} holds no decision.`)
  return rows.map(({ line, row }) => ({
    line,
    asked: typeof row === 'string' ? row : askedIn(row, fallback),
  }))
}

/** @throws UsageError that lists the invalid lines, the first twenty with their messages */
export function refuseListed(file: string, problems: readonly string[]): void {
  if (problems.length === 0) return
  const more = problems.length > SAID ? `; and ${problems.length - SAID} more` : ''
  throw new UsageError(
    `Nothing was decided: ${file} has ${problems.length === 1 ? 'a line that cannot be decided' : `${problems.length} lines that cannot be decided`}: ${problems.slice(0, SAID).join('; ')}${more}.`,
  )
}

const SAID = 20

interface Read {
  readonly line: number
  readonly row: Row | string
}

function textOf(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const why = cause instanceof TypeError ? 'it is not UTF-8' : (code ?? String(cause))
    throw new UsageError(`--from ${file} could not be read (${why}).`, { cause })
  }
}

function jsonRows(text: string): Read[] {
  return text.split('\n').flatMap((written, i) => {
    if (written.trim() === '') return []
    return [{ line: i + 1, row: jsonRow(written) }]
  })
}

function jsonRow(written: string): Row | string {
  let value: unknown
  try {
    value = JSON.parse(written)
  } catch {
    return 'it is no JSON object'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is no JSON object'
  const row: Record<string, string> = {}
  for (const [name, one] of Object.entries(value)) {
    if (!isColumn(name)) return `"${name}" is none of ${COLUMNS.join(', ')}`
    if (one === null) continue
    if (typeof one !== 'string' && typeof one !== 'number') return `"${name}" is neither text nor a number`
    row[name] = String(one)
  }
  return row
}

function csvRows(file: string, text: string): Read[] {
  try {
    const records = parse(text, {
      bom: true,
      columns: true,
      info: true,
      skip_empty_lines: true,
    }) as unknown as {
      readonly info: { readonly lines: number }
      readonly record: Record<string, string>
    }[]
    const heading = Object.keys(records[0]?.record ?? {})
    const unknown = heading.filter((name) => !isColumn(name))
    if (unknown.length > 0)
      throw new UsageError(
        `${file} has the column ${unknown.join(', ')}; columns of decisions are ${COLUMNS.join(', ')}.`,
      )
    return records.map(({ info, record }) => ({
      line: info.lines,
      row: Object.fromEntries(Object.entries(record).filter(([, value]) => value !== '')),
    }))
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(`${file} is no CSV: ${(cause as Error).message}.`, { cause })
  }
}

function isColumn(name: string): name is (typeof COLUMNS)[number] {
  return (COLUMNS as readonly string[]).includes(name)
}

function askedIn(
  { entry, sha256, act = 'decided', scale, category, note }: Row,
  fallback: {
    readonly scale: string | undefined
    readonly category: string | undefined
    readonly note: string
  },
): AskedDecision | string {
  if ((entry === undefined) === (sha256 === undefined)) return 'name the content once: by entry or by sha256'
  const known = ACTS.find((one) => one === act)
  if (known === undefined) return `"${act}" is none of ${ACTS.join(', ')}`
  const on = scale ?? fallback.scale
  if (on === undefined) return 'the scale is not named, neither here nor by --scale'
  return {
    content: entry === undefined ? { sha256: sha256! } : { entry },
    act: known,
    scale: on,
    category: known === 'withdrawn' ? (category ?? null) : (category ?? fallback.category ?? null),
    note: note ?? fallback.note,
  }
}
