/**
 * Keybags of APFS: that of the container has the wrapped key of each volume and the place of the volume's own keybag, which has
 * the key-encrypting key wrapped for each user. Both are encrypted by an identifier that stands in plain text.
 *
 * @see Apple, "Apple File System Reference" (2020), Encryption; libfsapfs, "Apple File System (APFS)", Key bag
 */
import { createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto'
import type { Medium } from '../../../contracts/image.ts'
import { readAt, u64 } from '../../image/content/read-at.ts'
import { checksumAgrees, OBJECT_HEADER_BYTES } from '../../image/filesystem/apfs/blocks.ts'
import { sectorDecrypter } from '../common/sector-cipher.ts'

/** Apple writes a few blocks. */
const KEYBAG_BYTES_MOST = 1 << 20
const ENTRIES_MOST = 1000
const MOST_ITERATIONS = 20_000_000
const SECTOR_BYTES = 512

const TAG = { volumeKey: 2, unlockRecords: 3 } as const
const TYPE = { container: 0x6b657973, volume: 0x72656373 } as const

export interface Keybag {
  readonly volumeKeys: readonly KeybagEntry[]
  readonly unlockRecords: readonly KeybagEntry[]
}

interface KeybagEntry {
  /** Of a volume or a user, lower-case hexadecimal digits. */
  readonly uuid: string
  readonly data: Buffer
}

/** @returns null: no keybag lies there */
export function keybagAt(
  volume: Medium,
  place: { readonly offset: number; readonly bytes: number },
  uuid: Buffer,
  of: keyof typeof TYPE,
): Keybag | null {
  const { offset, bytes } = place
  if (!(offset > 0) || !(bytes >= SECTOR_BYTES) || bytes > KEYBAG_BYTES_MOST || bytes % SECTOR_BYTES !== 0)
    return null
  const stored = readAt(volume, offset, bytes)
  if (stored.length < bytes) return null
  const plain = Buffer.allocUnsafeSlow(bytes)
  stored.copy(plain)
  const keyHex = uuid.toString('hex').repeat(2)
  sectorDecrypter({ cipher: 'aes', mode: 'xts', keyHex, sectorBytes: SECTOR_BYTES, ivStep: 1 })(
    plain,
    offset / SECTOR_BYTES,
  )
  if (plain.readUInt32LE(24) !== TYPE[of] || !checksumAgrees(plain)) return null
  const volumeKeys: KeybagEntry[] = []
  const unlockRecords: KeybagEntry[] = []
  const entries = Math.min(plain.readUInt16LE(OBJECT_HEADER_BYTES + 2), ENTRIES_MOST)
  for (let at = OBJECT_HEADER_BYTES + 16, i = 0; i < entries && at + 24 <= plain.length; i++) {
    const length = plain.readUInt16LE(at + 18)
    const data = plain.subarray(at + 24, at + 24 + length)
    if (data.length < length) break
    const entry = { uuid: plain.toString('hex', at, at + 16), data }
    const tag = plain.readUInt16LE(at + 16)
    if (tag === TAG.volumeKey) volumeKeys.push(entry)
    if (tag === TAG.unlockRecords) unlockRecords.push(entry)
    at += Math.ceil((24 + length) / 16) * 16
  }
  return { volumeKeys, unlockRecords }
}

/** Where a keybag of a volume lies, as that of the container has it. */
export function placeIn({ data }: KeybagEntry, blockBytes: number): { offset: number; bytes: number } {
  if (data.length < 16) return { offset: 0, bytes: 0 }
  return { offset: u64(data, 0) * blockBytes, bytes: u64(data, 8) * blockBytes }
}

/** A key wrapped for a user, or the key of a volume wrapped by that. */
interface WrappedKey {
  readonly uuid: Buffer
  /** From CoreStorage: keys of 128 bits. */
  readonly isShort: boolean
  readonly wrapped: Buffer
  readonly iterations: number
  readonly salt: Buffer
}

/** DER with tags of context: 0xa3 holds 0x81 identifier, 0x82 flags, 0x83 wrapped key, 0x84 iterations, 0x85 salt. */
function wrappedKey(data: Buffer): WrappedKey | null {
  const outer = fieldsOf(data).get(0x30)
  const inner = outer && fieldsOf(outer).get(0xa3)
  const fields = inner && fieldsOf(inner)
  const [uuid, flags, wrapped] = [fields?.get(0x81), fields?.get(0x82), fields?.get(0x83)]
  if (uuid?.length !== 16 || !flags || flags.length < 4 || !wrapped || wrapped.length < 24) return null
  const count = fields?.get(0x84)
  return {
    uuid,
    isShort: (flags.readUInt32LE(0) & 2) !== 0,
    wrapped,
    iterations: count && count.length > 0 && count.length <= 6 ? count.readUIntBE(0, count.length) : 0,
    salt: fields?.get(0x85) ?? Buffer.alloc(0),
  }
}

function fieldsOf(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const fields = new Map<number, Buffer>()
  for (let at = 0; at + 2 <= bytes.length; ) {
    const tag = bytes[at]!
    let length = bytes[at + 1]!
    at += 2
    if (length > 0x80 && length <= 0x82 && at + length - 0x80 <= bytes.length) {
      const more = length - 0x80
      length = bytes.readUIntBE(at, more)
      at += more
    } else if (length >= 0x80) break
    if (at + length > bytes.length) break
    fields.set(tag, bytes.subarray(at, at + length))
    at += length
  }
  return fields
}

/**
 * The key of a volume: 32 bytes for XTS. The check value of RFC 3394 confirms both keys.
 * @returns null: the secret is that of another user
 */
export function volumeKeyBy(secret: Buffer, user: KeybagEntry, ofVolume: KeybagEntry): Buffer | null {
  const [byUser, own] = [wrappedKey(user.data), wrappedKey(ofVolume.data)]
  if (byUser === null || own === null) return null
  const { iterations, salt, isShort, wrapped } = byUser
  if (iterations < 1 || iterations > MOST_ITERATIONS || salt.length === 0) return null
  const bytes = isShort ? 16 : 32
  const kek = unwrapped(pbkdf2Sync(secret, salt, iterations, bytes, 'sha256'), wrapped, bytes)
  if (kek === null) return null
  const key = unwrapped(kek.subarray(0, own.isShort ? 16 : 32), own.wrapped, own.isShort ? 16 : 32)
  if (key === null || !own.isShort) return key
  const tweak = createHash('sha256').update(key).update(own.uuid).digest().subarray(0, 16)
  return Buffer.concat([key, tweak])
}

/** RFC 3394; null: it was wrapped by another key. */
function unwrapped(kek: Buffer, wrapped: Buffer, bytes: number): Buffer | null {
  if (kek.length !== bytes || wrapped.length < bytes + 8) return null
  const unwrap = createDecipheriv(`id-aes${8 * bytes}-wrap`, kek, Buffer.alloc(8, 0xa6))
  try {
    return Buffer.concat([unwrap.update(wrapped.subarray(0, bytes + 8)), unwrap.final()])
  } catch (error) {
    // OpenSSL reports a wrong check value as a failed update.
    if (error instanceof Error) return null
    throw error
  }
}
