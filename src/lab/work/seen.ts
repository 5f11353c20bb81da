/** Contents with a finding, as keys that nobody can try digests against without the laboratory's key. */
import { foundContents } from '../../ledger/read/found-contents.ts'
import type { Result } from '../queue/finish.ts'
import { keyedDigest } from './keyed.ts'

/**
 * @param key of the laboratory, the same on every host
 * @param all every content, for which the laboratory has declared a legal basis
 */
export function seenIn(ledgerPath: string, key: Buffer, all: boolean): Result['seen'] {
  const keyed = keyedDigest(key)
  return foundContents(ledgerPath, all)
    .map(({ sha256, entries, said }) => ({
      key: keyed(sha256),
      entries,
      meaning: said,
    }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
}
