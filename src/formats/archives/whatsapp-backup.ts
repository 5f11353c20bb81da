/**
 * Backup of WhatsApp for Android (crypt12, crypt14, crypt15): a header, then AES-256-GCM over zlib's data or a ZIP, then
 * the tag. A backup of one file has an MD5 of everything before it behind the tag.
 *
 * The tag is checked over the whole backup before a byte of it is used: no check of the key alone exists for crypt15.
 *
 * @see ElDavoo/wa-crypt-tools, proto/*.proto, lib/db, lib/key
 */
import { createDecipheriv, createHash, hkdfSync } from 'node:crypto'
import { bytesAt } from '../../base/protobuf.ts'
import type { SecretKind } from '../../contracts/lock.ts'
import { type ByteSource, piecesOf } from '../bytes/byte-source.ts'
import { ContainerDamaged, charged, type Extractor } from './common/container.ts'
import { skipped } from './common/deciphered.ts'
import { inflated } from './common/inflate.ts'
import { NO_KEYS } from './common/keys.ts'

const TAG_BYTES = 16
const MD5_BYTES = 16
/** crypt12 ends with the last digits of the telephone number: `--67`. */
const NUMBER_BYTES = 4
const ZLIB_HEADER = 2
const CRYPT12_HEADER = 67

export const whatsappBackup: Extractor = {
  id: 'whatsapp-backup',
  mediaTypes: ['application/x-whatsapp-backup'],
  async *members(source, budget, _beside, _mediaType, keys = NO_KEYS) {
    const layout = layoutOf(source)
    const { key, first } = keys.open(['key-file', 'backup-key'], 'authenticated', (secret, kind) =>
      opened(source, layout, secret, kind),
    )
    const plain = () => decrypted(source, layout, key)
    const isZip = first.subarray(0, 4).equals(ZIP)
    budget.entry()
    yield {
      kind: 'member',
      name: Buffer.from(isZip ? 'backup.zip' : 'database'),
      entryKind: 'file',
      sizeBytes: 0n,
      modified: null,
      linkTarget: null,
      read: async () =>
        charged(
          isZip ? inOrder(plain()) : inflated('zlib', plain(), () => skipped(plain(), ZLIB_HEADER)),
          budget,
        ),
    }
  },
}

const ZIP = Buffer.from('PK\x03\x04', 'latin1')

interface Layout {
  readonly iv: Buffer
  /** The phone's key belongs to a backup with the same two salts; null: crypt15. */
  readonly salts: Buffer | null
  readonly from: number
  /** End of the ciphertext, where the tag begins. */
  readonly end: number
}

/** @throws ContainerDamaged */
function layoutOf(source: ByteSource): Layout {
  const head = source.read(0, 260)
  const of = head[0] === 0 ? crypt12(head) : withMessage(head)
  if (of === null) throw new ContainerDamaged({ code: 'ends-inside-header', params: {} })
  const behind = head[0] === 0 ? NUMBER_BYTES : 0
  const withDigest = source.sizeBytes - behind - MD5_BYTES - TAG_BYTES
  const isOneFile = withDigest > of.from && hasDigest(source, withDigest + TAG_BYTES)
  const end = isOneFile ? withDigest : source.sizeBytes - behind - TAG_BYTES
  if (end <= of.from) throw new ContainerDamaged({ code: 'ends-inside-header', params: {} })
  return { ...of, end }
}

function crypt12(head: Buffer): Omit<Layout, 'end'> | null {
  if (head.length < CRYPT12_HEADER || head[1] !== 1) return null
  return { salts: head.subarray(3, 51), iv: head.subarray(51, CRYPT12_HEADER), from: CRYPT12_HEADER }
}

