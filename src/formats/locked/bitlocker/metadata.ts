/**
 * The metadata of a BitLocker volume: three copies, each with a CRC-32; the newest whole one counts.
 *
 * @see Joachim Metz, "BitLocker Drive Encryption (BDE) format specification" (libbde), 2011–2024
 */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Medium } from '../../../contracts/image.ts'
import type { ProtectorKind } from '../../../contracts/lock.ts'
import { guidAt } from '../../bytes/guid.ts'
import { readAt, u64 } from '../../image/content/read-at.ts'

/** Sealed by AES-CCM: 12 bytes of nonce, 16 of tag, the rest encrypted. */
export type Sealed = Buffer

export interface BitlockerProtector {
  readonly guid: string
  readonly kind: ProtectorKind
  /** Of the stretch; empty: none. */
  readonly salt: Buffer
  /** The volume master key; null: not there in this form. */
  readonly sealed: Sealed | null
  /** Lies open where protection is suspended. */
  readonly clearKey: Buffer | null
}

export interface BitlockerMetadata {
  readonly guid: string
  readonly label: string
  /** 0x8000 to 0x8005. */
  readonly method: number
  readonly sectorBytes: number
  /** 4: all is encrypted. Others: being encrypted or decrypted, up to `encryptedBytes`. */
  readonly state: number
  readonly nextState: number
  readonly isEncryptOnWrite: boolean
  readonly encryptedBytes: number
  /** Areas of 64 KiB that hold the copies. */
  readonly areas: readonly number[]
  /** Where the first bytes of the volume lie. */
  readonly header: { readonly offset: number; readonly length: number }
  readonly protectors: readonly BitlockerProtector[]
  /** The full-volume encryption key. */
  readonly sealedKey: Sealed | null
  /** SHA-256 of the block, sealed by the master key; null in older versions. */
  readonly sealedDigest: Sealed | null
  readonly digest: Buffer
}

export const AREA_BYTES = 64 << 10
const SIGNATURE = Buffer.from('-FVE-FS-', 'latin1')
const TO_GO = Buffer.from('MSWIN4.1', 'latin1')
const ENCRYPT_ON_WRITE = Buffer.from('3b4da89280dd0e4d9e4eb1e3284eaed8', 'hex')
const HEADERS_BYTES = 112
const HEADER_BYTES = 48

/** Every copy that is whole and differs from the others, the newest first; empty: none is. */
export function bitlockerMetadata(volume: Medium): readonly BitlockerMetadata[] {
  const boot = readAt(volume, 0, 512)
  const named = areasOf(boot)
  if (named === null) return []
  const stated = boot.readUInt16LE(11)
  const sectorBytes = stated === 0 ? 512 : stated
  if (sectorBytes !== 512 && sectorBytes !== 4096) return []
  const copies = named.areas.flatMap((area, index) => {
    const copy = copyAt(volume, area, index)
    return copy === null ? [] : [copy]
  })
  // A stretch takes seconds: a wrong secret is tried once on equal copies.
  const different = new Map(copies.map((copy) => [copy.block.toString('latin1'), copy]))
  return [...different.values()]
    .sort((a, b) => b.nonce - a.nonce)
    .map(({ block, tail }) => parsed(block, tail, sectorBytes, named.isEncryptOnWrite))
    .filter((one) => one !== null)
}

function areasOf(boot: Buffer): { areas: readonly number[]; isEncryptOnWrite: boolean } | null {
  if (boot.length < 512) return null
  const name = boot.subarray(3, 11)
  const at = name.equals(SIGNATURE) ? 160 : name.equals(TO_GO) ? 424 : null
  if (at === null) return null
  const areas = [0, 1, 2].map((index) => u64(boot, at + 16 + index * 8))
  return { areas, isEncryptOnWrite: boot.subarray(at, at + 16).equals(ENCRYPT_ON_WRITE) }
}

