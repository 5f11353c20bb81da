/** `seized report`: writes one export of a ledger, and a custody event that says so. */

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import type { View } from '../../contracts/view.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { withoutPrivileged } from '../../privilege/quarantine.ts'
import type { Lab } from '../../report/court/lab.ts'
import type { CourtWishes } from '../../report/court/report.ts'
import { EXPORTERS } from '../../report/index.ts'
import type { Wishes } from '../../report/wishes.ts'
import { scaleCalled, scaleTablesOf } from '../../review/deciding.ts'
import { isInside } from '../../source/mount/exhibit.ts'
import { fileSha256 } from '../file-sha256.ts'
import { damageDetail, logCustody } from '../log-custody.ts'
import type { Given } from '../table/option.ts'
import type { REPORT } from '../table/options.ts'
import { verifyFirst } from '../verified.ts'
import { writeWhole } from '../write-whole.ts'

export async function report([file]: readonly string[], given: Given<typeof REPORT>): Promise<number> {
  const path = resolve(file!)
  const exporter = await EXPORTERS.find(({ id }) => id === given.format)!.load()
  const damage = await verifyFirst(path, given)
  const ledger = withoutPrivileged(openLedger(path, damage))
  const view: View = given.previews ? { kind: 'preview' } : { kind: 'none' }
  const wishes: Wishes = {
    scale:
      given.scale === undefined ? null : scaleCalled(given.scale, scaleTablesOf(ledger, given.scaleTable)),
    assumeZone: given.assumeZone ?? null,
    reviewWords: given.reviewWords ?? null,
    court: (given.edition ?? exporter.edition) === 'court' ? await courtWishes(path, given) : null,
    allowUnconfined: given.allowUnconfined,
  }
  try {
    if (!given.out) {
      await exporter.write(ledger, process.stdout, view, wishes)
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
    await writeWhole(out, (stream) => exporter.write(ledger, stream, view, wishes))
    logged(path, ledger, given, { out, sha256: await fileSha256(out) })
    process.stderr.write(`${exporter.title}: ${out}\n`)
    return 0
  } finally {
    ledger.close()
  }
}

/** A report that replaces another is an event that says so. */
function replacedDetail(lab: Lab | undefined): Record<string, string> {
  if (!lab?.replaces) return {}
  return { reportNumber: lab.reportNumber ?? '', replaces: lab.replaces.number, why: lab.replaces.why }
}

async function courtWishes(path: string, given: Given<typeof REPORT>): Promise<CourtWishes> {
  const { lab = {}, language = 'en', redact } = given
  return { lab, language, redact, ledgerSha256: await fileSha256(path) }
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
        ...(given.edition === undefined ? {} : { edition: given.edition }),
        ...replacedDetail(given.lab),
        recipient: given.recipient ?? '',
        ...detail,
        ...damageDetail(ledger.damage),
      },
    },
    given.heads,
  )
}
