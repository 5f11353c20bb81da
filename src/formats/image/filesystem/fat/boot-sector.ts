/**
 * The first sector of a FAT volume: positions of tables, root and clusters.
 * @see Microsoft, "FAT: General Overview of On-Disk Format" 1.03 (2000)
 */
import type { Medium } from '../../../../contracts/image.ts'

export interface FatBoot {
  readonly bits: 12 | 16 | 28
  readonly sectorBytes: number
  readonly clusterBytes: number
  readonly clusterCount: number
  /** Offsets of the tables, the active one first. */
  readonly tables: readonly number[]
  readonly tableBytes: number
  /** FAT12 and FAT16: offset and length of the root directory. */
  readonly root: { readonly offset: number; readonly length: number } | null
  /** FAT32: first cluster of the root directory. */
  readonly rootCluster: number
  readonly heapOffset: number
  /** As stated; the volume may be shorter. */
  readonly sizeBytes: number
  readonly serial: string
  readonly label: string
  readonly oem: string
  /** Read from the copy, because the first sector is unusable. */
  readonly fromBackup: boolean
}

const SECTOR_SIZES = [512, 1024, 2048, 4096]
/** FAT32: sector of the copy of the first sector. */
const BACKUP_SECTOR = 6
const ENTRY_BYTES = 32
/** Text in place of a missing label. */
const NO_LABEL = 'NO NAME'
const MOST_SECTORS_PER_CLUSTER = 128

/** Null when neither the first sector nor its copy is valid. */
export function fatBootOf(volume: Medium): FatBoot | null {
  const sector = Buffer.alloc(512)
  volume.readInto(sector, 0)
  const first = parsed(sector, false)
  if (first) return first
  for (const size of SECTOR_SIZES) {
    volume.readInto(sector, size * BACKUP_SECTOR)
    const copy = parsed(sector, true)
    if (copy && copy.bits === 28 && copy.sectorBytes === size) return copy
  }
  return null
}

function parsed(sector: Buffer, fromBackup: boolean): FatBoot | null {
  const sectorBytes = sector.readUInt16LE(11)
  const sectorsPerCluster = sector.readUInt8(13)
  const reserved = sector.readUInt16LE(14)
  const copies = sector.readUInt8(16)
  const rootEntries = sector.readUInt16LE(17)
  const sectors = sector.readUInt16LE(19) || sector.readUInt32LE(32)
  const media = sector.readUInt8(21)
  const shortTable = sector.readUInt16LE(22)
  const tableSectors = shortTable || sector.readUInt32LE(36)
  const powerOfTwo = sectorsPerCluster > 0 && (sectorsPerCluster & (sectorsPerCluster - 1)) === 0
  if (
    !SECTOR_SIZES.includes(sectorBytes) ||
    !powerOfTwo ||
    sectorsPerCluster > MOST_SECTORS_PER_CLUSTER ||
    reserved === 0 ||
    copies === 0 ||
    copies > 4 ||
    tableSectors === 0 ||
    sectors === 0 ||
    media < 0xf0 ||
    sector.readUInt16LE(510) !== 0xaa55
  )
    return null
  const is32 = shortTable === 0
  const rootOffset = (reserved + copies * tableSectors) * sectorBytes
  const rootBytes = is32 ? 0 : Math.ceil((rootEntries * ENTRY_BYTES) / sectorBytes) * sectorBytes
  const heapOffset = rootOffset + rootBytes
  const clusterBytes = sectorsPerCluster * sectorBytes
  const stated = Math.floor((sectors * sectorBytes - heapOffset) / clusterBytes)
  if (stated < 1 || (!is32 && rootBytes === 0)) return null
  // Type by the number of clusters alone; FAT32 by the absent 16-bit table size, as in every driver.
  const bits = is32 ? 28 : stated < 4085 ? 12 : 16
  const tableBytes = tableSectors * sectorBytes
  const inTable = Math.floor((tableBytes * 8) / (bits === 28 ? 32 : bits)) - 2
  const clusterCount = Math.min(stated, inTable)
  if (clusterCount < 1) return null

  // FAT32: bit 7 means that only one table is maintained, bits 0–3 which.
  const flags = is32 ? sector.readUInt16LE(40) : 0
  const active = flags & 0x80 ? Math.min(flags & 15, copies - 1) : 0
  const order = [active, ...Array.from({ length: copies }, (_, n) => n).filter((n) => n !== active)]
  const extended = is32 ? 64 : 36
  const hasSerial = [0x28, 0x29].includes(sector.readUInt8(extended + 2))
  const serial = hasSerial
    ? sector
        .readUInt32LE(extended + 3)
        .toString(16)
        .toUpperCase()
        .padStart(8, '0')
    : ''
  const label = hasSerial ? sector.toString('latin1', extended + 7, extended + 18).trimEnd() : ''
  return {
    bits,
    sectorBytes,
    clusterBytes,
    clusterCount,
    tables: order.map((n) => (reserved + n * tableSectors) * sectorBytes),
    tableBytes,
    root: is32 ? null : { offset: rootOffset, length: rootBytes },
    rootCluster: is32 ? sector.readUInt32LE(44) : 0,
    heapOffset,
    sizeBytes: sectors * sectorBytes,
    serial: serial === '' ? '' : `${serial.slice(0, 4)}-${serial.slice(4)}`,
    label: label === NO_LABEL ? '' : label,
    oem: sector.toString('latin1', 3, 11).trimEnd(),
    fromBackup,
  }
}
