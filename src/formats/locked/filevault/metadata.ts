/**
 * The metadata of FileVault 2 (CoreStorage): its blocks are encrypted by a key that lies in the volume's header, so that it can
 * be read without a secret.
 *
 * @see Omar Choudary, Felix Gröbert, Joachim Metz, "Infiltrate the Vault: Security Analysis and Decryption of Lion Full Disk
 *   Encryption", 2012; libfvde, "FileVault Drive Encryption (FVDE)"
 */
import type { Medium } from '../../../contracts/image.ts'
import { crc32c } from '../../image/container/vhdx/crc32c.ts'
import { readAt, u64 } from '../../image/content/read-at.ts'
import { sectorDecrypter } from '../common/sector-cipher.ts'

const HEADER_BYTES = 512
const BLOCK_BYTES = 8192
/** Metadata lies at the beginning or the end of a volume; none has more blocks than this. */
const MOST_BLOCKS = 4096
const MOST_WRAPPED = 64

/** A passphrase's way to the key of the keys. */
export interface WrappedByPassphrase {
  readonly salt: Buffer
  readonly iterations: number
  readonly wrapped: Buffer
}

export interface FilevaultMetadata {
  /** UUID of the physical volume. */
  readonly id: string
  readonly byPassphrase: readonly WrappedByPassphrase[]
  readonly wrappedKeys: readonly Buffer[]
  readonly familyUuid: Buffer
  readonly sizeBytes: number
  readonly offset: number
  /** In one piece. */
  readonly isContiguous: boolean
}

/** Null: damaged, or of an unknown version. */
export function filevaultMetadata(volume: Medium): FilevaultMetadata | null {
  const header = readAt(volume, 0, HEADER_BYTES)
  if (!isWhole(header, HEADER_BYTES) || header.readUInt16LE(8) !== 1 || header.readUInt32LE(168) !== 16)
    return null
  const blockBytes = header.readUInt32LE(96)
  const uuid = header.subarray(304, 320)
  const labelAt = u64(header, 104) * blockBytes
  const label = readAt(volume, labelAt, BLOCK_BYTES)
  if (!isWhole(label, BLOCK_BYTES)) return null
  const groups = readAt(volume, labelAt + label.readUInt32LE(220), 40)
  if (groups.length < 40) return null
  const blocks = u64(groups, 8)
  const keyHex = header.toString('hex', 176, 192) + uuid.toString('hex')
  const key = { cipher: 'aes', mode: 'xts', keyHex, sectorBytes: BLOCK_BYTES, ivStep: 1 } as const
  return gathered(
    uuid.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    decryptedBlocks(
      volume,
      u64(groups, 32) * blockBytes,
      Math.min(blocks, MOST_BLOCKS),
      sectorDecrypter(key),
    ),
    blockBytes,
  )
}

function* decryptedBlocks(
  volume: Medium,
  offset: number,
  blocks: number,
  decrypt: (bytes: Buffer, first: number) => void,
): Iterable<Buffer> {
  for (let index = 0; index < blocks; index++) {
    const stored = readAt(volume, offset + index * BLOCK_BYTES, BLOCK_BYTES)
    if (stored.length < BLOCK_BYTES || stored.every((byte) => byte === 0)) return
    const block = Buffer.allocUnsafeSlow(BLOCK_BYTES)
    stored.copy(block)
    decrypt(block, index)
    if (isWhole(block, BLOCK_BYTES)) yield block
  }
}

function gathered(id: string, blocks: Iterable<Buffer>, blockBytes: number): FilevaultMetadata | null {
  const byPassphrase: WrappedByPassphrase[] = []
  const wrappedKeys: Buffer[] = []
  let volume: { sizeBytes: number; familyUuid: Buffer } | null = null
  let place: { offset: number; isContiguous: boolean } | null = null
  for (const block of blocks) {
    const type = block.readUInt16LE(10)
    if (type === 0x19) {
      const xml = textAt(block, 112)
      for (const data of valuesOf(xml, 'PassphraseWrappedKEKStruct', 'data')) {
        const bytes = Buffer.from(data, 'base64')
        if (bytes.length === 284 && byPassphrase.length < MOST_WRAPPED)
          byPassphrase.push({
            salt: bytes.subarray(8, 24),
            wrapped: bytes.subarray(32, 56),
            iterations: bytes.readUInt32LE(168),
          })
      }
      for (const data of valuesOf(xml, 'KEKWrappedVolumeKeyStruct', 'data')) {
        const bytes = Buffer.from(data, 'base64')
        if (bytes.length === 256 && wrappedKeys.length < MOST_WRAPPED) wrappedKeys.push(bytes.subarray(8, 32))
      }
    } else if (type === 0x1a) {
      const xml = textAt(block, 128)
      const [size] = valuesOf(xml, 'com.apple.corestorage.lv.size', 'integer')
      const [family] = valuesOf(xml, 'com.apple.corestorage.lv.familyUUID', 'string')
      const sizeBytes = Number(size)
      if (Number.isSafeInteger(sizeBytes) && sizeBytes > 0 && /^[0-9a-fA-F-]{36}$/.test(family ?? ''))
        volume = { sizeBytes, familyUuid: Buffer.from(family!.replaceAll('-', ''), 'hex') }
    } else if (type === 0x305)
      place = { offset: block.readUInt32LE(104) * blockBytes, isContiguous: block.readUInt32LE(64) === 1 }
  }
  return volume === null || place === null ? null : { id, byPassphrase, wrappedKeys, ...volume, ...place }
}

/** A property list whose place and size stand at `at`. */
function textAt(block: Buffer, at: number): string {
  const offset = block.readUInt32LE(at)
  return offset >= BLOCK_BYTES
    ? ''
    : block.toString('latin1', offset, Math.min(BLOCK_BYTES, offset + block.readUInt32LE(at + 4)))
}

/** Values of one key. Property lists of CoreStorage refer to equal values by ID: the first of them holds the text. */
function valuesOf(xml: string, key: string, type: string): string[] {
  const named = xml.split(`<key>${key}</key>`).slice(1)
  return named.flatMap(
    (rest) => new RegExp(`^\\s*<${type}[^<>]{0,200}>([^<]+)</${type}>`).exec(rest)?.[1] ?? [],
  )
}

/** Checksum and seed, then the bytes that they cover. */
function isWhole(block: Buffer, bytes: number): boolean {
  if (block.length < bytes || block.readUInt32LE(4) !== 0xffffffff) return false
  // The format leaves out the last exclusive-or.
  return (crc32c(block.subarray(8, bytes), bytes) ^ 0xffffffff) >>> 0 === block.readUInt32LE(0)
}
