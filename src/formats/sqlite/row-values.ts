/** Values of a row that are what they should be; of any other kind nothing is said. */
import { column, type NamedRow } from './sqlite-tables.ts'

export function textOf(row: NamedRow, name: string): string | undefined {
  const value = column(row, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Whole and not negative. */
export function wholeOf(row: NamedRow, name: string): number | undefined {
  const value = column(row, name)
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** Of a column that holds 0 and 1. */
export function flagOf(row: NamedRow, name: string): boolean | undefined {
  const value = column(row, name)
  return value === 0 || value === 1 ? value === 1 : undefined
}