/** A length, in some versions a byte 1, then the message BackupPrefix. */
function withMessage(head: Buffer): Omit<Layout, 'end'> | null {
  const length = head[0]!
  for (const at of head[1] === 1 ? [2, 1] : [1]) {
    const message = head.subarray(at, at + length)
    if (message.length < length) continue
    const one = (...path: number[]) => bytesAt(message, path)[0]
    const [iv15, iv14] = [one(3, 1), one(2, 5)]
    const [serverSalt, googleId] = [one(2, 3), one(2, 4)]
    if (iv15?.length === 16) return { iv: iv15, salts: null, from: at + length }
    if (iv14?.length === 16 && serverSalt?.length === 32 && googleId?.length === 16)
      return { iv: iv14, salts: Buffer.concat([serverSalt, googleId]), from: at + length }
  }
  return null
}

/** Whether the MD5 of everything before it stands there. */
function hasDigest(source: ByteSource, at: number): boolean {
  const hash = createHash('md5')
  for (const piece of piecesOf(source, 0, at)) hash.update(piece)
  return hash.digest().equals(source.read(at, MD5_BYTES))
}

/** Null: the tag does not belong to this key. */
function opened(
  source: ByteSource,
  layout: Layout,
  secret: Buffer,
  kind: SecretKind,
): { readonly key: Buffer; readonly first: Buffer } | null {
  const key = keyFor(layout, secret, kind)
  if (key === null) return null
  const decipher = createDecipheriv('aes-256-gcm', key, layout.iv, { authTagLength: TAG_BYTES })
  decipher.setAuthTag(source.read(layout.end, TAG_BYTES))
  let first: Buffer | null = null
  for (const piece of piecesOf(source, layout.from, layout.end)) {
    const plain = decipher.update(piece)
    first ??= Buffer.from(plain.subarray(0, 16))
  }
  try {
    decipher.final()
  } catch (error) {
    if (error instanceof Error) return null
    throw error
  }
  return first === null ? null : { key, first }
}

async function* decrypted(source: ByteSource, layout: Layout, key: Buffer): AsyncGenerator<Buffer> {
  // The tag was checked over the same bytes before.
  const decipher = createDecipheriv('aes-256-gcm', key, layout.iv, { authTagLength: TAG_BYTES })
  decipher.setAuthTag(source.read(layout.end, TAG_BYTES))
  for (const piece of piecesOf(source, layout.from, layout.end)) yield decipher.update(piece)
  decipher.final()
}

/** Head of a byte array that Java serialised; its length follows in four bytes. */
const JAVA_ARRAY = Buffer.from('aced0005757200025b42acf317f8060854e00200007870', 'hex')
const SALTS_IN_KEY = 3
const PHONE_KEY_BYTES = 131
const KEY_BYTES = 32

/**
 * Key of the data. crypt15: HKDF-SHA-256 of the root key. crypt12 and crypt14: as the phone's key file has it, behind the
 * salts, which the backup repeats.
 * @returns null: the secret is of another backup, or no such key
 */
function keyFor({ salts }: Layout, secret: Buffer, kind: SecretKind): Buffer | null {
  const bytes = kind === 'backup-key' ? fromDigits(secret) : fromFile(secret)
  if (bytes === null) return null
  if (salts === null)
    return bytes.length === KEY_BYTES
      ? Buffer.from(hkdfSync('sha256', bytes, Buffer.alloc(KEY_BYTES), 'backup encryption', KEY_BYTES))
      : null
  if (bytes.length === KEY_BYTES) return bytes
  const isOfBackup = bytes.subarray(SALTS_IN_KEY, SALTS_IN_KEY + salts.length).equals(salts)
  return bytes.length === PHONE_KEY_BYTES && isOfBackup ? bytes.subarray(-KEY_BYTES) : null
}

function fromFile(file: Buffer): Buffer | null {
  const from = JAVA_ARRAY.length + 4
  if (!file.subarray(0, JAVA_ARRAY.length).equals(JAVA_ARRAY)) return file
  return file.length > from && file.readUInt32BE(JAVA_ARRAY.length) === file.length - from
    ? file.subarray(from)
    : null
}

/** 64 hexadecimal digits, in groups or not. */
function fromDigits(typed: Buffer): Buffer | null {
  const digits = typed.toString('latin1').replace(/[\s-]/g, '')
  return /^[0-9a-f]{64}$/i.test(digits) ? Buffer.from(digits, 'hex') : null
}

async function* inOrder(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* pieces
}
