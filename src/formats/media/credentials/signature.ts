/**
 * Signature of a claim: COSE_Sign1 with certificates (RFC 9052, RFC 9360).
 *
 * Whether a certificate was valid at the time of signing is asked with a trust list alone (trust.ts).
 */
import { constants, type KeyObject, verify, X509Certificate } from 'node:crypto'
import { type Cbor, decodeCbor, encodeArray, isMap } from './cbor.ts'
import { stampedTime } from './stamped-time.ts'

export interface Signature {
  readonly state: 'holds' | 'broken' | 'not-checked'
  /** Certificates, the signer's first. */
  readonly chain: readonly X509Certificate[]
  /** Milliseconds that its time stamp states; null: none. */
  readonly stampedMs: number | null
}

const ALGORITHM = 1
const CHAIN = 33

/** Codes of IANA's registry "COSE Algorithms". */
const ALGORITHMS: Readonly<Record<number, { readonly digest: string | null; readonly isPss: boolean }>> = {
  [-7]: { digest: 'sha256', isPss: false },
  [-35]: { digest: 'sha384', isPss: false },
  [-36]: { digest: 'sha512', isPss: false },
  [-37]: { digest: 'sha256', isPss: true },
  [-38]: { digest: 'sha384', isPss: true },
  [-39]: { digest: 'sha512', isPss: true },
  [-8]: { digest: null, isPss: false },
}

/** @param claim bytes of the claim, which the signature covers @throws CborDamaged */
export function checkSignature(stored: Buffer, claim: Buffer): Signature {
  const parts = decodeCbor(stored)
  if (!Array.isArray(parts) || !Buffer.isBuffer(parts[0]) || !Buffer.isBuffer(parts[3]))
    return { state: 'not-checked', chain: [], stampedMs: null }
  const protectedHeader = parts[0].length > 0 ? decodeCbor(parts[0]) : null
  const chain = chainOf(field(protectedHeader, CHAIN, 'x5chain') ?? field(parts[1], CHAIN, 'x5chain'))
  const algorithm = ALGORITHMS[Number(field(protectedHeader, ALGORITHM, 'alg'))]
  const key = chain[0] && keyOf(chain[0])
  if (!algorithm || !key) return { state: 'not-checked', chain, stampedMs: null }
  const covered = encodeArray(['Signature1', parts[0], Buffer.alloc(0), claim])
  const isHeld = holds(algorithm, covered, key, parts[3]) && chainHolds(chain)
  const of = { protectedHeader: parts[0], claim, signature: parts[3] }
  return { state: isHeld ? 'holds' : 'broken', chain, stampedMs: stampedTime(parts[1], of) }
}

function holds(
  { digest, isPss }: { readonly digest: string | null; readonly isPss: boolean },
  covered: Buffer,
  key: KeyObject,
  signature: Buffer,
): boolean {
  const pss = {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  }
  // Some programs write the signature of a curve as DER.
  const dsaEncoding = signature[0] === 0x30 && signature.length === signature[1]! + 2 ? 'der' : 'ieee-p1363'
  try {
    return verify(digest, covered, isPss ? pss : { key, dsaEncoding }, signature)
  } catch (error) {
    // A key of another kind than the algorithm says.
    if (error instanceof Error) return false
    throw error
  }
}

/** Each certificate was issued with the key of the next. */
function chainHolds(chain: readonly X509Certificate[]): boolean {
  return chain.every((certificate, i) => {
    const issuer = chain[i + 1]
    const key = issuer && keyOf(issuer)
    return issuer === undefined || (key !== null && key !== undefined && certificate.verify(key))
  })
}

/** @returns null for a key that cannot be read */
function keyOf(certificate: X509Certificate): KeyObject | null {
  try {
    return certificate.publicKey
  } catch (error) {
    if (error instanceof Error) return null
    throw error
  }
}

function field(header: Cbor | undefined, code: number, name: string): Cbor | undefined {
  return isMap(header) ? (header.get(code) ?? header.get(name)) : undefined
}

function chainOf(value: Cbor | undefined): X509Certificate[] {
  const chain: X509Certificate[] = []
  for (const der of Array.isArray(value) ? value : [value]) {
    if (!Buffer.isBuffer(der) || chain.length >= 10) break
    try {
      chain.push(new X509Certificate(der))
    } catch (error) {
      if (!(error instanceof Error)) throw error
      break
    }
  }
  return chain
}
