/**
 * Description of agile encryption in a document of Office: algorithms, salts and encrypted values. Every value is bounded before
 * it is used. @see MS-OFFCRYPTO 2.3.4.10
 */

export interface AgileInfo {
  readonly data: Algorithms & { readonly hashBytes: number }
  readonly person: Algorithms & {
    readonly spins: number
    readonly verifierInput: Buffer
    readonly verifierHash: Buffer
    readonly keyValue: Buffer
  }
  readonly integrity: { readonly key: Buffer; readonly value: Buffer }
}

interface Algorithms {
  readonly hash: string
  readonly keyBytes: number
  readonly blockBytes: number
  readonly salt: Buffer
}

/** Hash names of the document, with node's names and their bytes. */
const HASHES: Readonly<Record<string, readonly [name: string, bytes: number]>> = {
  SHA1: ['sha1', 20],
  'SHA-1': ['sha1', 20],
  SHA256: ['sha256', 32],
  SHA384: ['sha384', 48],
  SHA512: ['sha512', 64],
}
/** The specification allows no more. */
const MOST_SPINS = 10_000_000
const MOST_BYTES = 1024

/** Null: malformed, or algorithms that are not AES-CBC with a hash of the table. */
export function agileInfo(xml: string): AgileInfo | null {
  const data = attributesOf(xml, 'keyData')
  const integrity = attributesOf(xml, 'dataIntegrity')
  const person = attributesOf(xml, 'encryptedKey')
  if (data === null || integrity === null || person === null) return null
  const [ofData, ofPerson] = [algorithms(data), algorithms(person)]
  const spins = Number(person.spinCount)
  const values = [
    person.encryptedVerifierHashInput,
    person.encryptedVerifierHashValue,
    person.encryptedKeyValue,
    integrity.encryptedHmacKey,
    integrity.encryptedHmacValue,
  ].map(blocksOf)
  if (ofData === null || ofPerson === null || !Number.isInteger(spins) || spins < 0 || spins > MOST_SPINS)
    return null
  if (values.some((value) => value === null)) return null
  const [verifierInput, verifierHash, keyValue, key, value] = values as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ]
  return {
    data: { ...ofData, hashBytes: HASHES[data.hashAlgorithm ?? '']![1] },
    person: { ...ofPerson, spins, verifierInput, verifierHash, keyValue },
    integrity: { key, value },
  }
}

type Attributes = Readonly<Record<string, string | undefined>>

/** Of the first element of that name, with any prefix. */
function attributesOf(xml: string, name: string): Attributes | null {
  const [, text] = new RegExp(`<(?:\\w{1,20}:)?${name}\\s([^<>]{1,4000})>`).exec(xml) ?? []
  if (text === undefined) return null
  return Object.fromEntries(
    [...text.matchAll(/(\w{1,40})="([^"]{0,2000})"/g)].map(([, key, value]) => [key!, value!]),
  )
}

function algorithms(of: Attributes): Algorithms | null {
  const hash = HASHES[of.hashAlgorithm ?? '']
  const keyBytes = Number(of.keyBits) / 8
  const salt = Buffer.from(of.saltValue ?? '', 'base64')
  const isAes =
    of.cipherAlgorithm === 'AES' && of.cipherChaining === 'ChainingModeCBC' && of.blockSize === '16'
  if (hash === undefined || !isAes || ![16, 24, 32].includes(keyBytes)) return null
  if (salt.length === 0 || salt.length > MOST_BYTES) return null
  return { hash: hash[0], keyBytes, blockBytes: 16, salt }
}

/** Null: empty, too long, or not whole blocks of AES. */
function blocksOf(base64: string | undefined): Buffer | null {
  const bytes = Buffer.from(base64 ?? '', 'base64')
  return bytes.length === 0 || bytes.length > MOST_BYTES || bytes.length % 16 !== 0 ? null : bytes
}
