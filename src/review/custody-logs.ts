/** Custody logs of one or many ledgers, named directly or found below folders. */
import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UsageError } from '../base/errors.ts'
import { custodyPath, readCustody } from '../ledger/custody/custody.ts'
import type { LogOfLedger } from './exposure.ts'

const SUFFIX = '.custody.sqlite'

/** Ledgers in order of their paths, each once. @throws UsageError when there is no log to read */
export function ledgersWithLogs(named: readonly string[]): readonly string[] {
  const ledgers = new Set(named.flatMap((one) => ledgersAt(resolve(one))))
  if (ledgers.size === 0) throw new UsageError(`There is no custody log at ${named.join(', ')}.`)
  return [...ledgers].sort()
}

export function logOf(ledger: string): LogOfLedger {
  return { ledger, events: readCustody(ledger) }
}

/** For a folder, all ledgers below it; for a file, the ledger itself or the ledger of that log. */
function ledgersAt(path: string): readonly string[] {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isDirectory())
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => join(path, name.slice(0, -SUFFIX.length)))
  const ledger = path.endsWith(SUFFIX) ? path.slice(0, -SUFFIX.length) : path
  if (!statSync(custodyPath(ledger), { throwIfNoEntry: false }))
    throw new UsageError(`${path} has no custody log beside it: nothing was decided or seen of it.`)
  return [ledger]
}
