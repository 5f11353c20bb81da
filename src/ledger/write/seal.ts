/** The seal: both digests and the totals, as the last row of a ledger. */

import { storedJson } from '../../base/stored-json.ts'
import type { Digested } from '../digests/digests.ts'
import type { Put } from './appender.ts'

export { readSeal } from '../format/seal-row.ts'

export function putSeal(
  put: Put,
  { evidenceDigest, analysisDigest, inventoryDigest, ...totals }: Digested,
  { utc, account }: { readonly utc: string; readonly account: string },
): void {
  put('event', [utc, 'sealed', account, storedJson({})])
  put('seal', [1, utc, evidenceDigest, analysisDigest, inventoryDigest, storedJson(totals)])
}
