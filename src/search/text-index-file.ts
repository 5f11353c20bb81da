/** Path of a ledger's text index. Separate from the index itself, whose library takes time to load. */
import { existsSync } from 'node:fs'
import { UsageError } from '../base/errors.ts'
import { printText } from '../base/evidence-path.ts'
import type { EntryTotals } from '../contracts/ledger-reader.ts'

export function textIndexPath(ledgerPath: string): string {
  return `${ledgerPath}.text.sqlite`
}

/** @throws UsageError when an index already exists: it would be searched as if it were the new ledger's */
export function refuseTextIndex(ledgerPath: string): void {
  const path = textIndexPath(ledgerPath)
  if (existsSync(path))
    throw new UsageError(`${path} exists already, from another ledger of this name: move or delete it first.`)
}

/**
 * An index that a resumed run begins anew holds none of the texts that were read before, and every search would say nothing of them.
 * @throws UsageError when texts were read and their index is gone
 */
export function requireTextIndexKept(ledgerPath: string, ledger: Pick<EntryTotals, 'summary'>): void {
  const path = textIndexPath(ledgerPath)
  if (existsSync(path)) return
  const read = ledger.summary().stages['text-read']
  const texts = read.done + read['done-with-warnings']
  if (texts === 0) return
  throw new UsageError(
    `${printText(path)} is gone: the run had read the text of ${texts} entries into it, and a search would no longer find them. Put it back, or scan into a new ledger.`,
    { code: 'file-unusable' },
  )
}
