/** Certificate and key of the server, authorities of persons and revoked certificates, checked before a case is served. */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { digestOf } from './certificate.ts'
import type { ServerKeys } from './listener.ts'

export interface KeyFiles {
  readonly tls: string
  readonly key: string
  readonly clients: string
  readonly crl: string | undefined
}

/** @throws UsageError for a file that is not what it should be */
export function readServerKeys({ tls, key, clients, crl }: KeyFiles): ServerKeys {
  const keys = {
    cert: bytesOf('--tls', tls),
    key: bytesOf('--key', key),
    ca: bytesOf('--clients', clients),
    crl: crl === undefined ? null : bytesOf('--crl', crl),
  }
  if ((statSync(key).mode & 0o077) !== 0)
    throw new UsageError(`--key ${printText(key)} is readable by others: chmod 600.`)
  const certificate = checked('--tls', tls, () => new X509Certificate(keys.cert))
  const pair = checked('--key', key, () => createPrivateKey(keys.key))
  if (!certificate.checkPrivateKey(pair))
    throw new UsageError(`--key ${printText(key)} is not the key of --tls ${printText(tls)}.`)
  if (Date.parse(certificate.validTo) <= Date.now())
    throw new UsageError(`--tls ${printText(tls)} expired on ${certificate.validTo}.`)
  const authority = checked('--clients', clients, () => new X509Certificate(keys.ca))
  if (!authority.ca)
    throw new UsageError(`--clients ${printText(clients)} is no certificate of an authority.`)
  checked('--crl', crl ?? '', () => createSecureContext({ ca: keys.ca, ...(keys.crl && { crl: keys.crl }) }))
  return keys
}

/** For the log of the case. */
export function digestsOf({ cert, ca, crl }: ServerKeys): Readonly<Record<string, string>> {
  return {
    serverCertificate: digestOf(new X509Certificate(cert).fingerprint256),
    clientsSha256: sha256(ca),
    ...(crl === null ? {} : { crlSha256: sha256(crl) }),
  }
}

/** Changes when the file does; empty without one. */
export function stampOf(file: string | undefined): string {
  const stat = file === undefined ? undefined : statSync(file, { bigint: true, throwIfNoEntry: false })
  return stat ? `${stat.ino} ${stat.size} ${stat.mtimeNs}` : ''
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function bytesOf(option: string, file: string): Buffer {
  return checked(option, file, () => readFileSync(file))
}

function checked<T>(option: string, file: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new UsageError(`${option} ${printText(file)} could not be used: ${(cause as Error).message}.`, {
      cause,
    })
  }
}
