/** The person that a client certificate names: the common name (CN) of its subject, as the case names the person. */
import type { TLSSocket } from 'node:tls'

export interface Certified {
  /** Common name of the subject. */
  readonly name: string
  /** SHA-256 of the certificate, lower-case hex. */
  readonly certificate: string
  /** Hex. */
  readonly serial: string
  readonly validToMs: number
}

export type RefusedCertificate =
  | 'certificate-missing'
  | 'certificate-untrusted'
  | 'certificate-expired'
  | 'certificate-revoked'
  /** No common name, or several. */
  | 'certificate-name'

const BY_CODE: Readonly<Record<string, RefusedCertificate>> = {
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-expired',
  CERT_REVOKED: 'certificate-revoked',
}

const MOST_NAME = 200

/** @param socket after its handshake */
export function certifiedBy(socket: TLSSocket): Certified | RefusedCertificate {
  const read = socket.getPeerX509Certificate()
  if (read === undefined) return 'certificate-missing'
  // A session that is taken up again would keep the answer of an earlier check.
  if (!socket.authorized || socket.isSessionReused())
    return BY_CODE[String(socket.authorizationError)] ?? 'certificate-untrusted'
  const { CN: name } = socket.getPeerCertificate().subject as { readonly CN?: string | string[] }
  if (typeof name !== 'string' || !isName(name)) return 'certificate-name'
  return {
    name,
    certificate: digestOf(read.fingerprint256),
    serial: read.serialNumber.toLowerCase(),
    validToMs: Date.parse(read.validTo),
  }
}

/** `AB:CD…` as lower-case hex. */
export function digestOf(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase()
}

function isName(name: string): boolean {
  return name !== '' && name.trim() === name && name.length <= MOST_NAME && !/\p{C}/u.test(name)
}
