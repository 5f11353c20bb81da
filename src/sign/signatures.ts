/**
 * Signatures of a statement: Ed25519 by a bare key, or CMS by a certificate. They are made as facts of the custody log,
 * and checked.
 */
import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
  type X509Certificate,
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import { UsageError } from '../base/errors.ts'
import { printText } from '../base/evidence-path.ts'
import type { SignatureFact } from '../contracts/custody.ts'
import { nameOf, problemOf, validityProblem } from './certificates.ts'
import { checkCms, makeDetachedCms, type SignBytes } from './cms.ts'
import { NotDer } from './der.ts'

export const ED25519 = 'ed25519'
export const CMS = 'cms-cades'

/** Keys and certificates that the laboratory trusts; null: none were given. */
export interface Trusted {
  readonly keys: readonly KeyObject[]
  readonly certificates: readonly X509Certificate[]
}

export interface CheckedSignature {
  /** Name of the signer, from the key or the certificate. */
  readonly by: string
  readonly problems: readonly string[]
  /** Facts that are not shown, and how to show them. */
  readonly notes: readonly string[]
}

/** @throws UsageError when the file has no Ed25519 key that this passphrase opens */
export function readEd25519(file: string, passphrase: string | null): KeyObject {
  let key: KeyObject
  try {
    key = createPrivateKey({ key: readFileSync(file), ...(passphrase === null ? {} : { passphrase }) })
  } catch (cause) {
    throw new UsageError(`--key ${file} could not be read as a private key (${(cause as Error).message}).`, {
      cause,
    })
  }
  if (key.asymmetricKeyType !== ED25519)
    throw new UsageError(
      `--key ${file} is a key of the kind ${key.asymmetricKeyType}: Ed25519 is wanted (openssl genpkey -algorithm ed25519).`,
    )
  return key
}

export function signWithKey(
  text: string,
  statement: number,
  operator: string,
  key: KeyObject,
): SignatureFact {
  return {
    kind: 'signature',
    statement,
    algorithm: ED25519,
    signer: `${operator}, key ${rawKey(createPublicKey(key)).toString('hex')}`,
    certificate: null,
    value: sign(null, Buffer.from(text), key),
  }
}

/** @throws UsageError when the certificate is not valid now, or the signature made with it does not verify */
export async function signWithCertificate(
  text: string,
  statement: number,
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  at: Date,
  signBytes: SignBytes,
): Promise<SignatureFact> {
  const outOfDate = validityProblem(certificate, at)
  if (outOfDate !== null) throw new UsageError(`Nothing was signed: ${outOfDate}.`)
  try {
    const value = await makeDetachedCms(Buffer.from(text), certificate, others, at, signBytes)
    checkCms(value, Buffer.from(text))
    return {
      kind: 'signature',
      statement,
      algorithm: CMS,
      signer: nameOf(certificate),
      certificate: certificate.raw,
      value,
    }
  } catch (error) {
    if (!(error instanceof NotDer)) throw error
    throw new UsageError(`Nothing was signed: ${error.message}. Are key and certificate of one pair?`, {
      cause: error,
    })
  }
}

/** @param at time of the signature, from the custody log */
export function checkSignature(
  text: string,
  { algorithm, signer, value, certificate }: SignatureFact,
  at: Date,
  trusted: Trusted | null,
): CheckedSignature {
  if (algorithm === ED25519) return checkKey(text, signer, value, trusted)
  if (algorithm !== CMS)
    return {
      by: printText(signer),
      problems: [`it is of the kind ${printText(algorithm)}, which is not known here`],
      notes: [],
    }
  try {
    const cms = checkCms(value, Buffer.from(text))
    const by = nameOf(cms.certificate)
    if (certificate && !cms.certificate.raw.equals(certificate))
      return { by, problems: ['its certificate is not the one that the custody log has'], notes: [] }
    if (trusted === null) {
      const old = validityProblem(cms.certificate, at)
      return {
        by,
        problems: old === null ? [] : [old],
        notes: [
          `who stands behind the certificate of ${by} (SHA-256 ${cms.certificate.fingerprint256}) was not checked: give --trust with the authority's certificate`,
        ],
      }
    }
    const problem = problemOf(cms.certificate, cms.certificates, trusted.certificates, at)
    return { by, problems: problem === null ? [] : [problem], notes: [] }
  } catch (error) {
    if (!(error instanceof NotDer)) throw error
    return { by: printText(signer), problems: [error.message], notes: [] }
  }
}

/**
 * The key of a signature without a certificate, from the words that name its signer. @returns null where they contain
 * no key
 */
export function publicKeyOf(signer: string): { readonly hex: string; readonly pem: string } | null {
  const hex = /, key ([0-9a-f]{64})$/.exec(signer)?.[1]
  return hex === undefined
    ? null
    : { hex, pem: ed25519Key(hex).export({ type: 'spki', format: 'pem' }).toString() }
}

function ed25519Key(hex: string): KeyObject {
  const x = Buffer.from(hex, 'hex').toString('base64url')
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
}

function checkKey(text: string, signer: string, value: Buffer, trusted: Trusted | null): CheckedSignature {
  const by = printText(signer)
  const raw = /, key ([0-9a-f]{64})$/.exec(signer)?.[1]
  if (raw === undefined) return { by, problems: ['it does not name its key'], notes: [] }
  if (!verify(null, Buffer.from(text), ed25519Key(raw), value))
    return { by, problems: ['the signature does not hold: statement or signature is another'], notes: [] }
  if (trusted === null)
    return {
      by,
      problems: [],
      notes: [
        `whose key ${raw} is was not checked: compare it with the one kept elsewhere, or give it with --trust`,
      ],
    }
  const isTrusted = trusted.keys.some(
    (one) => one.asymmetricKeyType === ED25519 && rawKey(one).toString('hex') === raw,
  )
  return { by, problems: isTrusted ? [] : [`the key ${raw} is none that is trusted here`], notes: [] }
}

function rawKey(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).x!, 'base64url')
}
