/**
 * Members of a ZIP that WinZip AES encrypts. The authentication code of a member is checked over all its bytes before the first
 * is given: a wrong password yields none.
 * @see WinZip, "AES Encryption Information: Encryption Specification AE-1 and AE-2"
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { CHECK, CounterCipher, type Keys, keysOf, MAC } from '../../base/winzip-aes.ts'
import type { FilePasswords } from '../../contracts/file-lock.ts'
import { notDone, type StageResult } from '../../contracts/stage.ts'
import { type ByteSource, piecesOf } from '../bytes/byte-source.ts'

export interface AesMember {
  /** The compression method below the encryption. */
  readonly method: number
  /** AE-2 has no CRC-32: the authentication code stands in for it. */
  readonly hasCrc: boolean
  readonly saltBytes: number
}

/** Method 99: the extra field has the method below. */
export const METHOD_AES = 99
const EXTRA_AES = 0x9901

/** @returns null: the extra field is missing or malformed */
export function aesMember(
  extraFields: readonly { readonly id: number; readonly data: Buffer }[],
): AesMember | null {
  const data = extraFields.find(({ id }) => id === EXTRA_AES)?.data
  if (data === undefined || data.length < 7 || data.toString('latin1', 2, 4) !== 'AE') return null
  const [version, strength] = [data.readUInt16LE(0), data[4]!]
  if (version < 1 || version > 2 || strength < 1 || strength > 3) return null
  return { method: data.readUInt16LE(5), hasCrc: version === 1, saltBytes: 4 + 4 * strength }
}

/**
 * @param from first byte of the salt @param to behind the authentication code
 * @returns makes the deciphered pieces, also repeatedly; or why not
 */
export function deciphered(
  source: ByteSource,
  { saltBytes }: AesMember,
  from: number,
  to: number,
  passwords: FilePasswords,
): (() => Iterable<Buffer>) | StageResult {
  const [start, end] = [from + saltBytes + CHECK, to - MAC]
  if (end < start || to > source.sizeBytes) return notDone('decode-failed', ENDS_INSIDE)
  const salt = source.read(from, saltBytes)
  const check = source.read(from + saltBytes, CHECK)
  const code = source.read(end, MAC)
  let isLikely = false
  for (const password of passwords.passwords) {
    const keys = keysOf(password.text, salt)
    if (!timingSafeEqual(keys.check, check)) continue
    isLikely = true
    if (!timingSafeEqual(codeOver(source, start, end, keys), code)) continue
    passwords.opened(password, 'authenticated')
    return () => decipheredPieces(source, start, end, keys)
  }
  passwords.closed()
  // The check of two bytes holds and the code over all does not: the member is damaged, or one wrong password in 65,536.
  return isLikely
    ? notDone('decode-failed', { code: 'checksum-differs', params: {} })
    : notDone('encrypted-member')
}

const ENDS_INSIDE = { code: 'archive-ends-inside', params: {} } as const

function codeOver(source: ByteSource, start: number, end: number, { macKey }: Keys): Buffer {
  const mac = createHmac('sha1', macKey)
  for (const piece of piecesOf(source, start, end)) mac.update(piece)
  return mac.digest().subarray(0, MAC)
}

function* decipheredPieces(source: ByteSource, start: number, end: number, { key }: Keys): Iterable<Buffer> {
  const mode = new CounterCipher(key)
  for (const piece of piecesOf(source, start, end)) {
    const plain = Buffer.from(piece)
    mode.next(plain)
    yield plain
  }
}
