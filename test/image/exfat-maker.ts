/** Writes small exFAT volumes, so that tests decide where each cluster lies; `fsck.exfat` agrees with what it writes. */

const SECTOR = 512
const CLUSTER = 4096
const HEAP_AT = 64 * SECTOR
const TABLE_AT = 24 * SECTOR
const TABLE_BYTES = 40 * SECTOR
const SLOT = 32

export interface MadeFile {
  readonly name: string
  readonly content: Buffer
  /** Clusters in order, from 6 on: bitmap, capitals and root directory hold 2 to 5. With `contiguous` the first alone is written. */
  readonly clusters: readonly number[]
  readonly contiguous?: boolean
  readonly validBytes?: number
  readonly removed?: boolean
  readonly children?: readonly MadeFile[]
  /** Quarters of an hour from UTC; undefined: not stated. */
  readonly offset?: number
}

/** @param clusters of the volume. @returns the whole volume */
export function exfatVolume(
  files: readonly MadeFile[],
  { clusters = 400, label = 'Kortelė' }: { clusters?: number; label?: string } = {},
): Buffer {
  const bytes = Buffer.alloc(HEAP_AT + clusters * CLUSTER)
  const used = new Set<number>()
  const link = (chain: readonly number[]) => {
    for (const [n, cluster] of chain.entries()) {
      used.add(cluster)
      bytes.writeUInt32LE(chain[n + 1] ?? 0xffffffff, TABLE_AT + cluster * 4)
    }
  }
  bytes.writeUInt32LE(0xfffffff8, TABLE_AT)
  bytes.writeUInt32LE(0xffffffff, TABLE_AT + 4)
  link([2])
  link([3])
  link([4, 5])

  const capitals = Buffer.alloc(256)
  for (let unit = 0; unit < 128; unit++)
    capitals.writeUInt16LE(unit >= 0x61 && unit <= 0x7a ? unit - 32 : unit, unit * 2)
  capitals.copy(bytes, at(3))
  const bitmapBytes = Math.ceil(clusters / 8)
  const fixed = Buffer.alloc(3 * SLOT)
  fixed[0] = 0x83
  fixed[1] = label.length
  fixed.write(label, 2, 'utf16le')
  fixed[SLOT] = 0x81
  fixed.writeUInt32LE(2, SLOT + 20)
  fixed.writeBigUInt64LE(BigInt(bitmapBytes), SLOT + 24)
  fixed[2 * SLOT] = 0x82
  fixed.writeUInt32LE(sum32(capitals), 2 * SLOT + 4)
  fixed.writeUInt32LE(3, 2 * SLOT + 20)
  fixed.writeBigUInt64LE(BigInt(capitals.length), 2 * SLOT + 24)

  const store = (content: Buffer, chain: readonly number[]) => {
    for (const [n, cluster] of chain.entries())
      content.subarray(n * CLUSTER, (n + 1) * CLUSTER).copy(bytes, at(cluster))
  }
  const put = (file: MadeFile, freed = file.removed === true): Buffer => {
    const inside = file.children
      ? Buffer.concat(file.children.map((child) => put(child, freed || child.removed)))
      : file.content
    const content = file.children ? padded(inside, file.clusters.length * CLUSTER) : inside
    store(content, file.clusters)
    if (!freed) {
      if (file.contiguous) for (const cluster of file.clusters) used.add(cluster)
      else link(file.clusters)
    } else if (!file.contiguous && file.clusters.length > 1) {
      // Removing clears the bitmap and leaves the table (Windows, Linux).
      for (const [n, cluster] of file.clusters.entries())
        bytes.writeUInt32LE(file.clusters[n + 1] ?? 0xffffffff, TABLE_AT + cluster * 4)
    }
    return entrySet(file, content.length)
  }
  store(Buffer.concat([fixed, ...files.map((file) => put(file))]), [4, 5])
  for (const cluster of used) {
    const bit = cluster - 2
    bytes[at(2) + (bit >>> 3)] = (bytes[at(2) + (bit >>> 3)] ?? 0) | (1 << (bit & 7))
  }
  writeBoot(bytes, clusters)
  return bytes
}

