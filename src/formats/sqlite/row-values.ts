/** Reads values of a row and checks their types. A value of another type gives undefined. */
import { column, type NamedRow } from './sqlite-tables.ts'

export function textOf(row: NamedRow, name: string): string | undefined {
  const value = column(row, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A whole number, not negative. */
export function wholeOf(row: NamedRow, name: string): number | undefined {
  const value = column(row, name)
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** Value of a column that contains 0 or 1. */
export function flagOf(row: NamedRow, name: string): boolean | undefined {
  const value = column(row, name)
  return value === 0 || value === 1 ? value === 1 : undefined
}
