/** The sheet for a deployer (`report --edition deployer`), as an exporter. */
import { UsageError } from '../../base/errors.ts'
import type { Exporter } from '../../report/export/exporter.ts'
import { readRecord } from '../../validate/read-record.ts'
import type { Given } from '../arguments/option.ts'
import type { REPORT } from '../arguments/options-table.ts'

/** @throws UsageError for a format that the sheet does not have, or for several ledgers */
export async function deployerSheet(
  ledgers: number,
  { format, language = 'en', validation }: Given<typeof REPORT>,
): Promise<Exporter> {
  if (format !== 'html' && format !== 'pdf')
    throw new UsageError('--edition deployer is written as --format html or pdf.')
  if (ledgers > 1) throw new UsageError('--edition deployer is of one exhibit: give one ledger.')
  const { deployerExporter } = await import('../../validate/deployer/exporter.ts')
  return deployerExporter(format, {
    language,
    validation: validation === undefined ? null : readRecord(validation),
  })
}
