/**
 * Content credentials (C2PA) of a picture: whether the signature of its newest manifest holds, whether the signed
 * statements and the content are unchanged, and who signed.
 *
 * A signature that holds shows that these statements were signed with that key and not that they are true. Whether the
 * signer is known is asked of the agency's trust list, where it gave one.
 *
 * @see C2PA Technical Specification 2.1, chapters 8 (hashed URIs), 10 (claims), 13 (signatures), 18.5 (data hash)
 */
import { createHash, type X509Certificate } from 'node:crypto'
import { type Cbor, CborDamaged, type CborMap, decodeCbor, isMap } from './cbor.ts'
import { named, parseJumbf, type Superbox } from './jumbf.ts'
import { type ManifestStore, manifestStore } from './manifest-store.ts'
import { checkSignature, type Signature } from './signature.ts'
import { type Trust, trustIn } from './trust.ts'

export interface Credentials {
  /** `not-checked`: an algorithm or certificate that cannot be read. */
  readonly signature: Signature['state']
  /** Statements of the manifest against the hashes that are signed; `not-checked`: a hash without a known algorithm. */
  readonly statements: 'unchanged' | 'changed' | 'not-checked'
  /**
   * The content against the signed hash. `in-part`: the hash leaves out more than the manifest itself. `not-checked`:
   * bound in another way than by a hash of the file, or by an earlier manifest.
   */
  readonly content: 'unchanged' | 'changed' | 'in-part' | 'not-checked'
  /** As the certificates and the claim state it. */
  readonly signer: string
  readonly issuer: string
  readonly program: string
  /** SHA-256 of the signer's certificate, hex; empty: there is none. */
  readonly certificate: string
  /** Empty: no trust list was given, or the signature does not hold. */
  readonly trust: Trust['trust'] | ''
  readonly valid: Trust['valid']
}

export interface Unread {
  /** `place`: not where the format has it; `manifest`, `claim`, `signature`, `damaged`. */
  readonly unread: string
}

const ALGORITHMS: Readonly<Record<string, string>> = { sha256: 'sha256', sha384: 'sha384', sha512: 'sha512' }

/**
 * @param bytes a picture that has a manifest somewhere
 * @param anchors certificates of the agency's trust list; null: none was given
 */
export function contentCredentials(
  bytes: Buffer,
  anchors: readonly X509Certificate[] | null = null,
): Credentials | Unread {
  const store = manifestStore(bytes)
  if (!store) return { unread: 'place' }
  try {
    return checked(bytes, store, anchors)
  } catch (error) {
    if (error instanceof CborDamaged) return { unread: 'damaged' }
    throw error
  }
}

function checked(
  bytes: Buffer,
  store: ManifestStore,
  anchors: readonly X509Certificate[] | null,
): Credentials | Unread {
  const manifest = parseJumbf(store.bytes)?.inner.at(-1)
  if (!manifest) return { unread: 'manifest' }
  const claimBytes = cborOf(manifest, 'c2pa.claim.v2') ?? cborOf(manifest, 'c2pa.claim')
  const signatureBytes = cborOf(manifest, 'c2pa.signature')
  if (!claimBytes) return { unread: 'claim' }
  if (!signatureBytes) return { unread: 'signature' }
  const claim = decodeCbor(claimBytes)
  if (!isMap(claim)) return { unread: 'claim' }
  const { state, chain, stampedMs } = checkSignature(signatureBytes, claimBytes)
  const isAsked = anchors !== null && state === 'holds'
  return {
    signature: state,
    statements: statementsOf(manifest, claim),
    content: contentOf(bytes, store, manifest, claim),
    signer: nameIn(chain[0]?.subject),
    issuer: nameIn(chain[0]?.issuer),
    program: programOf(claim),
    certificate: (chain[0]?.fingerprint256 ?? '').replaceAll(':', '').toLowerCase(),
    ...(isAsked ? trustIn(chain, anchors, stampedMs) : { trust: '', valid: '' }),
  }
}

const cborOf = (manifest: Superbox, label: string): Buffer | undefined =>
  named(manifest, label)?.contents.get('cbor')

