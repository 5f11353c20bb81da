/**
 * A header of VeraCrypt or TrueCrypt: 64 bytes of salt, 448 encrypted by XTS. Two checksums and four letters say that a key is
 * the right one.
 *
 * @see VeraCrypt documentation, "VeraCrypt Volume Format Specification"
 */
import { crc32 } from 'node:zlib'
import type { SectorKey } from '../../../contracts/lock.ts'
import { u64be } from '../../image/content/read-at.ts'
import { sectorDecrypter } from '../common/sector-cipher.ts'
import { HEADER_KEY_BYTES, headerKeys } from './derivations.ts'

export const HEADER_BYTES = 512
const SALT_BYTES = 64
const ENCRYPTED_BYTES = HEADER_BYTES - SALT_BYTES
/** The others that VeraCrypt has are not in node:crypto; a cascade needs at least one of them. */
const CIPHERS = ['aes', 'camellia'] as const

export interface VeracryptHeader {
  readonly by: 'VERA' | 'TRUE'
  readonly version: number
  readonly cipher: SectorKey['cipher']
  /** 0: not a hidden volume. */
  readonly hiddenBytes: number
  readonly sizeBytes: number
  readonly dataOffset: number
  readonly keyHex: string
}

/** Null: none of the ciphers and derivations that are here gives a header with this password. @param moved called between derivations */
export function openHeader(
  header: Buffer,
  password: Buffer,
  pim: number,
  moved: () => void,
  of: Parameters<typeof headerKeys>[3] = 'pbkdf2',
): VeracryptHeader | null {
  if (header.length < HEADER_BYTES || header.every((byte) => byte === 0)) return null
  for (const { by, key } of headerKeys(password, header.subarray(0, SALT_BYTES), pim, of)) {
    moved()
    for (const cipher of CIPHERS) {
      const plain = Buffer.allocUnsafeSlow(ENCRYPTED_BYTES)
      header.copy(plain, 0, SALT_BYTES)
      const keyHex = key.toString('hex', 0, HEADER_KEY_BYTES)
      sectorDecrypter({ cipher, mode: 'xts', keyHex, sectorBytes: ENCRYPTED_BYTES, ivStep: 1 })(plain, 0)
      const read = parsed(plain, by, cipher)
      if (read !== null) return read
    }
  }
  return null
}

function parsed(plain: Buffer, by: 'VERA' | 'TRUE', cipher: SectorKey['cipher']): VeracryptHeader | null {
  if (plain.toString('latin1', 0, 4) !== by) return null
  const version = plain.readUInt16BE(4)
  const keys = plain.subarray(192)
  if (crc32(keys) !== plain.readUInt32BE(8)) return null
  if (version > 3 && crc32(plain.subarray(0, 188)) !== plain.readUInt32BE(188)) return null
  return {
    by,
    version,
    cipher,
    hiddenBytes: u64be(plain, 28),
    sizeBytes: u64be(plain, 36),
    dataOffset: u64be(plain, 44),
    keyHex: keys.toString('hex', 0, HEADER_KEY_BYTES),
  }
}
