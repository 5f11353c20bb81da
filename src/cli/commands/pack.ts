/**
 * `seized pack` and `seized unpack`: one file for a recipient, with a ledger, its custody log, reports and vouchers.
 */
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { fileSha256 } from '../../base/file-digest.ts'
import type { CustodyEvent, SignatureFact, StatementFact, TimeStampFact } from '../../contracts/custody.ts'
import { custodyPath, newestCustodyHead } from '../../ledger/custody/custody.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { verifyLedger } from '../../ledger/verify/verify.ts'
import { checkPage, type PackedVoucher } from '../../pack/check-page.ts'
import { sayingProblems } from '../../pack/compare-manifest.ts'
import {
  CHECK_PAGE,
  digestOf,
  MANIFEST,
  type Manifest,
  manifestText,
  type PackedFile,
  SUMS,
  sumsText,
} from '../../pack/manifest.ts'
import { unpack as takeApart } from '../../pack/unpack.ts'
import { MOST_ZIP_BYTES, writeZip, type ZipSource } from '../../pack/write-zip.ts'
import { textIndexPath } from '../../search/text-index-file.ts'
import { eventsWith } from '../../sign/check-custody.ts'
import { CMS, ED25519, publicKeyOf } from '../../sign/signatures.ts'
import type { Given } from '../arguments/option.ts'
import type { PACK, UNPACK } from '../arguments/options-table.ts'
import { warnOfExposed } from '../services/exposed-files.ts'
import { recordCustody } from '../services/log-custody.ts'
import { isSignedPdf } from '../services/signed-reports.ts'
import { refuseExisting, withSealed } from '../services/vouching.ts'

export async function pack([file]: readonly string[], given: Given<typeof PACK>): Promise<number> {
  const path = resolve(file!)
  const out = resolve(given.out)
  refuseExisting('--out', out)
  return withSealed(path, given.heads, async (ledger) => {
    const index = textIndexPath(path)
    if (given.withText && !existsSync(index))
      throw new UsageError(`--with-text: there is no text index ${index}.`)
    const reports = given.report.map((one) => resolve(one))
    const files = [path, ...(given.withText ? [index] : []), ...reports]
    for (const one of files) if (!existsSync(one)) throw new UsageError(`${one} does not exist.`)
    const names = files.map((one) => basename(one))
    if (new Set(names).size < names.length)
      throw new UsageError('Two of the files have one name: call them differently.')
    const total = [...files, custodyPath(path)].reduce((sum, one) => sum + statSync(one).size, 0)
    if (total > MOST_ZIP_BYTES)
      throw new UsageError('More than 4 GB do not go into one pack: leave the text index or reports out.')
    // Logged first, so that the packed custody log contains the event.
    const { head } = recordCustody(
      path,
      { event: 'packed', operator: given.operator, detail: { out: basename(out), files: names.join(' ') } },
      given.heads,
    )
    const { sources: vouching, vouchers } = vouchersOf(ledger.custody(), reports)
    const about = {
      case: ledger.case.caseId,
      exhibit: ledger.case.exhibitId,
      ledger: basename(path),
      newestHead: head,
    }
    const sources: ZipSource[] = [
      { name: CHECK_PAGE, from: Buffer.from(checkPage(about, vouchers)) },
      ...[...files, custodyPath(path)].map((one) => ({ name: basename(one), from: { file: one } })),
      ...vouching,
    ]
    const packed = await Promise.all(sources.map(described))
    const manifest = Buffer.from(manifestText({ ...about, files: packed }))
    const sums = sumsText([{ file: MANIFEST, sha256: digestOf(manifest) }, ...packed])
    const temporary = `${out}.partial-${process.pid}`
    try {
      writeZip(temporary, [
        { name: MANIFEST, from: manifest },
        { name: SUMS, from: Buffer.from(sums) },
        ...sources,
      ])
      renameSync(temporary, out)
    } catch (error) {
      // The logged packing failed, so a second event records that.
      const { code = 'unknown' } = error as NodeJS.ErrnoException
      const detail = { out: basename(out), errno: code }
      recordCustody(path, { event: 'pack-failed', operator: given.operator, detail }, given.heads)
      throw error
    } finally {
      rmSync(temporary, { force: true })
    }
    warnOfExposed(out)
    process.stdout.write(`${out}: ${packed.length} files\nSHA-256 ${await fileSha256(out)}\n`)
    return EXIT.complete
  })
}

