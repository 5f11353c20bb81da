/**
 * Certificates: the name of the holder, the chain to an authority that the laboratory trusts, and the period of
 * validity.
 */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { UsageError } from '../base/errors.ts'
import { printText } from '../base/evidence-path.ts'

/** More would be no chain. */
const MOST_LINKS = 8
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** All certificates of a PEM file, or the one of a DER file. @throws UsageError when the file has none */
export function readCertificates(file: string): readonly X509Certificate[] {
  try {
    const bytes = readFileSync(file)
    const blocks = bytes.toString('latin1').match(PEM)
    return blocks ? blocks.map((block) => new X509Certificate(block)) : [new X509Certificate(bytes)]
  } catch (cause) {
    throw new UsageError(`${file} holds no certificate that can be read (${(cause as Error).message}).`, {
      cause,
    })
  }
}

/** `CN=A. Example, O=Laboratory`, printable. */
export function nameOf({ subject }: X509Certificate): string {
  return printText(subject.split('\n').reverse().join(', '))
}

/**
 * @param trusted authorities, or the certificate itself
 * @returns a sentence with the problem; null when a trusted authority issued it and it was valid at that time
 */
export function problemOf(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  at: Date,
): string | null {
  const outOfDate = validityProblem(certificate, at)
  if (outOfDate !== null) return outOfDate
  let one = certificate
  for (let link = 0; link < MOST_LINKS; link++) {
    if (trusted.some(({ raw }) => raw.equals(one.raw))) return null
    const authority =
      trusted.find((other) => issued(other, one)) ??
      others.find((other) => other.ca && !other.raw.equals(one.raw) && issued(other, one))
    if (!authority) break
    const old = validityProblem(authority, at)
    if (old !== null) return old
    one = authority
  }
  return `no authority that is trusted here stands behind the certificate of ${nameOf(certificate)}`
}

/** @returns null when it held then */
export function validityProblem(certificate: X509Certificate, at: Date): string | null {
  const [from, to] = [new Date(certificate.validFrom), new Date(certificate.validTo)]
  return at >= from && at <= to
    ? null
    : `the certificate of ${nameOf(certificate)} holds from ${from.toISOString()} to ${to.toISOString()}, and not on ${at.toISOString()}`
}

function issued(authority: X509Certificate, one: X509Certificate): boolean {
  return one.checkIssued(authority) && one.verify(authority.publicKey)
}
