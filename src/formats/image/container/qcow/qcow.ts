/**
 * QEMU copy-on-write disks, versions 1 to 3, with zlib and (where this Node has it) zstd.
 *
 * @see QEMU, docs/interop/qcow2.rst
 */
import * as zlib from 'node:zlib'
import type { ContainerFormat, Medium, Segment } from '../../../../contracts/image.ts'
import { ImageRefused, plausibleSize } from '../../../../wire/image-refused.ts'
import { type BlockPlace, blockMedium, ZEROS } from '../../content/block-medium.ts'
import { damageOf } from '../../content/lacking.ts'
import { PagedTable } from '../../content/paged-table.ts'
import { readAt, u64be } from '../../content/read-at.ts'
import { Recent } from '../../content/recent.ts'
import { lackingClusters } from './lacking-clusters.ts'
import {
  codedAt,
  INCOMPATIBLE,
  type Layout,
  layoutOf,
  layoutOfOne,
  offsetOf,
  SUBCLUSTERS,
  usesZstd,
} from './layout.ts'

const MAGIC = Buffer.from('514649fb', 'hex')
const CACHE_BYTES = 8 << 20
const L2_TABLES_KEPT = 64

export const QCOW: ContainerFormat = {
  name: 'qcow2',
  recognises: ([first]) => MAGIC.equals(readAt(first.medium, 0, 4)),
  open([segment]) {
    const { name, medium } = segment
    const header = Buffer.concat([readAt(medium, 0, 112), Buffer.alloc(112)]).subarray(0, 112)
    const version = header.readUInt32BE(4)
    const features = version >= 3 ? header.readUInt32BE(76) : 0
    refuseUnread(segment, header, version, features)
    const layout = version === 1 ? layoutOfOne(header) : layoutOf(header, version, features)
    const { clusterBits, sizeBytes } = layout
    if (clusterBits < 9 || clusterBits > 22) {
      throw new ImageRefused('header-damaged', `${name} states clusters of 2^${clusterBits} bytes.`, {
        segment: name,
        format: 'qcow2',
      })
    }
    plausibleSize(sizeBytes, 'qcow2')
    const remarks: { code: string; params: Record<string, string | number> }[] = []
    if (features & INCOMPATIBLE.dirty) remarks.push({ code: 'not-closed', params: { format: 'qcow2' } })
    if (features & INCOMPATIBLE.corrupt) remarks.push({ code: 'marked-corrupt', params: { format: 'qcow2' } })
    const snapshots = version === 1 ? 0 : header.readUInt32BE(60)
    if (snapshots > 0) remarks.push({ code: 'snapshots-not-read', params: { count: snapshots } })
    return {
      format: 'qcow2',
      medium: clusters(medium, layout),
      stated: [{ name: 'subformat', value: `qcow version ${version}` }],
      storedHashes: [],
      remarks,
      lacks: () => damageOf(sizeBytes, lackingClusters(medium, layout)),
      logical: null,
    }
  },
}

function refuseUnread({ name }: Segment, header: Buffer, version: number, features: number): void {
  const notBuilt = (format: string): never => {
    throw new ImageRefused('format-not-built', `${name} is a ${format}, which is not read.`, {
      segment: name,
      format,
    })
  }
  if (version < 1 || version > 3) notBuilt(`qcow version ${version}`)
  if (u64be(header, 8) !== 0) {
    throw new ImageRefused(
      'parent-missing',
      `${name} holds only what differs from a backing file: it is not read without.`,
      { segment: name },
    )
  }
  if (header.readUInt32BE(version === 1 ? 36 : 32) !== 0) {
    throw new ImageRefused('format-encrypted', `${name} is encrypted.`, { segment: name, format: 'qcow2' })
  }
  if (features & INCOMPATIBLE.externalData) notBuilt('qcow2 with an external data file')
  if (usesZstd(header, features) && !('zstdDecompressSync' in zlib))
    notBuilt('qcow2 with zstd (this Node has none)')
  if (features & ~31 || (version >= 3 && header.readUInt32BE(72) !== 0))
    notBuilt(`qcow2 with features ${features.toString(16)}`)
}

function clusters(medium: Medium, layout: Layout): Medium {
  const { clusterBits, l2Bits, extended } = layout
  const clusterBytes = 2 ** clusterBits
  const l1 = new PagedTable(medium, layout.l1Offset, layout.l1Entries, 8)
  const l2Tables = new Recent<number, PagedTable>(L2_TABLES_KEPT)
  const decoded = new Recent<number, BlockPlace>(CACHE_BYTES / clusterBytes)
  const unitBytes = extended ? clusterBytes / SUBCLUSTERS : clusterBytes

  return blockMedium(layout.sizeBytes, unitBytes, (index): BlockPlace => {
    const cluster = extended ? Math.floor(index / SUBCLUSTERS) : index
    const inCluster = extended ? (index % SUBCLUSTERS) * unitBytes : 0
    const l1Entry = l1.entry(Math.floor(cluster / 2 ** l2Bits))
    if (!l1Entry) return { kind: 'damaged', cause: 'table' }
    const l2Offset = layout.version === 1 ? u64be(l1Entry, 0) : offsetOf(l1Entry)
    if (l2Offset === 0) return ZEROS
    const l2 = l2Tables.get(
      l2Offset,
      () => new PagedTable(medium, l2Offset, 2 ** l2Bits, extended ? 16 : 8, 8),
    )
    const entry = l2.entry(cluster % 2 ** l2Bits)
    if (!entry) return { kind: 'damaged', cause: 'table' }
    const compressed = layout.version === 1 ? entry[0]! & 0x80 : entry[0]! & 0x40
    if (compressed) {
      const place = decoded.get(cluster, () => decodedCluster(medium, entry, layout, clusterBytes))
      return inCluster === 0 || place.kind !== 'decoded'
        ? place
        : { kind: 'decoded', bytes: place.bytes.subarray(inCluster, inCluster + unitBytes) }
    }
    const offset = layout.version === 1 ? u64be(entry, 0) : offsetOf(entry)
    if (extended) {
      const bit = 1 << (index % SUBCLUSTERS)
      if (entry.readUInt32BE(8) & bit || !(entry.readUInt32BE(12) & bit)) return ZEROS
    } else if (offset === 0 || (layout.version >= 3 && entry[7]! & 1)) {
      return ZEROS
    }
    return { kind: 'stored', medium, offset: offset + inCluster }
  })
}

function decodedCluster(medium: Medium, entry: Buffer, layout: Layout, clusterBytes: number): BlockPlace {
  const { offset, length } = codedAt(entry, layout)
  const stored = readAt(medium, offset, length)
  if (stored.length === 0) return { kind: 'damaged', cause: 'cut' }
  return layout.inflate(stored, clusterBytes)
}
