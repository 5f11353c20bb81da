/** `seized report`: writes one export of a ledger, and a custody event that says so. */

import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { UsageError } from '../../base/errors.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import type { View } from '../../contracts/view.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { withoutPrivileged } from '../../privilege/quarantine.ts'
import { EXPORTERS, type Exporter } from '../../report/index.ts'
import { isInside } from '../../source/mount/exhibit.ts'
import { fileSha256 } from '../file-sha256.ts'
import { damageDetail, logCustody } from '../log-custody.ts'
import type { Given } from '../table/option.ts'
import type { REPORT } from '../table/options.ts'
import { verifyFirst } from '../verified.ts'

export async function report([file]: readonly string[], given: Given<typeof REPORT>): Promise<number> {
  const path = resolve(file!)
  const exporter = await EXPORTERS.find(({ id }) => id === given.format)!.load()
  const damage = await verifyFirst(path, given)
  const ledger = withoutPrivileged(openLedger(path, damage))
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
  given: Given<typeof REPORT>,
  detail: Record<string, string>,
): void {
  if (!ledger.seal) return
  logCustody(
    path,
    {
      event: 'reported',
      operator: given.operator ?? null,
      detail: {
        format: given.format,
        recipient: given.recipient ?? '',
        ...detail,
        ...damageDetail(ledger.damage),
      },
    },
    given.heads,
  )
}