/** Offset on the volume of a cluster of a made volume. */
export function at(cluster: number): number {
  return HEAP_AT + (cluster - 2) * CLUSTER
}

export const TABLE_OFFSET = TABLE_AT

function padded(content: Buffer, length: number): Buffer {
  return Buffer.concat([content, Buffer.alloc(length - content.length)])
}

function entrySet(file: MadeFile, length: number): Buffer {
  const parts = Math.ceil(file.name.length / 15)
  const set = Buffer.alloc((2 + parts) * SLOT)
  set[0] = 0x85
  set[1] = 1 + parts
  set.writeUInt16LE(file.children ? 0x10 : 0x20, 4)
  for (const time of [8, 12, 16]) {
    // 2021-05-06 07:08:10
    set.writeUInt16LE((7 << 11) | (8 << 5) | 5, time)
    set.writeUInt16LE((41 << 9) | (5 << 5) | 6, time + 2)
  }
  set[20] = 150
  if (file.offset !== undefined) set.fill(0x80 | (file.offset & 0x7f), 22, 25)
  set[SLOT] = 0xc0
  set[SLOT + 1] = 1 | (file.contiguous ? 2 : 0)
  set[SLOT + 3] = file.name.length
  set.writeUInt16LE(nameHash(file.name), SLOT + 4)
  set.writeBigUInt64LE(BigInt(file.validBytes ?? length), SLOT + 8)
  set.writeUInt32LE(file.clusters[0] ?? 0, SLOT + 20)
  set.writeBigUInt64LE(BigInt(length), SLOT + 24)
  for (let part = 0; part < parts; part++) {
    const slot = (2 + part) * SLOT
    set[slot] = 0xc1
    set.write(file.name.slice(part * 15, part * 15 + 15), slot + 2, 'utf16le')
  }
  let sum = 0
  for (let n = 0; n < set.length; n++)
    if (n !== 2 && n !== 3) sum = (((sum & 1) << 15) + (sum >>> 1) + (set[n] ?? 0)) & 0xffff
  set.writeUInt16LE(sum, 2)
  if (file.removed) for (let slot = 0; slot < set.length; slot += SLOT) set[slot] = (set[slot] ?? 0) & 0x7f
  return set
}

/** Over capitals of ASCII alone: the table written here knows no others. */
function nameHash(name: string): number {
  const units = Buffer.from(
    name.replace(/[a-z]/g, (letter) => letter.toUpperCase()),
    'utf16le',
  )
  let hash = 0
  for (const byte of units) hash = (((hash & 1) << 15) + (hash >>> 1) + byte) & 0xffff
  return hash
}

function sum32(bytes: Buffer, skip: readonly number[] = []): number {
  let sum = 0
  for (const [n, byte] of bytes.entries())
    if (!skip.includes(n)) sum = ((((sum & 1) << 31) >>> 0) + (sum >>> 1) + byte) >>> 0
  return sum
}

function writeBoot(bytes: Buffer, clusters: number): void {
  const region = Buffer.alloc(12 * SECTOR)
  region.set([0xeb, 0x76, 0x90])
  region.write('EXFAT   ', 3, 'latin1')
  region.writeBigUInt64LE(BigInt(bytes.length / SECTOR), 72)
  region.writeUInt32LE(TABLE_AT / SECTOR, 80)
  region.writeUInt32LE(TABLE_BYTES / SECTOR, 84)
  region.writeUInt32LE(HEAP_AT / SECTOR, 88)
  region.writeUInt32LE(clusters, 92)
  region.writeUInt32LE(4, 96)
  region.writeUInt32LE(0xcafe1234, 100)
  region.writeUInt16LE(0x0100, 104)
  region[108] = 9
  region[109] = 3
  region[110] = 1
  region[111] = 0x80
  for (let sector = 0; sector < 9; sector++) region.writeUInt16LE(0xaa55, sector * SECTOR + 510)
  const sum = sum32(region.subarray(0, 11 * SECTOR), [106, 107, 112])
  for (let word = 11 * SECTOR; word < 12 * SECTOR; word += 4) region.writeUInt32LE(sum, word)
  region.copy(bytes, 0)
  region.copy(bytes, 12 * SECTOR)
}
