/** Reads an agency's labelled paths for `terms train`: CSV with the columns `path` and `label` (1 concerning, 0 benign). */
import { parse } from 'csv-parse/sync'
import { UsageError } from '../base/errors.ts'
import type { LabelledPath } from './path-classifier.ts'

/** @throws UsageError naming the row, never its path */
export function parseLabelledPaths(csv: string): readonly LabelledPath[] {
  let rows: Record<string, string>[]
  try {
    rows = parse(csv, {
      columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
      bom: true,
      skip_empty_lines: true,
    })
  } catch (error) {
    // The parser's own message quotes the line.
    const code = String((error as { code?: string }).code ?? 'unreadable')
    throw new UsageError(`The labelled paths could not be read as CSV (${code}).`)
  }
  return rows.map(({ path, label }, i) => {
    if (path === undefined || label === undefined)
      throw new UsageError('The labelled paths need a header with the columns path and label.')
    if (path === '' || !/^[01]$/.test(label.trim()))
      throw new UsageError(
        `Labelled paths, row ${i + 1}: a path and the label 1 (concerning) or 0 (benign) are needed.`,
      )
    return { path, concerning: label.trim() === '1' }
  })
}
