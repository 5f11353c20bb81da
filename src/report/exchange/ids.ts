/** Ids that are equal in every export: UUID version 5 of the object's name. @see RFC 9562, 5.5 */
import { createHash } from 'node:crypto'
import type { ExaminationFacts } from '../../contracts/ledger-reader.ts'

/** Generated once at random for this program. */
const NAMESPACE = Buffer.from('8d3c2f5e6a914c0f9b1d47e0a5c86213', 'hex')

/** @param name name of the object, its kind first; the parts are kept separate */
export function uuidOf(
  ledger: { readonly case: Pick<ExaminationFacts['case'], 'caseId' | 'exhibitId'> },
  ...name: readonly (string | Buffer)[]
): string {
  const hash = createHash('sha1').update(NAMESPACE)
  for (const part of [ledger.case.caseId, ledger.case.exhibitId, ...name]) {
    const bytes = Buffer.from(part)
    hash.update(`${bytes.length}:`).update(bytes)
  }
  const id = hash.digest().subarray(0, 16)
  id[6] = (id[6]! & 0x0f) | 0x50
  id[8] = (id[8]! & 0x3f) | 0x80
  const hex = id.toString('hex')
  return [0, 8, 12, 16, 20].map((at, i, all) => hex.slice(at, all[i + 1])).join('-')
}
