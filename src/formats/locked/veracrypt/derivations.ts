/**
 * Key derivations of VeraCrypt and TrueCrypt headers, in the order in which they are tried. The volume does not state
 * which one was used.
 *
 * @see VeraCrypt documentation, "Header Key Derivation, Salt, and Iteration Count" and "PIM"
 */
import { getHashes, pbkdf2Sync } from 'node:crypto'
import { argon2, MOST_ARGON2_KIB } from '../common/argon2.ts'

interface Derivation {
  readonly by: 'VERA' | 'TRUE'
  /** Of node:crypto. */
  readonly hash: string
  readonly iterations: number
}

const VERACRYPT: readonly Derivation[] = [
  { by: 'VERA', hash: 'sha512', iterations: 500_000 },
  { by: 'VERA', hash: 'sha256', iterations: 500_000 },
  { by: 'VERA', hash: 'blake2s256', iterations: 500_000 },
  { by: 'VERA', hash: 'ripemd160', iterations: 655_331 },
]
/** Of a system that is encrypted as a whole: a person waits for it when the computer starts. */
const OF_SYSTEMS: readonly Derivation[] = [
  { by: 'TRUE', hash: 'ripemd160', iterations: 1000 },
  { by: 'VERA', hash: 'sha512', iterations: 500_000 },
  { by: 'VERA', hash: 'sha256', iterations: 200_000 },
  { by: 'VERA', hash: 'blake2s256', iterations: 200_000 },
  { by: 'VERA', hash: 'ripemd160', iterations: 327_661 },
]
const TRUECRYPT: readonly Derivation[] = [
  { by: 'TRUE', hash: 'ripemd160', iterations: 2000 },
  { by: 'TRUE', hash: 'sha512', iterations: 1000 },
]

/** Bytes for the longest cascade: the output of argon2 depends on the length. */
const DERIVED_BYTES = 192
export const HEADER_KEY_BYTES = 64
const DEFAULT_ARGON2_PIM = 12

/**
 * Keys that a header may be encrypted with.
 * @param pim      0: none; TrueCrypt has none
 * @param of       `argon2` alone takes seconds; `system`: of a header of an encrypted system
 */
export function* headerKeys(
  password: Buffer,
  salt: Buffer,
  pim: number,
  of: 'pbkdf2' | 'argon2' | 'system',
): Iterable<{ readonly by: Derivation['by']; readonly key: Buffer }> {
  // TrueCrypt's are a hundredth of the work.
  if (of === 'argon2') {
    const key = argon2Key(password, salt, pim)
    if (key !== null) yield { by: 'VERA', key }
    return
  }
  const isSystem = of === 'system'
  const tried = isSystem ? OF_SYSTEMS : [...TRUECRYPT, ...VERACRYPT]
  for (const { by, hash, iterations } of tried.filter((one) => pim === 0 || one.by === 'VERA')) {
    if (getHashes().includes(hash)) {
      const byPim = isSystem && hash !== 'sha512' ? 2048 * pim : 15_000 + 1000 * pim
      const rounds = pim === 0 ? iterations : byPim
      yield { by, key: pbkdf2Sync(password, salt, rounds, HEADER_KEY_BYTES, hash) }
    }
  }
}

function argon2Key(message: Buffer, nonce: Buffer, pim: number): Buffer | null {
  if (argon2 === null) return null
  const of = pim === 0 ? DEFAULT_ARGON2_PIM : pim
  const memory = Math.min(MOST_ARGON2_KIB, 1024 * (64 + (of - 1) * 32))
  const passes = of <= 31 ? 3 + Math.floor((of - 1) / 3) : 13 + (of - 31)
  if (passes > 1000) return null
  const key = argon2('argon2id', {
    message,
    nonce,
    parallelism: 1,
    tagLength: DERIVED_BYTES,
    memory,
    passes,
  })
  return key.subarray(0, HEADER_KEY_BYTES)
}

const POOL_BYTES = 64
const LONG_POOL_BYTES = 128
const MOST_KEY_FILE_BYTES = 1 << 20

/**
 * A password with key files mixed into it.
 * @see VeraCrypt documentation, "Keyfiles: technical details"
 */
export function withKeyFiles(password: Buffer, files: readonly Buffer[]): Buffer {
  const pool = Buffer.alloc(password.length > POOL_BYTES ? LONG_POOL_BYTES : POOL_BYTES)
  for (const file of files) {
    let crc = 0xffffffff
    let at = 0
    for (const byte of file.subarray(0, MOST_KEY_FILE_BYTES)) {
      crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ byte) & 0xff]!
      for (const shift of [24, 16, 8, 0]) {
        pool[at] = (pool[at]! + (crc >>> shift)) & 0xff
        at = (at + 1) % pool.length
      }
    }
  }
  for (let at = 0; at < password.length && at < pool.length; at++)
    pool[at] = (pool[at]! + password[at]!) & 0xff
  return pool
}

/** CRC-32 without its last exclusive-or, byte by byte: zlib gives only whole ones. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})
