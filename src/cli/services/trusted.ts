/** `--trust`: files with the certificates and public keys that this laboratory trusts. */
import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'
import { readCertificates } from '../../sign/certificates.ts'
import type { Trusted } from '../../sign/signatures.ts'

/** @returns null when no file was named. @throws UsageError when a file contains neither */
export function trustedIn(files: readonly string[]): Trusted | null {
  if (files.length === 0) return null
  const keys = files.filter(isKey)
  return {
    keys: keys.map((file) => {
      try {
        return createPublicKey(readFileSync(file))
      } catch (cause) {
        throw new UsageError(
          `--trust ${file} holds no public key that can be read (${(cause as Error).message}).`,
          { cause },
        )
      }
    }),
    certificates: files.filter((file) => !keys.includes(file)).flatMap(readCertificates),
  }
}

function isKey(file: string): boolean {
  try {
    return readFileSync(file, 'latin1').includes('-----BEGIN PUBLIC KEY-----')
  } catch (cause) {
    throw new UsageError(`--trust ${file} could not be read (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
    })
  }
}
