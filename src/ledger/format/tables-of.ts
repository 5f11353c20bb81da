/** The tables of a ledger of each format. */
import { TABLES, type Table } from './tables.ts'
import { tablesBefore3 } from './tables-before-3.ts'

/**
 * Columns that version 4 added after those of version 3. They are null where a row contains nothing that version 3
 * could not store.
 */
export const ADDED_IN_4: Readonly<Record<string, readonly string[]>> = {
  near_match: ['details'],
  signal: ['details'],
  reference: ['time_kind', 'more_times', 'digests'],
  sign: ['time_kind', 'more_times', 'digests'],
}

export function tablesOf(version: number): readonly Table[] {
  if (version < 3) return tablesBefore3(version)
  const newest = Object.values(TABLES)
  return version === 3 ? newest.map(asInVersion3) : newest
}

export function isAddedIn4(table: string, column: string): boolean {
  return ADDED_IN_4[table]?.includes(column) ?? false
}

function asInVersion3({ name, columns }: Table): Table {
  return { name, columns: columns.filter((column) => !isAddedIn4(name, column.name)) }
}
