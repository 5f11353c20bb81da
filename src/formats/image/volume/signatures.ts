/** Signatures of file systems and of containers in a volume. The first row that fits is used. */
import type { Medium } from '../../../contracts/image.ts'

/** @param head the first bytes, at most 132 KiB, zeros behind the end @param volume for marks elsewhere */
type Fits = (head: Buffer, volume: Medium) => boolean

const text = (expected: string, at: number): Fits => {
  const bytes = Buffer.from(expected, 'latin1')
  return (head) => bytes.equals(head.subarray(at, at + bytes.length))
}
const hex = (expected: string, at: number): Fits => text(Buffer.from(expected, 'hex').toString('latin1'), at)
const any =
  (...rows: readonly Fits[]): Fits =>
  (head, volume) =>
    rows.some((fits) => fits(head, volume))
const all =
  (...rows: readonly Fits[]): Fits =>
  (head, volume) =>
    rows.every((fits) => fits(head, volume))

export const HEAD_BYTES = 132 << 10

/** Sectors of 2,048 bytes from 32 KiB, with the descriptors of optical file systems. */
const inDescriptors = (names: readonly string[]): Fits =>
  any(
    ...Array.from({ length: 16 }, (_, index) =>
      any(...names.map((name) => text(name, 32768 + index * 2048 + 1))),
    ),
  )

export const SIGNATURES: readonly (readonly [content: string, fits: Fits])[] = [
  [
    'bitlocker',
    any(text('-FVE-FS-', 3), all(text('MSWIN4.1', 3), hex('3bd66749292ed84a8399f6a339e3d001', 424))),
  ],
  ['luks', hex('4c554b53babe', 0)],
  // CoreStorage whose second number is AES-XTS. Without it, the volume is not encrypted, but still not supported.
  ['filevault', all(text('CS', 88), hex('02000000', 172))],
  ['corestorage', all(text('CS', 88), hex('10', 10))],
  ['lvm2', any(...[0, 512, 1024, 1536].map((at) => text('LABELONE', at)))],
  ['ntfs', all(text('NTFS    ', 3), hex('55aa', 510))],
  ['exfat', all(text('EXFAT   ', 3), hex('55aa', 510))],
  ['refs', text('ReFS\0\0\0\0', 3)],
  ['fat12', (head) => fatKind(head) === 'fat12'],
  ['fat16', (head) => fatKind(head) === 'fat16'],
  ['fat32', (head) => fatKind(head) === 'fat32'],
  ['xfs', text('XFSB', 0)],
  ['squashfs', any(text('hsqs', 0), text('sqsh', 0))],
  ['apfs', text('NXSB', 32)],
  ['btrfs', text('_BHRfS_M', 65600)],
  ['ext', all(hex('53ef', 1080), (head) => head.readUInt32LE(1048) <= 6)],
  // The last alternative: wrapped in a volume of HFS.
  [
    'hfsplus',
    any(
      hex('482b0004', 1024),
      hex('48580005', 1024),
      all(hex('4244', 1024), any(hex('482b', 1148), hex('4858', 1148))),
    ),
  ],
  [
    'hfs',
    all(hex('4244', 1024), (head) => head.readUInt32BE(1044) % 512 === 0 && head.readUInt32BE(1044) > 0),
  ],
  ['f2fs', hex('1020f5f2', 1024)],
  ['erofs', hex('e2e1f5e0', 1024)],
  ['md-raid', mdRaid],
  ['udf', inDescriptors(['NSR02', 'NSR03'])],
  ['iso9660', inDescriptors(['CD001'])],
  [
    'swap',
    any(
      ...[4096, 8192, 16384, 65536].map((page) =>
        any(text('SWAPSPACE2', page - 10), text('SWAP-SPACE', page - 10)),
      ),
    ),
  ],
  ['ufs', any(hex('19015419', 66908), hex('54190100', 9564))],
  ['jfs', text('JFS1', 32768)],
  ['reiserfs', any(text('ReIsErFs', 65588), text('ReIsEr2Fs', 65588), text('ReIsEr3Fs', 65588))],
  ['nilfs2', all(hex('3434', 1030), hex('02000000', 1024))],
  ['zfs', any(hex('0cb1ba0000000000', 131072), hex('0000000000bab10c', 131072))],
  ['jffs2', any(hex('85190320', 0), hex('851901e0', 0), hex('851902e0', 0))],
  ['zip', any(text('PK\x03\x04', 0), text('PK\x05\x06', 0))],
  ['tar', text('ustar', 257)],
  ['android-backup', text('ANDROID BACKUP\n', 0)],
  ['android-sparse', hex('3aff26ed', 0)],
]

/** @see Microsoft, "FAT: General Overview of On-Disk Format", 2000, "FAT Type Determination" */
function fatKind(head: Buffer): 'fat12' | 'fat16' | 'fat32' | null {
  const sectorBytes = head.readUInt16LE(11)
  const perCluster = head[13]!
  const reserved = head.readUInt16LE(14)
  const fats = head[16]!
  const rootEntries = head.readUInt16LE(17)
  const media = head[21]!
  const small = head.readUInt16LE(22)
  const fatSectors = small || head.readUInt32LE(36)
  const sectors = head.readUInt16LE(19) || head.readUInt32LE(32)
  const sound =
    head.readUInt16LE(510) === 0xaa55 &&
    (head[0] === 0xeb || head[0] === 0xe9) &&
    [512, 1024, 2048, 4096].includes(sectorBytes) &&
    perCluster > 0 &&
    (perCluster & (perCluster - 1)) === 0 &&
    reserved > 0 &&
    (fats === 1 || fats === 2) &&
    (media === 0xf0 || media >= 0xf8) &&
    fatSectors > 0
  if (!sound) return null
  if (small === 0) return 'fat32'
  const data = sectors - reserved - fats * fatSectors - Math.ceil((rootEntries * 32) / sectorBytes)
  if (data <= 0) return null
  return data / perCluster < 4085 ? 'fat12' : 'fat16'
}

/**
 * Superblock 1.1 and 1.2 at the beginning, 0.90 and 1.0 near the end; big-endian hosts wrote 0.90 in reverse byte
 * order.
 */
function mdRaid(head: Buffer, volume: Medium): boolean {
  const magic = Buffer.from('fc4e2ba9', 'hex')
  if (magic.equals(head.subarray(0, 4)) || magic.equals(head.subarray(4096, 4100))) return true
  const size = volume.sizeBytes
  const old = Math.floor(size / 65536) * 65536 - 65536
  const late = Math.floor((size - 8192) / 4096) * 4096
  return [old, late].some((at) => {
    if (at < 0) return false
    const bytes = Buffer.alloc(4)
    volume.readInto(bytes, at)
    return magic.equals(bytes) || magic.equals(Buffer.from(bytes).reverse())
  })
}
