/**
 * The boot region of an exFAT volume: eleven sectors and their checksum in a twelfth, and the same twelve again.
 * @see Microsoft, "exFAT file system specification" (2019), section 3
 */
import type { Medium } from '../../../../contracts/image.ts'

export interface ExfatBoot {
  readonly clusterBytes: number
  readonly clusterCount: number
  readonly heapOffset: number
  /** Offsets of the tables, the active one first. */
  readonly tables: readonly number[]
  readonly tableBytes: number
  readonly rootCluster: number
  /** The second bitmap and table are the active ones (TexFAT). */
  readonly secondIsActive: boolean
  readonly sectorBytes: number
  readonly sizeBytes: number
  readonly serial: string
  readonly revision: string
  readonly fromBackup: boolean
  readonly checksumFits: boolean
}

const REGION_SECTORS = 12
const SIGNATURE = 'EXFAT   '

/** Null when neither region is usable. A region with a correct checksum is preferred. */
export function exfatBootOf(volume: Medium): ExfatBoot | null {
  const first = regionAt(volume, 0, false)
  if (first?.checksumFits) return first
  for (const shift of [9, 10, 11, 12]) {
    const copy = regionAt(volume, REGION_SECTORS << shift, true)
    if (copy?.checksumFits && copy.sectorBytes === 1 << shift) return copy
  }
  return first
}

function regionAt(volume: Medium, offset: number, fromBackup: boolean): ExfatBoot | null {
  const sector = Buffer.alloc(512)
  volume.readInto(sector, offset)
  if (sector.toString('latin1', 3, 11) !== SIGNATURE) return null
  const sectorShift = sector.readUInt8(108)
  const clusterShift = sector.readUInt8(109)
  const copies = sector.readUInt8(110)
  // Sectors of 512 to 4096 bytes, clusters of at most 32 MiB (section 3.1.14 and 3.1.15).
  if (sectorShift < 9 || sectorShift > 12 || sectorShift + clusterShift > 25 || copies < 1 || copies > 2)
    return null
  const sectorBytes = 1 << sectorShift
  const clusterBytes = sectorBytes << clusterShift
  const tableBytes = sector.readUInt32LE(84) * sectorBytes
  const clusterCount = Math.min(sector.readUInt32LE(92), Math.floor(tableBytes / 4) - 2)
  const rootCluster = sector.readUInt32LE(96)
  const heapOffset = sector.readUInt32LE(88) * sectorBytes
  if (clusterCount < 1 || heapOffset === 0 || sector.readUInt32LE(80) === 0) return null
  const tableOffset = sector.readUInt32LE(80) * sectorBytes
  const flags = sector.readUInt16LE(106)
  const secondIsActive = copies === 2 && (flags & 1) !== 0
  const tables = [tableOffset, tableOffset + tableBytes].slice(0, copies)
  const serial = sector.readUInt32LE(100).toString(16).toUpperCase().padStart(8, '0')
  return {
    clusterBytes,
    clusterCount,
    heapOffset,
    tables: secondIsActive ? tables.reverse() : tables,
    tableBytes,
    rootCluster,
    secondIsActive,
    sectorBytes,
    sizeBytes: Number(sector.readBigUInt64LE(72)) * sectorBytes,
    serial: `${serial.slice(0, 4)}-${serial.slice(4)}`,
    revision: `${sector.readUInt8(105)}.${sector.readUInt8(104)}`,
    fromBackup,
    checksumFits: checksumFits(volume, offset, sectorBytes),
  }
}

/** Section 3.4: over all bytes of eleven sectors but the volume flags and the percentage in use. */
function checksumFits(volume: Medium, offset: number, sectorBytes: number): boolean {
  const region = Buffer.alloc(REGION_SECTORS * sectorBytes)
  volume.readInto(region, offset)
  let sum = 0
  const end = (REGION_SECTORS - 1) * sectorBytes
  for (let at = 0; at < end; at++) {
    if (at === 106 || at === 107 || at === 112) continue
    sum = (((sum & 1) << 31) >>> 0) + (sum >>> 1) + (region[at] ?? 0)
    sum >>>= 0
  }
  return region.readUInt32LE(end) === sum
}
