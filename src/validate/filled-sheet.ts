/** A sheet of a pilot or a trial that a person filled in: CSV, as a spreadsheet writes it. */
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { UsageError } from '../base/errors.ts'

/** @returns its rows, the headings first @throws UsageError when it cannot be read */
export function rowsOfSheet(file: string): string[][] {
  try {
    const bytes = readFileSync(file)
    // Spreadsheets write semicolons where the locale uses the comma in numbers.
    const delimiter = bytes.subarray(0, bytes.indexOf('\n')).includes(';') ? ';' : ','
    return parse(bytes, { bom: true, delimiter, skip_empty_lines: true, trim: true })
  } catch (cause) {
    throw new UsageError(`${file} could not be read: ${(cause as Error).message}.`, { cause })
  }
}
