/**
 * What an earlier run of an export left: a partial file that may be gone on with, or an end that was logged and not yet named.
 * A partial file holds contents that left on one basis; it is never filled up on another.
 */
import { existsSync, renameSync } from 'node:fs'
import { basename } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { fileSha256 } from '../../base/file-digest.ts'
import type { CustodyEvent } from '../../contracts/custody.ts'
import type { CustodyRecord } from '../../contracts/ledger-reader.ts'
import { crashPoint } from '../../ledger/write/crash-hook.ts'

export interface ExportFiles {
  readonly out: string
  /** Working file of the ZIP. */
  readonly partial: string
  /** Paper record, and its working file. */
  readonly record: string
  readonly partialRecord: string
}

export function exportFiles(out: string): ExportFiles {
  const record = `${out}.record.txt`
  return { out, partial: `${out}.partial`, record, partialRecord: `${record}.partial` }
}

/** Both files get their names: the log has their digests. */
export function nameExport({ out, partial, record, partialRecord }: ExportFiles): void {
  if (existsSync(partialRecord)) renameSync(partialRecord, record)
  crashPoint('export:named')
  renameSync(partial, out)
}

/**
 * An export whose end is in the log, and which was killed before its files had their names.
 * @returns the event of its end; null: there is none
 */
export async function loggedEnd(ledger: CustodyRecord, files: ExportFiles): Promise<CustodyEvent | null> {
  const last = eventsOf(ledger, files).at(-1)
  if (last?.event !== 'export-ended' || !existsSync(files.partial) || existsSync(files.out)) return null
  return (await fileSha256(files.partial)) === last.detail.zipSha256 ? last : null
}

/** What must be equal in the event that began a partial file and the one that goes on with it. */
const BASIS = ['basis', 'second', 'listSha256'] as const

/**
 * @param detail of the event that would go on with the partial file
 * @throws UsageError where it was begun for other contents, on another basis, with another person, or of another ledger
 */
export function requireSameBasis(
  ledger: CustodyRecord,
  files: ExportFiles,
  detail: Readonly<Record<string, string>>,
): void {
  const begun = eventsOf(ledger, files).findLast(({ event }) => event === 'export-begun')
  if (begun !== undefined && BASIS.every((key) => begun.detail[key] === detail[key])) return
  throw new UsageError(
    `${printText(files.partial)} was begun ${begun === undefined ? 'by no event of this ledger' : 'for other contents, on another basis or with another person'}: what it holds cannot leave on this one. Give the same, or remove the file and begin anew.`,
  )
}

function eventsOf(ledger: CustodyRecord, { out }: ExportFiles): readonly CustodyEvent[] {
  return ledger
    .custody()
    .filter(({ event, detail }) => event.startsWith('export-') && detail.out === basename(out))
}
