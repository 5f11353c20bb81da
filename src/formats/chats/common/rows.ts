/** Reads rows of tables that may be missing, for the messenger readers. */
import { textOf } from '../../sqlite/row-values.ts'
import { column, type NamedRow, type Tables } from '../../sqlite/sqlite-tables.ts'

/** Live rows; no rows when the table is missing. */
export function* liveRows(tables: Tables, name: string): Generator<NamedRow> {
  const table = tables.get(name)
  if (table) yield* tables.rowsOf(table)
}

/** Map from one column of a table to another. */
export function textsBy(
  tables: Tables,
  name: string,
  id: string,
  text: string,
): ReadonlyMap<unknown, string> {
  const texts = new Map<unknown, string>()
  for (const row of liveRows(tables, name)) {
    const value = textOf(row, text)
    if (value !== undefined) texts.set(column(row, id), value)
  }
  return texts
}

export function hasColumns(tables: Tables, name: string, columns: readonly string[]): boolean {
  const table = tables.get(name)
  return table !== null && columns.every((one) => table.columns.includes(one))
}

/** Between 2000 and 2100, in milliseconds. */
export function isMilliseconds(value: unknown): boolean {
  return typeof value === 'number' && value >= Date.UTC(2000, 0) && value < Date.UTC(2100, 0)
}

/** The same in microseconds. */
export function isMicroseconds(value: unknown): boolean {
  return typeof value === 'number' && isMilliseconds(value / 1000)
}

/** The same in seconds. */
export function isSeconds(value: unknown): boolean {
  return typeof value === 'number' && isMilliseconds(value * 1000)
}

export function isFlag(value: unknown): boolean {
  return value === 0 || value === 1
}
