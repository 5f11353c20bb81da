/** The agency's trust list for content credentials: its certificates go into the plan, so that a resumed run needs no file. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'
import type { PlanOptions } from '../../contracts/case.ts'
import { readCertificates } from '../../sign/certificates.ts'

/** The official list of C2PA has some dozens. */
const MOST_CERTIFICATES = 300

/** @throws UsageError when the file has no certificate that can be read, or too many */
export function readTrustList(file: string): NonNullable<PlanOptions['trustList']> {
  const certificates = readCertificates(file).map(({ raw }) => raw.toString('base64'))
  if (certificates.length > MOST_CERTIFICATES)
    throw new UsageError(`--c2pa-trust ${file} holds more than ${MOST_CERTIFICATES} certificates.`)
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex')
  return { sha256, certificates: [...new Set(certificates)].sort() }
}
