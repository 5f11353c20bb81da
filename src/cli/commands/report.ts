/** `seized report`: writes one export of a ledger, and a custody event that says so. */
import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs'
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { Command } from 'commander'
import { UsageError } from '../../base/errors.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import type { View } from '../../contracts/view.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { withoutPrivileged } from '../../privilege/quarantine.ts'
import { EXPORTERS, type Exporter } from '../../report/index.ts'
import { isInside } from '../../source/mount/exhibit.ts'
import { fileSha256 } from '../file-sha256.ts'
import { logCustody } from '../log-custody.ts'

interface ReportOptions {
  readonly format: string
  readonly out?: string
  readonly operator?: string
  readonly recipient?: string
  readonly previews: boolean
  readonly overwrite?: boolean
}

export function addReport(program: Command, exit: (code: number) => void): void {
  program
    .command('report')
    .description('write an export of a ledger; a paused ledger gives one marked PARTIAL')
    .argument('<ledger>', 'ledger to read; it is not written to')
    .requiredOption('--format <format>', EXPORTERS.map((exporter) => exporter.id).join('|'))
    .option('--out <file>', 'file to write (default: standard output)')
    .option('--operator <name>', 'who exports; stands in the custody log beside the system account')
    .option('--recipient <name>', 'for whom; stands in the custody log')
    .option('--no-previews', 'leave out even the destructive previews of leads')
    .option('--overwrite', 'replace an existing file')
    .action(async (ledger: string, given: ReportOptions) => exit(await report(resolve(ledger), given)))
}

async function report(path: string, given: ReportOptions): Promise<number> {
  const exporter = EXPORTERS.find((one) => one.id === given.format)
  if (!exporter)
    throw new UsageError(
      `--format knows ${EXPORTERS.map((one) => one.id).join(', ')}; "${given.format}" is none of them.`,
    )
  const ledger = withoutPrivileged(openLedger(path))
  const view: View = given.previews ? { kind: 'preview' } : { kind: 'none' }
  try {
    if (!given.out) {
      await exporter.write(ledger, process.stdout, view)
      logged(path, ledger, given, { sha256: '' })
      return 0
    }
    const out = resolve(given.out)
    if (existsSync(out) && !given.overwrite)
      throw new UsageError(`--out ${out} exists. Choose another name, or add --overwrite.`)
    if (existsSync(ledger.exhibit.root) && isInside(ledger.exhibit.root, out))
      throw new UsageError(
        `--out ${out} lies inside the exhibit. Nothing is ever written there: choose another folder.`,
      )
    await writeWhole(exporter, ledger, out, view)
    logged(path, ledger, given, { out, sha256: await fileSha256(out) })
    process.stderr.write(`${exporter.title}: ${out}\n`)
    return 0
  } finally {
    ledger.close()
  }
}

/** Under a temporary name first: a report that stands there is whole. */
async function writeWhole(exporter: Exporter, ledger: LedgerReader, out: string, view: View): Promise<void> {
  const temporary = `${out}.partial-${process.pid}`
  const stream: Writable = createWriteStream(temporary, { flags: 'wx' })
  try {
    await exporter.write(ledger, stream, view)
    stream.end()
    await finished(stream)
    renameSync(temporary, out)
  } catch (error) {
    stream.destroy()
    rmSync(temporary, { force: true })
    throw error
  }
}

function logged(
  path: string,
  ledger: LedgerReader,
  given: ReportOptions,
  detail: Record<string, string>,
): void {
  if (!ledger.seal) return
  logCustody(path, {
    event: 'reported',
    operator: given.operator ?? null,
    account: userInfo().username,
    detail: { format: given.format, recipient: given.recipient ?? '', ...detail },
  })
}
