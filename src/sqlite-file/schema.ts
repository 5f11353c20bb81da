/** What `CREATE TABLE` says of a table's columns. Nothing of it is run. */

export type ColumnKind = 'whole' | 'number' | 'text' | 'any'

export interface SqlColumns {
  /** In order, lower case. */
  readonly columns: readonly string[]
  /** The column that stands for the row's number: nothing is stored in it. */
  readonly rowidColumn: number | null
  /** What its columns are declared to hold. */
  readonly kinds: readonly ColumnKind[]
}

/**
 * Columns of `CREATE TABLE …`, by name. Only the names are taken: nothing is run.
 * @returns null for virtual tables and for those without row numbers
 */
export function columnsOf(sql: string): SqlColumns | null {
  if (!/^\s*create\s+(temp\w*\s+)?table\b/i.test(sql) || /without\s+rowid\s*$/i.test(sql)) return null
  const open = sql.indexOf('(')
  if (open < 0) return null
  const columns: string[] = []
  const kinds: ColumnKind[] = []
  let rowidColumn: number | null = null
  for (const part of topLevel(sql.slice(open + 1, sql.lastIndexOf(')')))) {
    const found = /^\s*(?:"([^"]+)"|\[([^\]]+)\]|`([^`]+)`|'([^']+)'|([^\s(,]+))([\s\S]*)$/.exec(part)
    if (!found) continue
    const name = (found[1] ?? found[2] ?? found[3] ?? found[4] ?? found[5]!).toLowerCase()
    if (found[5] && /^(constraint|primary|unique|check|foreign)$/i.test(found[5])) continue
    if (/^\s*integer\s+(not\s+null\s+)?primary\s+key\b(?!\s+desc)/i.test(found[6]!))
      rowidColumn = columns.length
    columns.push(name)
    kinds.push(kindOf(found[6]!))
  }
  return { columns, rowidColumn, kinds }
}

/** By the words of its type, as SQLite takes them (datatype3.html, section 3.1). */
function kindOf(declared: string): ColumnKind {
  const type = /^\s*[a-z][\w ]*/i.exec(declared)?.[0] ?? ''
  if (/int/i.test(type)) return 'whole'
  if (/char|clob|text/i.test(type)) return 'text'
  if (/real|floa|doub|bool/i.test(type)) return 'number'
  return 'any'
}

const MOST_SQL = 100_000

/** Parts between commas that stand in no brackets and no quotes. */
function topLevel(text: string): string[] {
  const parts: string[] = []
  let [depth, from] = [0, 0]
  let quote = ''
  const end = Math.min(text.length, MOST_SQL)
  for (let i = 0; i < end; i++) {
    const char = text[i]!
    if (quote !== '') {
      if (char === quote) quote = ''
    } else if (char === '"' || char === "'" || char === '`') quote = char
    else if (char === '(') depth++
    else if (char === ')') depth--
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(from, i))
      from = i + 1
    }
  }
  return [...parts, text.slice(from, end)]
}
