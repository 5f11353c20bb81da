/** Path of the blurred previews beside a ledger. Separate from what reads them, whose library takes time to load. */
import { existsSync } from 'node:fs'
import { UsageError } from '../base/errors.ts'

export function previewsPath(ledgerPath: string): string {
  return `${ledgerPath}.previews.sqlite`
}

/** @throws UsageError when such a file exists already: it would be shown as if it were the new ledger's */
export function refusePreviews(ledgerPath: string): void {
  const path = previewsPath(ledgerPath)
  if (existsSync(path))
    throw new UsageError(`${path} exists already, from another ledger of this name: move or delete it first.`)
}