async function described({ name, from }: ZipSource): Promise<PackedFile> {
  if (Buffer.isBuffer(from)) return { file: name, bytes: from.length, sha256: digestOf(from) }
  return { file: name, bytes: statSync(from.file).size, sha256: await fileSha256(from.file) }
}

/** Statements, signatures and responses of the log as files that OpenSSL reads, with the command that checks each. */
function vouchersOf(
  events: readonly CustodyEvent[],
  reports: readonly string[],
): { readonly sources: readonly ZipSource[]; readonly vouchers: readonly PackedVoucher[] } {
  const sources: ZipSource[] = []
  const vouchers: PackedVoucher[] = []
  const named = (name: string, from: Buffer) => {
    sources.push({ name, from })
    return name
  }
  const statementOf = (number: number) => `statement-${number}.json`
  for (const { number, fact } of eventsWith<StatementFact>(events, 'statement'))
    named(statementOf(number), Buffer.from(fact.text))
  for (const { number, fact } of eventsWith<SignatureFact>(events, 'signature')) {
    const statement = statementOf(fact.statement)
    const key = fact.algorithm === ED25519 ? publicKeyOf(fact.signer) : null
    if (fact.algorithm === CMS)
      vouchers.push({ kind: 'cms', statement, signature: named(`signature-${number}.p7s`, fact.value) })
    else if (key === null) named(`signature-${number}.sig`, fact.value)
    else
      vouchers.push({
        kind: 'ed25519',
        statement,
        signature: named(`signature-${number}.sig`, fact.value),
        key: named(`signature-${number}.key.pem`, Buffer.from(key.pem)),
        keyHex: key.hex,
      })
  }
  for (const { number, fact } of eventsWith<TimeStampFact>(events, 'time-stamp'))
    vouchers.push({
      kind: 'time-stamp',
      statement: statementOf(fact.statement),
      response: named(`time-stamp-${number}.tsr`, fact.response),
    })
  for (const report of reports)
    if (isSignedPdf(report)) vouchers.push({ kind: 'pdf', file: basename(report) })
  return { sources, vouchers }
}

export async function unpack([file]: readonly string[], given: Given<typeof UNPACK>): Promise<number> {
  const from = resolve(file!)
  const out = resolve(given.out)
  refuseExisting('--out', out)
  if (!existsSync(from)) throw new UsageError(`${from} does not exist.`)
  const temporary = `${out}.partial-${process.pid}`
  mkdirSync(temporary, { recursive: true })
  try {
    const { manifest, problems } = await takeApart(from, temporary)
    const more =
      manifest !== null && problems.length === 0
        ? recordProblems(join(temporary, manifest.ledger), manifest, given.verify)
        : []
    const all = [...problems, ...more]
    for (const problem of all) process.stdout.write(`PROBLEM  ${printText(problem)}\n`)
    if (all.length > 0 || manifest === null) {
      process.stdout.write(`NOT UNPACKED: ${printText(basename(from))} is not what was packed.\n`)
      return EXIT.ledgerDamaged
    }
    renameSync(temporary, out)
    process.stdout.write(
      `${out}: ${manifest.files.length} files, each with the SHA-256 of the manifest${given.verify ? '; the ledger verifies' : ''}\n`,
    )
    return EXIT.complete
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

/** Checks that the packed record is the one that the manifest names and, on request, that it verifies. */
function recordProblems(path: string, manifest: Manifest, verify: boolean): readonly string[] {
  const { problems, heads, newestHead } = verify ? verifyLedger(path) : { problems: [], ...headsIn(path) }
  if (problems.length > 0) return problems
  const ledger = openLedger(path)
  try {
    const { caseId, exhibitId } = ledger.case
    return sayingProblems(manifest, { case: caseId, exhibit: exhibitId, newestHead, heads }, true)
  } finally {
    ledger.close()
  }
}

function headsIn(path: string): { readonly heads: ReadonlySet<string>; readonly newestHead: string } {
  const newestHead = newestCustodyHead(path) ?? ''
  return { heads: new Set([newestHead]), newestHead }
}
