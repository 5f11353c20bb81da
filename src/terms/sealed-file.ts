/**
 * A file that only a passphrase opens.
 *
 * Layout, all of it authenticated: the magic `SZDSEAL`, version (1), kind (1 byte), log2 of scrypt's N, r, p (1 byte
 * each), salt (16), nonce (12), then AES-256-GCM of the content and its tag (16). The header is additional data, so
 * that a changed cost or kind is detected.
 */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'
import { UsageError } from '../base/errors.ts'

const SEALED_KINDS = { terms: 1, 'path-model': 2, head: 3 } as const
export type SealedKind = keyof typeof SEALED_KINDS

const MAGIC = Buffer.from('SZDSEAL')
const VERSION = 1
// 128 MiB and about half a second: N = 2^17, r = 8, as OWASP's password storage cheat sheet gives it.
const COST = { logN: 17, r: 8, p: 1 } as const
const SALT_BYTES = 16
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEADER_BYTES = MAGIC.length + 5 + SALT_BYTES + NONCE_BYTES
/** A hostile header must not ask for all the memory there is. */
const MAX_LOG_N = 20
const LEAST_PASSPHRASE_CHARS = 12

/** @throws UsageError when the passphrase is shorter than {@link LEAST_PASSPHRASE_CHARS} */
export function seal(kind: SealedKind, content: Buffer, passphrase: string): Buffer {
  if (passphrase.length < LEAST_PASSPHRASE_CHARS)
    throw new UsageError(`The passphrase must have at least ${LEAST_PASSPHRASE_CHARS} characters.`)
  const header = Buffer.concat([
    MAGIC,
    Buffer.from([VERSION, SEALED_KINDS[kind], COST.logN, COST.r, COST.p]),
    randomBytes(SALT_BYTES),
    randomBytes(NONCE_BYTES),
  ])
  const cipher = createCipheriv('aes-256-gcm', keyFor(header, passphrase), nonceOf(header))
  cipher.setAAD(header)
  return Buffer.concat([header, cipher.update(content), cipher.final(), cipher.getAuthTag()])
}

/** @throws UsageError when the file is not one of ours, of another kind, changed, or the passphrase is another */
export function unseal(kind: SealedKind, file: Buffer, passphrase: string): Buffer {
  if (file.length < HEADER_BYTES + TAG_BYTES || !file.subarray(0, MAGIC.length).equals(MAGIC))
    throw new UsageError('The file is not a sealed file of this program.')
  const header = file.subarray(0, HEADER_BYTES)
  const [version, kindByte, logN] = header.subarray(MAGIC.length)
  if (version !== VERSION)
    throw new UsageError(`The sealed file has version ${version}; this program reads ${VERSION}.`)
  if (kindByte !== SEALED_KINDS[kind]) throw new UsageError(`The sealed file is not one of ${kind}.`)
  if (logN! > MAX_LOG_N || logN! < 1)
    throw new UsageError('The sealed file asks for more memory than it may have.')
  const decipher = createDecipheriv('aes-256-gcm', keyFor(header, passphrase), nonceOf(header))
  decipher.setAAD(header)
  decipher.setAuthTag(file.subarray(file.length - TAG_BYTES))
  try {
    return Buffer.concat([
      decipher.update(file.subarray(HEADER_BYTES, file.length - TAG_BYTES)),
      decipher.final(),
    ])
  } catch {
    throw new UsageError(
      'The sealed file could not be opened: the passphrase is another, or the file was changed.',
    )
  }
}

function keyFor(header: Buffer, passphrase: string): Buffer {
  const [logN, r, p] = header.subarray(MAGIC.length + 2)
  const salt = header.subarray(MAGIC.length + 5, MAGIC.length + 5 + SALT_BYTES)
  const N = 2 ** logN!
  return scryptSync(passphrase.normalize('NFKC'), salt, 32, { N, r: r!, p: p!, maxmem: 256 * N * r! })
}

function nonceOf(header: Buffer): Buffer {
  return header.subarray(HEADER_BYTES - NONCE_BYTES)
}
