/** Writes small FAT32 volumes slot by slot, so that tests decide where each cluster lies and what each slot says. */

const SECTOR = 512
const RESERVED = 32
const TABLE_SECTORS = 8
const CLUSTER = 1024
export const TABLE_AT = RESERVED * SECTOR
export const TABLE_BYTES = TABLE_SECTORS * SECTOR
const HEAP_AT = (RESERVED + 2 * TABLE_SECTORS) * SECTOR
export const CLUSTER_BYTES = CLUSTER
const END = 0x0fffffff

/** Offset on the volume of a cluster. */
export function clusterAt(cluster: number): number {
  return HEAP_AT + (cluster - 2) * CLUSTER
}

export class FatVolume {
  readonly bytes: Buffer

  /** @param clusters of the volume; the root directory is cluster 2 */
  constructor(clusters = 200) {
    this.bytes = Buffer.alloc(HEAP_AT + clusters * CLUSTER)
    const boot = Buffer.alloc(SECTOR)
    boot.set([0xeb, 0x58, 0x90])
    boot.write('TESTFAT ', 3, 'latin1')
    boot.writeUInt16LE(SECTOR, 11)
    boot[13] = CLUSTER / SECTOR
    boot.writeUInt16LE(RESERVED, 14)
    boot[16] = 2
    boot[21] = 0xf8
    boot.writeUInt32LE(this.bytes.length / SECTOR, 32)
    boot.writeUInt32LE(TABLE_SECTORS, 36)
    boot.writeUInt32LE(2, 44)
    boot[66] = 0x29
    boot.writeUInt32LE(0x12345678, 67)
    boot.write('OLDLABEL   ', 71, 'latin1')
    boot.write('FAT32   ', 82, 'latin1')
    boot.writeUInt16LE(0xaa55, 510)
    boot.copy(this.bytes, 0)
    boot.copy(this.bytes, 6 * SECTOR)
    this.link(0, 0x0ffffff8)
    this.link(1, END)
    this.chain(2)
  }

  /** In both tables. */
  link(cluster: number, next: number): void {
    this.bytes.writeUInt32LE(next, TABLE_AT + cluster * 4)
    this.bytes.writeUInt32LE(next, TABLE_AT + TABLE_BYTES + cluster * 4)
  }

  chain(...clusters: readonly number[]): void {
    for (const [n, cluster] of clusters.entries()) this.link(cluster, clusters[n + 1] ?? END)
  }

  /** A content over its clusters, in order. */
  fill(content: Buffer, ...clusters: readonly number[]): void {
    for (const [n, cluster] of clusters.entries())
      content.subarray(n * CLUSTER, (n + 1) * CLUSTER).copy(this.bytes, clusterAt(cluster))
  }

  /** Slots one after another in a directory of one cluster. */
  directory(cluster: number, ...slots: readonly Buffer[]): void {
    Buffer.concat(slots).copy(this.bytes, clusterAt(cluster))
  }
}

/** @param name 11 characters */
export function slot(
  name: string,
  first: number,
  size: number,
  { attributes = 0x20, removed = false }: { attributes?: number; removed?: boolean } = {},
): Buffer {
  const bytes = Buffer.alloc(32)
  bytes.write(name.padEnd(11), 'latin1')
  bytes[11] = attributes
  // 2023-02-03 04:05:06
  for (const at of [16, 18, 24]) bytes.writeUInt16LE((43 << 9) | (2 << 5) | 3, at)
  for (const at of [14, 22]) bytes.writeUInt16LE((4 << 11) | (5 << 5) | 3, at)
  bytes.writeUInt16LE(first >>> 16, 20)
  bytes.writeUInt16LE(first & 0xffff, 26)
  bytes.writeUInt32LE(size, 28)
  if (removed) bytes[0] = 0xe5
  return bytes
}

export function folderSlots(own: number, parent: number): Buffer {
  return Buffer.concat([slot('.', own, 0, { attributes: 0x10 }), slot('..', parent, 0, { attributes: 0x10 })])
}

/** The parts of a long name before its short name, last first. */
export function longSlots(name: string, shortName: string, removed = false): Buffer {
  let checksum = 0
  for (const byte of Buffer.from(shortName.padEnd(11), 'latin1'))
    checksum = (((checksum & 1) << 7) + (checksum >>> 1) + byte) & 255
  const parts = Math.ceil(name.length / 13)
  const slots: Buffer[] = []
  for (let part = parts; part >= 1; part--) {
    const units = Buffer.alloc(26, 0xff)
    const text = Buffer.from(name.slice((part - 1) * 13, part * 13), 'utf16le')
    text.copy(units)
    if (text.length < 26) units.writeUInt16LE(0, text.length)
    const bytes = Buffer.alloc(32)
    bytes[0] = removed ? 0xe5 : part | (part === parts ? 0x40 : 0)
    bytes[11] = 0x0f
    bytes[13] = checksum
    units.copy(bytes, 1, 0, 10)
    units.copy(bytes, 14, 10, 22)
    units.copy(bytes, 28, 22, 26)
    slots.push(bytes)
  }
  return Buffer.concat(slots)
}
