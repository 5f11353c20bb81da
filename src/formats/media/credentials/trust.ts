/**
 * Whether the signer of content credentials stands in the trust list that the agency gave. A chain of certificates leads from the
 * signer's to one of the list. Each must be a certificate for its use, and valid at the time that a time stamp states.
 *
 * Without a time stamp nobody vouches for the time of signing, and today's date would make two examinations differ. The
 * authority behind a time stamp is not asked.
 *
 * @see C2PA Technical Specification 2.1, 14.4 (trust lists), 14.5.1 (certificate profile), 15.7 (validation)
 */
import type { X509Certificate } from 'node:crypto'

export interface Trust {
  /** `wrong-use`: the chain ends in the list, but the signer's certificate is for another purpose. */
  readonly trust: 'listed' | 'not-listed' | 'wrong-use'
  /** All certificates of the chain, when the time stamp was made; empty: the chain does not end in the list. */
  readonly valid: 'then' | 'not-then' | 'not-known' | ''
}

/** Extended key usage of signers: mail, documents, content credentials (C2PA, and Microsoft before it). */
const SIGNING: readonly string[] = [
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.36',
  '1.3.6.1.4.1.62558.2.1',
  '1.3.6.1.4.1.311.76.59.1.9',
]
/** With one of these a certificate has no other use: stamps time, answers for revocation; any use is refused. */
const NOT_SIGNING: readonly string[] = ['1.3.6.1.5.5.7.3.8', '1.3.6.1.5.5.7.3.9', '2.5.29.37.0']

/**
 * @param chain certificates that came with the signature, the signer's first; the signature holds
 * @param anchors of the agency's list
 * @param at milliseconds that the time stamp states; null: none
 */
export function trustIn(
  chain: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
  at: number | null,
): Trust {
  const path = pathTo(chain, anchors)
  if (path === null) return { trust: 'not-listed', valid: '' }
  const uses = path[0]!.keyUsage ?? []
  const isForSigning =
    !path[0]!.ca &&
    uses.some((use) => SIGNING.includes(use)) &&
    !uses.some((use) => NOT_SIGNING.includes(use))
  const valid = at === null ? 'not-known' : path.every((one) => isValidAt(one, at)) ? 'then' : 'not-then'
  return { trust: isForSigning ? 'listed' : 'wrong-use', valid }
}

/** The chain up to a certificate of the list. A signer's own certificate may stand in the list. */
function pathTo(
  chain: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
): readonly X509Certificate[] | null {
  for (const [i, one] of chain.entries()) {
    if (i > 0 && !(one.ca && isIssuedBy(chain[i - 1]!, one))) return null
    if (anchors.some(({ raw }) => raw.equals(one.raw))) return chain.slice(0, i + 1)
    const anchor = anchors.find((other) => isIssuedBy(one, other))
    if (anchor !== undefined) return [...chain.slice(0, i + 1), anchor]
  }
  return null
}

function isIssuedBy(one: X509Certificate, authority: X509Certificate): boolean {
  try {
    return one.checkIssued(authority) && one.verify(authority.publicKey)
  } catch (error) {
    // A key of a kind that cannot be read.
    if (error instanceof Error) return false
    throw error
  }
}

function isValidAt({ validFrom, validTo }: X509Certificate, at: number): boolean {
  return at >= Date.parse(validFrom) && at <= Date.parse(validTo)
}