function copyAt(
  volume: Medium,
  area: number,
  index: number,
): { readonly block: Buffer; readonly tail: Buffer; readonly nonce: number } | null {
  if (!Number.isSafeInteger(area) || area + AREA_BYTES > volume.sizeBytes) return null
  const bytes = readAt(volume, area, AREA_BYTES)
  const blockBytes = bytes.readUInt16LE(8) * 16
  if (!bytes.subarray(0, 8).equals(SIGNATURE) || bytes.readUInt16LE(10) !== 2) return null
  if (blockBytes < HEADERS_BYTES || blockBytes + 8 > AREA_BYTES) return null
  const block = bytes.subarray(0, blockBytes)
  const tail = bytes.subarray(blockBytes)
  const isWhole = tail.readUInt16LE(0) >= 8 && crc32(block) === tail.readUInt32LE(4)
  // A copy at another place than it states belongs to another state of the volume.
  if (!isWhole || u64(block, 32 + index * 8) !== area) return null
  return { block, tail, nonce: block.readUInt32LE(96) }
}

function parsed(
  block: Buffer,
  tail: Buffer,
  sectorBytes: number,
  isEncryptOnWrite: boolean,
): BitlockerMetadata | null {
  const metadataBytes = block.readUInt32LE(64)
  if (metadataBytes < HEADER_BYTES || HEADERS_BYTES - HEADER_BYTES + metadataBytes > block.length) return null
  const protectors: BitlockerProtector[] = []
  let sealedKey: Sealed | null = null
  let header = { offset: u64(block, 56), length: block.readUInt32LE(28) * sectorBytes }
  let label = ''
  for (const { type, data } of entriesIn(
    block.subarray(HEADERS_BYTES, HEADERS_BYTES - HEADER_BYTES + metadataBytes),
  )) {
    if (type === ENTRY.masterKey && data.length >= 28) protectors.push(protectorOf(data))
    else if (type === ENTRY.volumeKey && data.length > 28) sealedKey ??= data
    else if (type === ENTRY.header && data.length >= 16)
      header = { offset: u64(data, 0), length: u64(data, 8) }
    else if (type === ENTRY.description && label === '')
      label = data.toString('utf16le').replace(/\0[\s\S]*$/, '')
  }
  // Size, role, type and flags of the nested structure, then the sealed digest.
  const hasDigest = tail.readUInt16LE(0) >= 88 && tail.readUInt16LE(8) === 80 && tail.readUInt16LE(12) === 5
  return {
    guid: guidAt(block, 80),
    label,
    method: block.readUInt16LE(100),
    sectorBytes,
    state: block.readUInt16LE(12),
    nextState: block.readUInt16LE(14),
    isEncryptOnWrite,
    encryptedBytes: u64(block, 16),
    areas: [0, 1, 2].map((index) => u64(block, 32 + index * 8)),
    header,
    protectors,
    sealedKey,
    sealedDigest: hasDigest ? tail.subarray(16, 88) : null,
    digest: createHash('sha256').update(block).digest(),
  }
}

const ENTRY = { masterKey: 2, volumeKey: 3, description: 7, header: 15 } as const
const VALUE = { key: 1, stretch: 3, sealed: 5 } as const

interface MetadataEntry {
  readonly type: number
  readonly value: number
  readonly data: Buffer
}

/** Each has a header of 8 bytes: its size, type, value and version. */
export function* entriesIn(bytes: Buffer): Iterable<MetadataEntry> {
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt16LE(at)
    if (length < 8 || at + length > bytes.length) return
    yield {
      type: bytes.readUInt16LE(at + 2),
      value: bytes.readUInt16LE(at + 4),
      data: bytes.subarray(at + 8, at + length),
    }
    at += length
  }
}

/** @see libbde, "Key protection types" */
const PROTECTIONS: Readonly<Record<number, ProtectorKind>> = {
  0: 'clear-key',
  256: 'tpm',
  512: 'startup-key',
  1280: 'tpm-pin',
  2048: 'recovery-password',
  4096: 'smart-card',
  8192: 'password',
}

function protectorOf(data: Buffer): BitlockerProtector {
  let salt: Buffer = Buffer.alloc(0)
  let sealed: Sealed | null = null
  let clearKey: Buffer | null = null
  for (const { value, data: of } of entriesIn(data.subarray(28))) {
    // Four bytes name the method of the key.
    if (value === VALUE.stretch && of.length >= 20) salt = of.subarray(4, 20)
    else if (value === VALUE.sealed && of.length > 28) sealed ??= of
    else if (value === VALUE.key && of.length > 4) clearKey ??= of.subarray(4)
  }
  const kind = PROTECTIONS[data.readUInt16LE(26)] ?? 'unknown'
  return { guid: guidAt(data, 0), kind, salt, sealed, clearKey }
}
