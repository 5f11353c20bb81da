/**
 * CMS SignedData: made detached with the attributes of CAdES-BES, and checked, both detached and as a time stamp token.
 *
 * The signature covers the set of attributes, which contains the content's digest. Both are checked, and also that the
 * certificate is the one named in the attributes. @see RFC 5652, RFC 5035; ETSI EN 319 122-1
 */
import { constants, createHash, type KeyObject, verify, X509Certificate } from 'node:crypto'
import {
  context,
  type Der,
  der,
  expected,
  inside,
  integer,
  NotDer,
  octets,
  oid,
  readDer,
  readOid,
  sequence,
  setOf,
  TAG,
  utcTime,
} from './der.ts'
import { DIGESTS, OID, SIGNATURES } from './oids.ts'

/** Signs bytes with RSA (PKCS #1 v1.5) or ECDSA, SHA-256. */
export type SignBytes = (bytes: Buffer) => Buffer | Promise<Buffer>

/**
 * @param others certificates of authorities to include
 * @param at the stated time; null: none, as PAdES requires
 */
export async function makeDetachedCms(
  content: Buffer,
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  at: Date | null,
  sign: SignBytes,
): Promise<Buffer> {
  const isRsa = certificate.publicKey.asymmetricKeyType === 'rsa'
  if (!isRsa && certificate.publicKey.asymmetricKeyType !== 'ec')
    throw new NotDer(
      `a certificate with a key of the kind ${certificate.publicKey.asymmetricKeyType} cannot sign here: RSA and EC can`,
    )
  const attributes = [
    attribute(OID.contentType, oid(OID.data)),
    attribute(OID.messageDigest, octets(sha('sha256', content))),
    ...(at === null ? [] : [attribute(OID.signingTime, utcTime(at))]),
    // SHA-256 is the default and must not be named.
    attribute(OID.signingCertificateV2, sequence(sequence(sequence(octets(sha('sha256', certificate.raw)))))),
  ]
  const signed = setOf(...attributes)
  const { issuer, serial } = namesOf(certificate.raw)
  const sha256 = sequence(oid(OID.sha256))
  const signerInfo = sequence(
    integer(1),
    sequence(issuer.whole, serial.whole),
    sha256,
    retagged(signed, context(0)),
    isRsa ? sequence(oid(OID.sha256WithRsa), der(TAG.null)) : sequence(oid(OID.ecdsaWithSha256)),
    octets(await sign(signed)),
  )
  const certificates = der(context(0), ...[certificate, ...others].map(({ raw }) => raw))
  const signedData = sequence(
    integer(1),
    setOf(sha256),
    sequence(oid(OID.data)),
    certificates,
    setOf(signerInfo),
  )
  return sequence(oid(OID.signedData), der(context(0), signedData))
}

export interface CheckedCms {
  readonly certificate: X509Certificate
  /** All that travel with it, the signer's included. */
  readonly certificates: readonly X509Certificate[]
  /** Dotted. */
  readonly contentType: string
  /** Of a token; the detached content itself else. */
  readonly content: Buffer
  /** As the signer states it; null when not stated. */
  readonly signingTime: Der | null
}

/**
 * @param detached the signed content, where it is not inside
 * @throws NotDer with a sentence when it is no CMS, or its signature does not verify
 */
export function checkCms(bytes: Buffer, detached: Buffer | null): CheckedCms {
  const [type, explicit] = inside(readDer(bytes), TAG.sequence)
  if (readOid(type) !== OID.signedData) throw new NotDer('it is no signed data')
  const parts = [...inside(inside(explicit, context(0))[0], TAG.sequence)]
  expected(parts.shift(), TAG.integer)
  expected(parts.shift(), TAG.set)
  const [contentTypeOid, encapsulated] = inside(parts.shift(), TAG.sequence)
  const contentType = readOid(contentTypeOid)
  const certificates =
    parts[0]?.tag === context(0) ? inside(parts.shift(), context(0)).map(({ whole }) => parsed(whole)) : []
  if (parts[0]?.tag === context(1)) parts.shift()
  const signers = inside(parts[0], TAG.set)
  if (signers.length !== 1) throw new NotDer(`it has ${signers.length} signatures and not one`)
  const content = encapsulated ? expected(inside(encapsulated, context(0))[0], TAG.octets).value : detached
  if (content === null) throw new NotDer('it holds no content')
  return {
    ...checkSigner(signers[0]!, certificates, contentType, content),
    certificates,
    contentType,
    content,
  }
}

