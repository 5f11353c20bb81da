/** Contents with a finding, as keys that nobody can try digests against without the laboratory's key. */
import { createHmac } from 'node:crypto'
import { foundContents } from '../../ledger/read/found-contents.ts'
import type { Result } from '../queue/finish.ts'

/**
 * @param key of the laboratory, the same on every host
 * @param all every content, for which the laboratory has declared a legal basis
 */
export function seenIn(ledgerPath: string, key: Buffer, all: boolean): Result['seen'] {
  return foundContents(ledgerPath, all)
    .map(({ sha256, entries, said }) => ({
      key: createHmac('sha256', key).update(sha256).digest(),
      entries,
      meaning: said,
    }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
}
