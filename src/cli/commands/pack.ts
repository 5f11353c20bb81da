/** `seized pack` and `seized unpack`: a ledger with its custody log, reports and what vouches for it, as one file for a stranger. */
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { fileSha256 } from '../../base/file-digest.ts'
import type { CustodyEvent, SignatureFact, StatementFact, TimeStampFact } from '../../contracts/custody.ts'
import { custodyPath } from '../../ledger/custody/custody.ts'
import { verifyLedger } from '../../ledger/verify/verify.ts'
import {
  CHECK_PAGE,
  checkPage,
  digestOf,
  MANIFEST,
  manifestText,
  type PackedFile,
} from '../../pack/manifest.ts'
import { unpack as takeApart } from '../../pack/unpack.ts'
import { MOST_ZIP_BYTES, writeZip, type ZipSource } from '../../pack/write-zip.ts'
import { textIndexPath } from '../../search/text-index-file.ts'
import { eventsWith } from '../../sign/check-custody.ts'
import { CMS } from '../../sign/signatures.ts'
import type { Given } from '../arguments/option.ts'
import type { PACK, UNPACK } from '../arguments/options-table.ts'
import { recordCustody } from '../services/log-custody.ts'
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
    // Logged first: the log that goes along says that it was packed.
    const { head } = recordCustody(
      path,
      { event: 'packed', operator: given.operator, detail: { out: basename(out), files: names.join(' ') } },
      given.heads,
    )
    const sources: ZipSource[] = [
      ...[...files, custodyPath(path)].map((one) => ({ name: basename(one), from: { file: one } })),
      ...vouchers(ledger.custody()),
    ]
    const packed = await Promise.all(sources.map(described))
    const manifest = {
      case: ledger.case.caseId,
      exhibit: ledger.case.exhibitId,
      ledger: basename(path),
      newestHead: head,
      files: packed,
    }
    const temporary = `${out}.partial-${process.pid}`
    try {
      writeZip(temporary, [
        { name: MANIFEST, from: Buffer.from(manifestText(manifest)) },
        { name: CHECK_PAGE, from: Buffer.from(checkPage(manifest)) },
        ...sources,
      ])
      renameSync(temporary, out)
    } catch (error) {
      // What was logged did not come about.
      const { code = 'unknown' } = error as NodeJS.ErrnoException
      const detail = { out: basename(out), errno: code }
      recordCustody(path, { event: 'pack-failed', operator: given.operator, detail }, given.heads)
      throw error
    } finally {
      rmSync(temporary, { force: true })
    }
    process.stdout.write(`${out}: ${packed.length} files\nSHA-256 ${await fileSha256(out)}\n`)
    return EXIT.complete
  })
}

async function described({ name, from }: ZipSource): Promise<PackedFile> {
  if (Buffer.isBuffer(from)) return { file: name, bytes: from.length, sha256: digestOf(from) }
  return { file: name, bytes: statSync(from.file).size, sha256: await fileSha256(from.file) }
}

/** Statements, signatures and responses of the log as files that OpenSSL reads. */
function vouchers(events: readonly CustodyEvent[]): ZipSource[] {
  return [
    ...eventsWith<StatementFact>(events, 'statement').map(({ number, fact }) => ({
      name: `statement-${number}.json`,
      from: Buffer.from(fact.text),
    })),
    ...eventsWith<SignatureFact>(events, 'signature').map(({ number, fact }) => ({
      name: `signature-${number}.${fact.algorithm === CMS ? 'p7s' : 'sig'}`,
      from: fact.value,
    })),
    ...eventsWith<TimeStampFact>(events, 'time-stamp').map(({ number, fact }) => ({
      name: `time-stamp-${number}.tsr`,
      from: fact.response,
    })),
  ]
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
      given.verify && manifest !== null && problems.length === 0
        ? verifyLedger(join(temporary, manifest.ledger)).problems
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
