/** Object identifiers by the names of their standards. @see RFC 5652, RFC 3161, RFC 5035, RFC 8017, RFC 5758 */
export const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  timeStampInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
} as const

/** Digest algorithms allowed in a signature; SHA-1 is not. */
export const DIGESTS: Readonly<Record<string, string>> = {
  [OID.sha256]: 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

/** Signature algorithms: the kind, and the digest where the identifier states it. */
export const SIGNATURES: Readonly<
  Record<string, { readonly kind: 'rsa' | 'pss' | 'ecdsa'; readonly digest?: string }>
> = {
  '1.2.840.113549.1.1.1': { kind: 'rsa' },
  [OID.sha256WithRsa]: { kind: 'rsa', digest: 'sha256' },
  '1.2.840.113549.1.1.12': { kind: 'rsa', digest: 'sha384' },
  '1.2.840.113549.1.1.13': { kind: 'rsa', digest: 'sha512' },
  '1.2.840.113549.1.1.10': { kind: 'pss' },
  [OID.ecdsaWithSha256]: { kind: 'ecdsa', digest: 'sha256' },
  '1.2.840.10045.4.3.3': { kind: 'ecdsa', digest: 'sha384' },
  '1.2.840.10045.4.3.4': { kind: 'ecdsa', digest: 'sha512' },
}

/** Extended key usage of a time-stamping authority. RFC 3161, 2.3 */
export const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'
