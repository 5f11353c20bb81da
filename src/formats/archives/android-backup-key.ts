/**
 * Key of an encrypted Android backup. The password gives a key that encrypts the master key; a checksum of the master
 * key says whether the password is right.
 *
 * Java counts a byte of the master key as a character, and widens its sign: 0x80 becomes U+FF80. So the checksum is over
 * the UTF-8 of such characters. Version 1 of the format used the lowest eight bits of each character instead.
 *
 * @see AOSP, PasswordUtils.java, PerformAdbRestoreTask.java (attemptMasterKeyDecryption); nelenkov/android-backup-extractor
 */
import { createDecipheriv, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import { ContainerNotBuilt } from './common/container.ts'

export interface EncryptedHeader {
  readonly userSalt: Buffer
  readonly checkSalt: Buffer
  readonly rounds: number
  /** 16 bytes. */
  readonly userIv: Buffer
  /** Encrypted: initialisation vector, key and checksum of the data, each behind its length. */
  readonly masterKey: Buffer
}

export interface CbcKey {
  readonly key: Buffer
  readonly iv: Buffer
}

/** Android writes 10,000. A header may state any number, and each secret costs as many. */
const MOST_ROUNDS = 1_000_000
const KEY_BYTES = 32
const IV_BYTES = 16

/** @returns null: the password is another one @throws ContainerNotBuilt */
export function backupKey(password: Buffer, version: number, header: EncryptedHeader): CbcKey | null {
  if (header.rounds < 1 || header.rounds > MOST_ROUNDS)
    throw new ContainerNotBuilt({ code: 'library', params: { text: `${header.rounds} rounds` } })
  return keyBy(password, header, widened) ?? (version === 1 ? keyBy(eightBits(password), header, same) : null)
}

function keyBy(password: Buffer, header: EncryptedHeader, asText: (key: Buffer) => Buffer): CbcKey | null {
  const { userSalt, checkSalt, rounds, userIv, masterKey } = header
  const userKey = pbkdf2Sync(password, userSalt, rounds, KEY_BYTES, 'sha1')
  const parts = opened(masterKey, userKey, userIv)
  if (parts === null) return null
  const [iv, key, check] = parts
  if (iv.length !== IV_BYTES || key.length !== KEY_BYTES || check.length !== KEY_BYTES) return null
  const expected = pbkdf2Sync(asText(key), checkSalt, rounds, KEY_BYTES, 'sha1')
  return timingSafeEqual(expected, check) ? { key, iv } : null
}

/** Three byte strings behind their lengths; null: the padding or a length is none. */
function opened(blob: Buffer, key: Buffer, iv: Buffer): readonly [Buffer, Buffer, Buffer] | null {
  if (blob.length % IV_BYTES !== 0) return null
  const cipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
  const plain = Buffer.concat([cipher.update(blob), cipher.final()])
  const parts: Buffer[] = []
  let at = 0
  for (let part = 0; part < 3; part++) {
    const end = at + 1 + (plain[at] ?? 0)
    if (end > plain.length) return null
    parts.push(plain.subarray(at + 1, end))
    at = end
  }
  return parts as unknown as readonly [Buffer, Buffer, Buffer]
}

/** UTF-8 of the characters that Java makes of signed bytes. */
function widened(key: Buffer): Buffer {
  return Buffer.from(String.fromCharCode(...[...key].map((byte) => (byte < 0x80 ? byte : 0xff00 | byte))))
}

function same(key: Buffer): Buffer {
  return key
}

/** The lowest eight bits of each character. */
function eightBits(password: Buffer): Buffer {
  return Buffer.from(password.toString('utf8'), 'latin1')
}