function checkSigner(
  signer: Der,
  certificates: readonly X509Certificate[],
  contentType: string,
  content: Buffer,
): Pick<CheckedCms, 'certificate' | 'signingTime'> {
  const [, sid, digestAlgorithm, attributes, signatureAlgorithm, signature] = inside(signer, TAG.sequence)
  const certificate = certificates.find((one) => isNamed(one, sid))
  if (!certificate) throw new NotDer('the certificate of the signer is not in it')
  const digest = DIGESTS[readOid(inside(digestAlgorithm, TAG.sequence)[0])]
  if (digest === undefined) throw new NotDer('its digest is none that counts (SHA-256, SHA-384, SHA-512)')
  const values = attributesOf(attributes)
  if (readOid(values.get(OID.contentType)) !== contentType)
    throw new NotDer('its content type is not the one that was signed')
  if (!expected(values.get(OID.messageDigest), TAG.octets).value.equals(sha(digest, content)))
    throw new NotDer('it is the signature of another text')
  checkNamedCertificate(values, certificate)
  const signed = retagged(expected(attributes, context(0)).whole, TAG.set)
  const algorithm = SIGNATURES[readOid(inside(signatureAlgorithm, TAG.sequence)[0])]
  if (!algorithm) throw new NotDer('it is signed by a method that is not read here')
  const value = expected(signature, TAG.octets).value
  if (!holds(certificate.publicKey, algorithm, algorithm.digest ?? digest, signed, value))
    throw new NotDer('the signature does not hold')
  return { certificate, signingTime: values.get(OID.signingTime) ?? null }
}

function holds(
  key: KeyObject,
  { kind }: { readonly kind: 'rsa' | 'pss' | 'ecdsa' },
  digest: string,
  signed: Buffer,
  value: Buffer,
): boolean {
  if ((kind === 'ecdsa') !== (key.asymmetricKeyType === 'ec')) return false
  const padding =
    kind === 'pss'
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO }
      : {}
  try {
    return verify(digest, signed, { key, ...padding }, value)
  } catch (cause) {
    throw new NotDer(`the signature cannot be checked (${(cause as Error).message})`, { cause })
  }
}

/** Where the attributes name the certificate by its digest, another certificate with the same key is refused. */
function checkNamedCertificate(values: ReadonlyMap<string, Der>, { raw }: X509Certificate): void {
  const [v2, v1] = [values.get(OID.signingCertificateV2), values.get(OID.signingCertificate)]
  const named = v2 ?? v1
  if (!named) return
  const parts = inside(inside(inside(named, TAG.sequence)[0], TAG.sequence)[0], TAG.sequence)
  const algorithm =
    v2 && parts[0]?.tag === TAG.sequence
      ? DIGESTS[readOid(inside(parts[0], TAG.sequence)[0])]
      : v2
        ? 'sha256'
        : 'sha1'
  const hash = parts.find(({ tag }) => tag === TAG.octets)
  if (algorithm === undefined || !expected(hash, TAG.octets).value.equals(sha(algorithm, raw)))
    throw new NotDer('its certificate is not the one that the signature names')
}

function attributesOf(attributes: Der | undefined): ReadonlyMap<string, Der> {
  const values = new Map<string, Der>()
  for (const one of inside(attributes, context(0))) {
    const [type, set] = inside(one, TAG.sequence)
    const [value, second] = inside(set, TAG.set)
    const name = readOid(type)
    if (value === undefined || second !== undefined || values.has(name))
      throw new NotDer('an attribute has not one value')
    values.set(name, value)
  }
  return values
}

function attribute(type: string, value: Buffer): Buffer {
  return sequence(oid(type), setOf(value))
}

function isNamed({ raw }: X509Certificate, sid: Der | undefined): boolean {
  const [issuer, serial] = inside(sid, TAG.sequence)
  const own = namesOf(raw)
  return issuer?.whole.equals(own.issuer.whole) === true && serial?.whole.equals(own.serial.whole) === true
}

function namesOf(certificate: Buffer): { readonly issuer: Der; readonly serial: Der } {
  const parts = inside(inside(readDer(certificate), TAG.sequence)[0], TAG.sequence)
  const [serial, , issuer] = parts[0]?.tag === context(0) ? parts.slice(1) : parts
  return { issuer: expected(issuer, TAG.sequence), serial: expected(serial, TAG.integer) }
}

function retagged(whole: Buffer, tag: number): Buffer {
  return Buffer.concat([Buffer.from([tag]), whole.subarray(1)])
}

function parsed(raw: Buffer): X509Certificate {
  try {
    return new X509Certificate(raw)
  } catch (cause) {
    throw new NotDer('a certificate in it cannot be read', { cause })
  }
}

function sha(name: string, bytes: Buffer): Buffer {
  return createHash(name).update(bytes).digest()
}
