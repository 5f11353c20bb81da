/** Path of the similarities beside a ledger. Separate from what reads them, whose library takes time to load. */
import { existsSync } from 'node:fs'
import { UsageError } from '../base/errors.ts'

export function similarPath(ledgerPath: string): string {
  return `${ledgerPath}.similar.sqlite`
}

/** @throws UsageError when such a file exists already: it would order the new ledger's contents by another exhibit */
export function refuseSimilar(ledgerPath: string): void {
  const path = similarPath(ledgerPath)
  if (existsSync(path))
    throw new UsageError(`${path} exists already, from another ledger of this name: move or delete it first.`)
}
