/**
 * `seized report`: writes one export of a ledger, or of several exhibits of a case, and records it as custody events.
 */

import { existsSync } from 'node:fs'
import { join, parse, resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { fileSha256 } from '../../base/file-digest.ts'
import { isCaseFolder } from '../../case/case-folder.ts'
import type {
  ExaminationFacts,
  LedgerIdentity,
  LedgerReader,
  RunHistory,
} from '../../contracts/ledger-reader.ts'
import type { View } from '../../contracts/view.ts'
import { differencesOf } from '../../diff/diff.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { sharedContents } from '../../ledger/read/shared-contents.ts'
import type { Snapshot } from '../../ledger/read/snapshot.ts'
import { shippedScales } from '../../match/records/scale.ts'
import { withoutPrivileged } from '../../privilege/quarantine.ts'
import type { Earlier } from '../../report/court/differences.ts'
import type { CourtWishes } from '../../report/court/report.ts'
import type { Wishes } from '../../report/export/wishes.ts'
import { EXPORTERS, type Exporter } from '../../report/index.ts'
import type { Standing } from '../../report/model/lab.ts'
import { scaleCalled, scaleTablesOf } from '../../review/deciding.ts'
import { exposureTotals } from '../../review/exposure.ts'
import { readRecord } from '../../validate/read-record.ts'
import { standingOf } from '../../validate/standing.ts'
import type { Given } from '../arguments/option.ts'
import type { REPORT } from '../arguments/options-table.ts'
import { writtenOut } from '../services/broken-output.ts'
import { eventsOfCases, wholeCase } from '../services/case-folders.ts'
import { type ClosedCounts, closeAll, openWithoutPrivileged } from '../services/case-ledgers.ts'
import { deployerSheet } from '../services/deployer-sheet.ts'
import { warnOfExposed } from '../services/exposed-files.ts'
import { recordReport } from '../services/record-report.ts'
import { heldToPolicy } from '../services/unsettled.ts'
import { verifyFirst } from '../services/verified.ts'
import { refuseOutput, writeAllWhole, writeWhole } from '../services/write-whole.ts'

/** Besides the court's edition: what leaves the laboratory with decisions of the case. */
const HELD_FORMATS: readonly string[] = ['vics', 'pdf']

export async function report(named: readonly string[], given: Given<typeof REPORT>): Promise<number> {
  // At once: a large ledger takes minutes to verify.
  if (given.out) refuseOutput(resolve(given.out), [], given.overwrite)
  const [only, ...others] = named
  if (given.edition === 'working' && others.length === 0 && isCaseFolder(only!))
    return (await import('./report-case.ts')).reportCase(only!, given)
  let asSealed = false
  const verified = {
    ...given,
    saysHow: true,
    orSealedHere: isWorkingPage(named, given),
    onAsSealed: () => {
      asSealed = true
    },
  }
  const { ledgers, ...closed } = await openWithoutPrivileged(named, verified, saySoFar)
  const [ledger, ...also] = ledgers as [LedgerReader, ...LedgerReader[]]
  try {
    const exporter =
      given.edition === 'deployer'
        ? await deployerSheet(ledgers.length, given)
        : await EXPORTERS.find(({ id }) => id === given.format)!.load()
    const edition = editionOf(exporter, ledgers.length, given)
    const isHeld = edition === 'court' || HELD_FORMATS.includes(given.format)
    const unsettled = isHeld ? heldToPolicy(named, ledgers, given.heads) : 0
    const view: View = given.previews ? { kind: 'preview' } : { kind: 'none' }
    const wishes: Wishes = {
      also,
      caseNumber: wholeCase(named, given.heads)?.caseNumber,
      ...closed,
      asSealed,
      unsettled,
      scale:
        given.scale === undefined ? null : scaleCalled(given.scale, scaleTablesOf(ledger, given.scaleTable)),
      assumeZone: given.assumeZone ?? null,
      reviewWords: given.reviewWords ?? null,
      court: edition === 'court' ? await courtWishes(ledgers, named, given, { ...closed, unsettled }) : null,
      validation: standing(ledgers, given),
      links: given.links,
      allowUnconfined: given.allowUnconfined,
      standard: given.standard,
    }
    if (!given.out) {
      const detail = { format: given.format, recipient: given.recipient ?? '' }
      await writtenOut(ledgers, { event: 'reported', detail }, given, () =>
        exporter.write(ledger, process.stdout, view, wishes),
      )
      recordReport(ledgers, named, given, { sha256: '' })
      return 0
    }
    const out = resolve(given.out)
    refuseOutput(out, ledgers, given.overwrite)
    const volumes = exporter.volumes && (await exporter.volumes(ledger, view, wishes))
    const files = (volumes ?? []).map((bytes, i) => ({ out: nameOfVolume(out, i), bytes }))
    for (const file of files.slice(1)) refuseOutput(file.out, ledgers, given.overwrite)
    const next = nameOfVolume(out, files.length)
    if (volumes && existsSync(next))
      process.stderr.write(`${next} stands beside it and is no volume of this report.\n`)
    if (volumes) writeAllWhole(files)
    else await writeWhole(out, (stream) => exporter.write(ledger, stream, view, wishes))
    for (const [i, name] of (volumes ? files.map((file) => file.out) : [out]).entries()) {
      warnOfExposed(name)
      const volume = files.length > 1 ? { volume: `${i + 1} of ${files.length}` } : {}
      recordReport(ledgers, named, given, { out: name, sha256: await fileSha256(name), ...volume })
      process.stderr.write(`${exporter.title}: ${name}\n`)
    }
    return 0
  } finally {
    closeAll(ledgers)
  }
}

/** An export from a run that is not finished is marked PARTIAL in every format; this message tells the person why. */
function saySoFar(ledger: LedgerIdentity, { utc }: Snapshot): void {
  process.stderr.write(
    `${printText(ledger.path)} is being written: what is reported is what it held at ${utc}, from a copy.\n`,
  )
}

/**
 * The page that an examiner works with says on its first lines what it relied on: the SHA-256 of the seal is enough for it. What
 * leaves the laboratory is made of a ledger whose rows were read.
 */
function isWorkingPage(named: readonly string[], given: Given<typeof REPORT>): boolean {
  return (
    given.format === 'html' &&
    (given.edition ?? 'working') === 'working' &&
    named.length === 1 &&
    !isCaseFolder(named[0]!)
  )
}

/** The first volume has the given name: `report.pdf`, `report-2.pdf`, … */
function nameOfVolume(out: string, i: number): string {
  if (i === 0) return out
  const { dir, name, ext } = parse(out)
  return join(dir, `${name}-${i + 1}${ext}`)
}

/** @throws UsageError for an output that covers only one exhibit */
function editionOf(
  exporter: Exporter,
  ledgers: number,
  given: Given<typeof REPORT>,
): 'working' | 'court' | 'deployer' | undefined {
  if (ledgers === 1) return given.edition ?? exporter.edition
  if (!exporter.ofCase)
    throw new UsageError(
      `--format ${exporter.id} is of one exhibit: give one ledger, or take html, pdf, jsonl or vics for several.`,
    )
  if (given.edition === 'working')
    throw new UsageError(
      '--edition working is of one exhibit, or of a case by its folder: several ledgers are reported in the court’s edition.',
    )
  return exporter.ofCase === 'court' ? 'court' : undefined
}

/** @throws UsageError when the folder contains no record, or the laboratory's file names another record */
function standing(
  ledgers: readonly (ExaminationFacts & RunHistory)[],
  { validation, lab }: Given<typeof REPORT>,
): Standing | null {
  if (validation === undefined) return null
  if (lab?.validation !== undefined)
    throw new UsageError('--validation and "validation" in the file of --lab: name the record once.')
  return standingOf(readRecord(validation), ledgers)
}

async function courtWishes(
  ledgers: readonly LedgerReader[],
  named: readonly string[],
  given: Given<typeof REPORT>,
  counted: ClosedCounts & { readonly unsettled: number },
): Promise<CourtWishes> {
  const { lab = {}, language = 'en', redact, category, place, carryDecisions } = given
  const cases = eventsOfCases(named, given.heads)
  const sources = []
  for (const ledger of ledgers) sources.push({ ledger, sha256: await fileSha256(ledger.path) })
  const [first, ...also] = sources
  return {
    lab,
    validation: standing(ledgers, given),
    links: given.links,
    language,
    redact,
    categories: category,
    places: place,
    scales: [...ledgers.flatMap((one) => scaleTablesOf(one, given.scaleTable)), ...shippedScales()],
    ledgerSha256: first!.sha256,
    also,
    ...counted,
    shared: also.length === 0 ? null : sharedContents(ledgers.map(({ path }) => path)),
    // A decision of a case counts for the content, wherever it lies.
    carryDecisions: cases.length > 0 ? 'case' : carryDecisions,
    exposure: exposureTotals([...ledgers.map((ledger) => ledger.custody()), ...cases]),
    caseLog: wholeCase(named, given.heads),
    earlier: given.compareWith === undefined ? null : await earlierThan(ledgers, given.compareWith, given),
  }
}

/** @throws UsageError when the ledgers are not of the same exhibit, or one is not sealed; LedgerDamaged */
async function earlierThan(
  [ledger, ...more]: readonly LedgerReader[],
  file: string,
  given: Given<typeof REPORT>,
): Promise<Earlier> {
  if (more.length > 0)
    throw new UsageError('--compare-with is of one exhibit: give one ledger, and the earlier one of it.')
  const path = resolve(file)
  await verifyFirst(path, { heads: given.heads })
  const old = withoutPrivileged(openLedger(path))
  try {
    return {
      newestHead: old.newestHead(),
      isSameInventory: old.inventoryDigest() === ledger!.inventoryDigest(),
      changes: differencesOf(old, ledger!),
    }
  } finally {
    old.close()
  }
}
