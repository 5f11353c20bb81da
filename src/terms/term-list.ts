/**
 * Reads an agency's term list: CSV with a header, or JSON (an array, or an object with `terms`).
 *
 * Columns: `term`; and if present `id`, `language`, `category`, `source`, `expires`, `match`. A row that cannot be used
 * is reported by its number, never by its words.
 */
import { parse } from 'csv-parse/sync'
import { UsageError } from '../base/errors.ts'
import { spellingOf } from './spelling.ts'
import { MATCH_MODES, type MatchMode, type Term } from './term.ts'

export interface TermList {
  readonly terms: readonly Term[]
  readonly rejected: readonly { readonly row: number; readonly reason: string }[]
  /** Rows with the same spelling as an earlier row. */
  readonly duplicates: number
}

/** Shorter terms are found in everything, and are guessed from any keyed digest. */
const LEAST_LETTERS = 3

/** @param format by the file's name: `csv` or `json` */
export function parseTermList(text: string, format: 'csv' | 'json'): TermList {
  const rows = format === 'csv' ? csvRows(text) : jsonRows(text)
  const terms: Term[] = []
  const rejected: { row: number; reason: string }[] = []
  const ids = new Set<string>()
  const spellings = new Set<string>()
  let duplicates = 0
  rows.forEach((raw, i) => {
    const row = i + 1
    const parsed = parseTerm(raw, row)
    if (typeof parsed === 'string') {
      rejected.push({ row, reason: parsed })
      return
    }
    const key = `${parsed.match} ${spellingOf(parsed.term).letters}`
    if (ids.has(parsed.id)) rejected.push({ row, reason: 'its id is used before' })
    else if (spellings.has(key)) duplicates += 1
    else {
      ids.add(parsed.id)
      spellings.add(key)
      terms.push(parsed)
    }
  })
  return { terms, rejected, duplicates }
}

function parseTerm(raw: unknown, row: number): Term | string {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return 'it is not an object'
  const field = (name: string): string | null => {
    const value = (raw as Record<string, unknown>)[name]
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
  }
  const term = field('term')
  if (term === null) return 'it has no term'
  if (spellingOf(term).letters.length < LEAST_LETTERS) return `it has fewer than ${LEAST_LETTERS} letters`
  const match = field('match') ?? 'word'
  if (!(MATCH_MODES as readonly string[]).includes(match)) return `match is none of ${MATCH_MODES.join(', ')}`
  const expires = field('expires')
  if (expires !== null && !/^\d{4}-\d{2}-\d{2}/.test(expires)) return 'expires is not an ISO-8601 date'
  return {
    id: field('id') ?? `term-${String(row).padStart(5, '0')}`,
    term,
    language: field('language'),
    category: field('category'),
    source: field('source'),
    expires,
    match: match as MatchMode,
  }
}

function csvRows(text: string): unknown[] {
  try {
    return parse(text, {
      columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
      bom: true,
      skip_empty_lines: true,
      relax_column_count: true,
    })
  } catch (error) {
    // The parser's own message quotes the line.
    throw new UsageError('The term list could not be read as CSV.', { cause: hideLines(error) })
  }
}

function jsonRows(text: string): unknown[] {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new UsageError('The term list could not be read as JSON.')
  }
  const rows = Array.isArray(json) ? json : (json as { terms?: unknown } | null)?.terms
  if (!Array.isArray(rows))
    throw new UsageError('The term list is JSON, but neither an array nor an object with “terms”.')
  return rows
}

function hideLines(error: unknown): Error {
  return new Error(String((error as { code?: string }).code ?? 'unreadable'))
}
