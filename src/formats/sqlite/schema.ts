/** Parses the columns in a `CREATE TABLE` statement. No SQL is run. */

export type ColumnKind = 'whole' | 'number' | 'text' | 'any'

export interface SqlColumns {
  /** In order, in lower case. */
  readonly columns: readonly string[]
  /** The column that is an alias of the row number; the record stores no value for it. */
  readonly rowidColumn: number | null
  /** Declared types of the columns. */
  readonly kinds: readonly ColumnKind[]
  /** For a table without row numbers: the stored order of the columns, key columns first; null for any other table. */
  readonly storedAs: readonly number[] | null
}

const QUOTED = /^\s*(?:"([^"]+)"|\[([^\]]+)\]|`([^`]+)`|'([^']+)'|([^\s(,]+))([\s\S]*)$/
const CONSTRAINT = /^(constraint|primary|unique|check|foreign)$/i
/** Matches only the type INTEGER; the words that may follow it are not part of the type. */
const INTEGER =
  /^\s*integer\s*($|(constraint|primary|not|null|unique|check|default|collate|references|generated|as)\b)/i

/**
 * Columns of `CREATE TABLE …`, by name. Only the names are read; no SQL is run.
 * @returns null for virtual tables, and for a table without row numbers whose key is unknown
 */
export function columnsOf(given: string): SqlColumns | null {
  const sql = withoutComments(given.slice(0, MOST_SQL))
  if (!/^\s*create\s+(temp\w*\s+)?table\b/i.test(sql)) return null
  const [open, close] = [sql.indexOf('('), sql.lastIndexOf(')')]
  if (open < 0) return null
  const columns: string[] = []
  const kinds: ColumnKind[] = []
  const wholes = new Set<string>()
  let key: readonly string[] = []
  let rowid: string | null = null
  for (const part of topLevel(sql.slice(open + 1, close))) {
    const found = QUOTED.exec(part)
    if (!found) continue
    const declared = found[6]!
    if (found[5] && CONSTRAINT.test(found[5])) {
      const named = /\bprimary\s+key\s*\(([\s\S]*)\)/i.exec(part)
      if (!named) continue
      key = topLevel(named[1]!).map((one) => nameIn(QUOTED.exec(one)))
      // A key of one INTEGER column is also the row number.
      if (key.length === 1 && wholes.has(key[0]!)) rowid = key[0]!
      continue
    }
    if (isMadeFromOthers(declared)) continue
    const name = nameIn(found)
    columns.push(name)
    kinds.push(kindOf(declared))
    if (INTEGER.test(declared)) wholes.add(name)
    if (/\bprimary\s+key\b/i.test(declared)) key = [name]
    if (/^\s*integer\s+(not\s+null\s+)?primary\s+key\b(?!\s+desc)/i.test(declared)) rowid = name
  }
  if (!/\bwithout\s+rowid\b/i.test(sql.slice(close)))
    return { columns, rowidColumn: rowid === null ? null : columns.indexOf(rowid), kinds, storedAs: null }
  const first = [...new Set(key)].map((name) => columns.indexOf(name))
  if (first.length === 0 || first.includes(-1)) return null
  const others = columns.map((_name, i) => i).filter((i) => !first.includes(i))
  return { columns, rowidColumn: null, kinds, storedAs: [...first, ...others] }
}

function nameIn(found: RegExpExecArray | null): string {
  return (found?.slice(1, 6).find((one) => one !== undefined) ?? '').toLowerCase()
}

/** A generated column that is not stored: rows contain no value for it. (A `STORED` column has a value.) */
function isMadeFromOthers(declared: string): boolean {
  // A default value may be a text that looks like a declaration.
  const bare = declared.replace(/'[^']*'|"[^"]*"/g, "''")
  return /\bas\s*\(/i.test(bare) && !/\)\s*stored\b/i.test(bare)
}

/** Type affinity by the words of the declaration, as in SQLite (datatype3.html, section 3.1). */
function kindOf(declared: string): ColumnKind {
  const type = /^\s*[a-z][\w ]*/i.exec(declared)?.[0] ?? ''
  if (/int/i.test(type)) return 'whole'
  if (/char|clob|text/i.test(type)) return 'text'
  if (/real|floa|doub|bool/i.test(type)) return 'number'
  return 'any'
}

const MOST_SQL = 100_000
/** A comment, or a quoted text that may only look like one. */
const COMMENT = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"[^"]*"|'[^']*'|`[^`]*`|\[[^\]]*\]/g

function withoutComments(sql: string): string {
  return sql.replace(COMMENT, (one) => (one.startsWith('--') || one.startsWith('/*') ? ' ' : one))
}

/** Splits at commas outside brackets and quotes. */
function topLevel(text: string): string[] {
  const parts: string[] = []
  let [depth, from] = [0, 0]
  let quote = ''
  for (let i = 0; i < text.length; i++) {
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
  return [...parts, text.slice(from)]
}