/** Every statement that the claim names is there, with its hash. */
function statementsOf(manifest: Superbox, claim: CborMap): Credentials['statements'] {
  const named = ['assertions', 'created_assertions', 'gathered_assertions'].flatMap((key) => {
    const list = claim.get(key)
    return Array.isArray(list) ? (list as Cbor[]) : []
  })
  const states = named.map((one) => (isMap(one) ? stateOf(manifest, claim, one) : 'not-checked'))
  if (states.includes('changed')) return 'changed'
  return states.length === 0 || states.includes('not-checked') ? 'not-checked' : 'unchanged'
}

function stateOf(manifest: Superbox, claim: CborMap, reference: CborMap): Credentials['statements'] {
  const box = statement(manifest, String(reference.get('url') ?? ''))
  const hash = reference.get('hash')
  const algorithm = algorithmOf(reference, claim)
  if (algorithm === undefined || !Buffer.isBuffer(hash)) return 'not-checked'
  if (!box) return 'changed'
  // Programs from before version 1.0 hashed what the last content box holds.
  const covered = [box.content, [...box.contents.values()].at(-1) ?? box.content]
  const isIt = covered.some((bytes) => createHash(algorithm).update(bytes).digest().equals(hash))
  return isIt ? 'unchanged' : 'changed'
}

const algorithmOf = (one: CborMap, claim: CborMap): string | undefined =>
  ALGORITHMS[String(one.get('alg') ?? claim.get('alg') ?? '')]

/** `self#jumbf=c2pa.assertions/c2pa.hash.data`, or with the manifest before it. */
function statement(manifest: Superbox, url: string): Superbox | undefined {
  const assertions = named(manifest, 'c2pa.assertions')
  return assertions && named(assertions, url.slice(url.lastIndexOf('/') + 1))
}

function contentOf(
  bytes: Buffer,
  { ranges }: ManifestStore,
  manifest: Superbox,
  claim: CborMap,
): Credentials['content'] {
  const stored = statement(manifest, '/c2pa.hash.data')?.contents.get('cbor')
  const binding = stored && decodeCbor(stored)
  if (!isMap(binding)) return 'not-checked'
  const algorithm = algorithmOf(binding, claim)
  const hash = binding.get('hash')
  const left = exclusionsOf(binding.get('exclusions'), bytes.length)
  if (!algorithm || !Buffer.isBuffer(hash) || !left) return 'not-checked'
  const digest = createHash(algorithm)
  let at = 0
  for (const { offset, length } of left) {
    digest.update(bytes.subarray(at, offset))
    at = offset + length
  }
  if (!digest.update(bytes.subarray(at)).digest().equals(hash)) return 'changed'
  const inside = left.every(({ offset, length }) => covers(ranges, offset, offset + length))
  return inside ? 'unchanged' : 'in-part'
}

/** In order, without overlaps; null: they cannot be so. */
function exclusionsOf(stored: Cbor | undefined, size: number): { offset: number; length: number }[] | null {
  if (stored === undefined || stored === null) return []
  if (!Array.isArray(stored)) return null
  const ranges = (stored as Cbor[]).map((one) =>
    isMap(one)
      ? { offset: Number(one.get('start')), length: Number(one.get('length')) }
      : { offset: -1, length: 0 },
  )
  ranges.sort((a, b) => a.offset - b.offset)
  let end = 0
  for (const { offset, length } of ranges) {
    if (!(offset >= end && length >= 0 && offset + length <= size)) return null
    end = offset + length
  }
  return ranges
}

/** [from, end) lies in the ranges, which are in order. */
function covers(ranges: ManifestStore['ranges'], from: number, end: number): boolean {
  let at = from
  for (const { offset, length } of ranges) if (offset <= at && offset + length > at) at = offset + length
  return at >= end
}

const TEXT_CHARACTERS = 100

/** The common name and the organisation of a certificate's name. */
function nameIn(name: string | undefined): string {
  const fields = new Map((name ?? '').split('\n').map((line) => line.split('=', 2) as [string, string]))
  const parts = [fields.get('CN'), fields.get('O')].filter((part) => part !== undefined && part !== '')
  return [...new Set(parts)].join(', ').slice(0, TEXT_CHARACTERS)
}

/** @returns the program that made the claim, as the claim says */
function programOf(claim: CborMap): string {
  const info = claim.get('claim_generator_info')
  const first = Array.isArray(info) ? (info as Cbor[])[0] : info
  const name = isMap(first) ? [first.get('name'), first.get('version')].filter(Boolean).join(' ') : ''
  return (name || String(claim.get('claim_generator') ?? '')).slice(0, TEXT_CHARACTERS)
}
