/** Shared functions of the verbs that make or check vouchers (statement, signature, time stamp) of a sealed ledger. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'
import { fileSha256 } from '../../base/file-digest.ts'
import type {
  EntryTotals,
  ExaminationFacts,
  LedgerIdentity,
  LedgerReader,
} from '../../contracts/ledger-reader.ts'
import { openLedger } from '../../ledger/read/read.ts'
import type { StatedFacts } from '../../sign/statement.ts'
import { verifyFirst } from './verified.ts'

/** @throws UsageError when the ledger is not sealed; LedgerDamaged when it does not verify */
export async function withSealed<T>(
  path: string,
  heads: string | undefined,
  use: (ledger: LedgerReader) => T | Promise<T>,
): Promise<T> {
  await verifyFirst(path, { heads })
  const ledger = openLedger(path)
  try {
    if (!ledger.seal)
      throw new UsageError(
        `${path} is not sealed: finish it with seized resume, then its seal can be stated.`,
      )
    return await use(ledger)
  } finally {
    ledger.close()
  }
}

export async function statedFactsOf(
  ledger: LedgerIdentity & ExaminationFacts & EntryTotals,
): Promise<StatedFacts> {
  return {
    case: ledger.case.caseId,
    exhibit: ledger.case.exhibitId,
    evidenceDigest: ledger.seal?.evidenceDigest ?? '',
    analysisDigest: ledger.seal?.analysisDigest ?? '',
    inventoryDigest: ledger.inventoryDigest(),
    chainHead: ledger.chainHead,
    ledgerSha256: await fileSha256(ledger.path),
  }
}

/** @throws UsageError when the file exists */
export function refuseExisting(option: string, file: string): void {
  if (existsSync(file)) throw new UsageError(`${option} ${file} exists: nothing is overwritten.`)
}

/** Creates a new file; an existing file is never overwritten. @throws UsageError */
export function writeNew(option: string, file: string, bytes: string | Buffer): void {
  try {
    writeFileSync(file, bytes, { flag: 'wx' })
  } catch (cause) {
    throw new UsageError(
      `${option} ${file} could not be written (${(cause as NodeJS.ErrnoException).code}).`,
      { cause },
    )
  }
}

/** Size limit of signatures, requests and responses, which are small. */
const MOST_BYTES = 1 << 20

/** @throws UsageError when the file cannot be read or is too large */
export function readSmall(option: string, file: string): Buffer {
  try {
    if (statSync(file).size <= MOST_BYTES) return readFileSync(file)
  } catch (cause) {
    throw new UsageError(`${option} ${file} could not be read (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
    })
  }
  throw new UsageError(`${option} ${file} is larger than any such file.`)
}
