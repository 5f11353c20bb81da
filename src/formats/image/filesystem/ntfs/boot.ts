/** Boot sector of an NTFS volume, or its backup in the volume's last sector. All numbers are little-endian. */
import type { Medium } from '../../../../contracts/image.ts'

export interface Geometry {
  readonly clusterBytes: number
  /** Clusters of the volume that the medium contains. */
  readonly clusters: number
  /** Sectors in the boot sector, in bytes: more than the medium has when the image is cut. */
  readonly statedBytes: number
  readonly recordBytes: number
  readonly indexBytes: number
  readonly mftOffset: number
  readonly mirrorOffset: number
  /** 16 hex digits. */
  readonly serial: string
  readonly fromBackup: boolean
}

const SECTOR = 512
const OEM = 'NTFS    '
/** Windows allows 2 MiB (since 10 1709); above is damage. */
const MAX_CLUSTER = 2 * 1024 * 1024
const MAX_RECORD = 64 * 1024

/** File systems that leave the first sector unchanged, and with it the backup of an earlier NTFS volume. */
const LATER = [
  { at: 1080, mark: '\x53\xef' },
  { at: 1024, mark: 'H+' },
  { at: 1024, mark: 'HX' },
  { at: 1024, mark: '\x10\x20\xf5\xf2' },
  { at: 1024, mark: '\xe2\xe1\xf5\xe0' },
  { at: 512, mark: 'LABELONE' },
  { at: 65600, mark: '_BHRfS_M' },
  { at: 32769, mark: 'CD001' },
  { at: 32769, mark: 'BEA01' },
]
const LOOKED = 65_608

/** The first usable boot sector, or null. */
export function geometryOf(volume: Medium): Geometry | null {
  const first = geometryAt(volume, 0, false)
  if (first && recordSigned(volume, first)) return first
  for (const sector of [SECTOR, 4096]) {
    const backup = geometryAt(volume, volume.sizeBytes - sector, true)
    if (backup && recordSigned(volume, backup)) return backup
  }
  return first
}

/**
 * True for the signature at the beginning; or, where the first sector is one repeated byte (wiped), for a sound backup.
 */
export function hasSignature(volume: Medium): boolean {
  const sector = Buffer.alloc(SECTOR)
  if (volume.readInto(sector, 0) < SECTOR) return false
  if (sector.toString('latin1', 3, 11) === OEM) return true
  return sector.every((byte) => byte === sector[0]) && hasBackup(volume)
}

/**
 * True for a backup whose MFT is at its stated place, for a volume that is not recognised otherwise. Where another file
 * system was made over an older NTFS, its backup may still exist.
 */
export function hasBackup(volume: Medium): boolean {
  const begin = Buffer.alloc(LOOKED)
  volume.readInto(begin, 0)
  if (LATER.some(({ at, mark }) => begin.toString('latin1', at, at + mark.length) === mark)) return false
  const geometry = geometryOf(volume)
  return geometry?.fromBackup === true && recordSigned(volume, geometry)
}

function geometryAt(volume: Medium, offset: number, fromBackup: boolean): Geometry | null {
  const sector = Buffer.alloc(SECTOR)
  if (offset < 0 || volume.readInto(sector, offset) < SECTOR) return null
  if (sector.toString('latin1', 3, 11) !== OEM) return null
  const sectorBytes = sector.readUInt16LE(11)
  if (![256, 512, 1024, 2048, 4096].includes(sectorBytes)) return null
  const perCluster = sector.readUInt8(13)
  // Above 128 the byte is a negative power of two (clusters over 64 KiB).
  const sectors = perCluster > 128 ? 2 ** (256 - perCluster) : perCluster
  const clusterBytes = sectorBytes * sectors
  if (sectors === 0 || (sectors & (sectors - 1)) !== 0 || clusterBytes > MAX_CLUSTER) return null
  const recordBytes = sized(sector.readInt8(64), clusterBytes)
  const indexBytes = sized(sector.readInt8(68), clusterBytes)
  if (recordBytes < SECTOR || recordBytes > MAX_RECORD || recordBytes % SECTOR !== 0) return null
  const statedBytes = Number(sector.readBigUInt64LE(40)) * sectorBytes
  const mftOffset = Number(sector.readBigUInt64LE(48)) * clusterBytes
  const mirrorOffset = Number(sector.readBigUInt64LE(56)) * clusterBytes
  if (statedBytes < clusterBytes) return null
  return {
    clusterBytes,
    clusters: Math.floor(Math.min(statedBytes, volume.sizeBytes) / clusterBytes),
    statedBytes,
    recordBytes,
    indexBytes: indexBytes < SECTOR || indexBytes > MAX_RECORD ? 4096 : indexBytes,
    mftOffset,
    mirrorOffset,
    serial: sector.readBigUInt64LE(72).toString(16).padStart(16, '0'),
    fromBackup,
  }
}

/** Clusters; a negative value is a power of two in bytes. */
function sized(value: number, clusterBytes: number): number {
  return value > 0 ? value * clusterBytes : 2 ** Math.min(31, -value)
}

function recordSigned(volume: Medium, geometry: Geometry): boolean {
  const signature = Buffer.alloc(4)
  return [geometry.mftOffset, geometry.mirrorOffset].some(
    (offset) =>
      Number.isSafeInteger(offset) &&
      offset + 4 <= volume.sizeBytes &&
      volume.readInto(signature, offset) === 4 &&
      signature.toString('latin1') === 'FILE',
  )
}
