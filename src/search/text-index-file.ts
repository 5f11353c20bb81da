/** Path of a ledger's text index. Separate from the index itself, whose library takes time to load. */
import { existsSync } from 'node:fs'
import { UsageError } from '../base/errors.ts'

export function textIndexPath(ledgerPath: string): string {
  return `${ledgerPath}.text.sqlite`
}

/** @throws UsageError when an index already exists: it would be searched as if it were the new ledger's */
export function refuseTextIndex(ledgerPath: string): void {
  const path = textIndexPath(ledgerPath)
  if (existsSync(path))
    throw new UsageError(`${path} exists already, from another ledger of this name: move or delete it first.`)
}
