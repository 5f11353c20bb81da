/**
 * The volume header of HFS+ and HFSX, 1,024 bytes from the beginning, and its copy 1,024 bytes before the end.
 * Facts: Apple, Technical Note 1150 "HFS Plus Volume Format".
 */
import type { Medium } from '../../../../contracts/image.ts'
import { readAt } from '../../content/read-at.ts'
import { FORK_BYTES, type Fork, forkAt } from './fork.ts'

export interface VolumeHeader {
  /** Offset of the volume: not 0 inside an HFS wrapper. */
  readonly origin: number
  readonly kind: 'hfsplus' | 'hfsx'
  readonly fromCopy: boolean
  readonly flags: number
  readonly lastMountedBy: string
  readonly journalInfoBlock: number
  /** Since 1904: the first in local time of the formatting system, the others in UTC. */
  readonly createdSeconds: number
  readonly modifiedSeconds: number
  readonly checkedSeconds: number
  readonly files: number
  readonly folders: number
  readonly blockBytes: number
  readonly blocks: number
  readonly uuid: string
  readonly allocation: Fork
  readonly extents: Fork
  readonly catalog: Fork
  readonly attributes: Fork
  readonly startup: Fork
}

export const FLAG = { unmounted: 0x100, journaled: 0x2000, contentProtection: 0x4000_0000 } as const

export const HEADER_AT = 1024
export const HEADER_BYTES = 512
const LEAST_BLOCK = 512
const SIGNATURES: Readonly<Record<string, { kind: VolumeHeader['kind']; version: number }>> = {
  'H+': { kind: 'hfsplus', version: 4 },
  HX: { kind: 'hfsx', version: 5 },
}

/** Headers that can be used, the better one first. */
export function headersOf(volume: Medium): VolumeHeader[] {
  const { origin, end } = extentOf(volume)
  const first = headerAt(volume, origin, origin + HEADER_AT, false)
  // The copy is before the end of the volume; a partition may be longer.
  const ends = [end, ...(first ? [origin + first.blocks * first.blockBytes] : [])]
  const copy = ends
    .map((one) => headerAt(volume, origin, one - HEADER_AT, true))
    .find((header) => header !== null)
  return [first, copy ?? null].filter((header) => header !== null)
}

export function hasHeader(volume: Medium): boolean {
  const { origin } = extentOf(volume)
  return signatureAt(readAt(volume, origin + HEADER_AT, HEADER_BYTES)) !== null
}

export function hasCopy(volume: Medium): boolean {
  return headerAt(volume, 0, volume.sizeBytes - HEADER_AT, true) !== null
}

/**
 * A volume of HFS may contain only one of HFS+, so that old Macs show a note instead of an unknown disk (TN1150, "HFS
 * Wrapper").
 */
function extentOf(volume: Medium): { readonly origin: number; readonly end: number } {
  const whole = { origin: 0, end: volume.sizeBytes }
  const head = readAt(volume, HEADER_AT, HEADER_BYTES)
  if (head.length < HEADER_BYTES || head.toString('latin1', 0, 2) !== 'BD') return whole
  if (!(head.toString('latin1', 124, 126) in SIGNATURES)) return whole
  const blockBytes = head.readUInt32BE(20)
  const origin = head.readUInt16BE(28) * 512 + head.readUInt16BE(126) * blockBytes
  return { origin, end: Math.min(volume.sizeBytes, origin + head.readUInt16BE(128) * blockBytes) }
}

function signatureAt(bytes: Buffer): VolumeHeader['kind'] | null {
  if (bytes.length < HEADER_BYTES) return null
  const found = SIGNATURES[bytes.toString('latin1', 0, 2)]
  return found && found.version === bytes.readUInt16BE(2) ? found.kind : null
}

function headerAt(volume: Medium, origin: number, at: number, fromCopy: boolean): VolumeHeader | null {
  const bytes = readAt(volume, at, HEADER_BYTES)
  const kind = signatureAt(bytes)
  if (!kind) return null
  const blockBytes = bytes.readUInt32BE(40)
  const blocks = bytes.readUInt32BE(44)
  const fork = (index: number): Fork => forkAt(bytes, 112 + index * FORK_BYTES)
  const catalog = fork(2)
  const sound =
    blockBytes >= LEAST_BLOCK &&
    (blockBytes & (blockBytes - 1)) === 0 &&
    blocks > 0 &&
    catalog.extents.length > 0 &&
    catalog.extents.every(({ start, count }) => start + count <= blocks) &&
    catalog.sizeBytes > 0
  if (!sound) return null
  return {
    origin,
    kind,
    fromCopy,
    flags: bytes.readUInt32BE(4),
    lastMountedBy: bytes.toString('latin1', 8, 12),
    journalInfoBlock: bytes.readUInt32BE(12),
    createdSeconds: bytes.readUInt32BE(16),
    modifiedSeconds: bytes.readUInt32BE(20),
    checkedSeconds: bytes.readUInt32BE(28),
    files: bytes.readUInt32BE(32),
    folders: bytes.readUInt32BE(36),
    blockBytes,
    blocks,
    uuid: bytes.toString('hex', 104, 112),
    allocation: fork(0),
    extents: fork(1),
    catalog,
    attributes: fork(3),
    startup: fork(4),
  }
}
