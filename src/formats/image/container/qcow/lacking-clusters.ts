/** Finds missing data of a QEMU disk from its tables alone. */
import type { Damage, Medium } from '../../../../contracts/image.ts'
import { cutOf, lost, Steps } from '../../content/lacking.ts'
import { PagedTable } from '../../content/paged-table.ts'
import { u64be } from '../../content/read-at.ts'
import { codedAt, type Layout, offsetOf, SUBCLUSTERS } from './layout.ts'

/** Clusters behind the end of the file, or without a readable table. */
export function* lackingClusters(medium: Medium, layout: Layout): Iterable<Damage> {
  const { sizeBytes, clusterBits, l2Bits, version, extended } = layout
  const [clusterBytes, clusters] = [2 ** clusterBits, 2 ** l2Bits]
  const l1 = new PagedTable(medium, layout.l1Offset, layout.l1Entries, 8)
  const steps = new Steps(medium)
  for (let at = 0, table = 0; at < sizeBytes; at += clusterBytes * clusters, table++) {
    const end = Math.min(sizeBytes, at + clusterBytes * clusters)
    const l1Entry = l1.entry(table)
    if (!l1Entry) return yield lost(at, sizeBytes - at, 'table')
    const l2Offset = version === 1 ? u64be(l1Entry, 0) : offsetOf(l1Entry)
    if (l2Offset === 0) continue
    const l2 = new PagedTable(medium, l2Offset, clusters, extended ? 16 : 8, 1)
    for (let from = at, index = 0; from < end; from += clusterBytes, index++) {
      if (!steps.take()) return
      const entry = l2.entry(index)
      if (!entry) {
        yield lost(from, end - from, 'table')
        break
      }
      yield* lackingIn(medium, entry, layout, from, Math.min(clusterBytes, end - from))
    }
  }
}

function* lackingIn(
  medium: Medium,
  entry: Buffer,
  layout: Layout,
  at: number,
  length: number,
): Iterable<Damage> {
  const { version, clusterBits, extended } = layout
  if (entry[0]! & (version === 1 ? 0x80 : 0x40)) {
    const cut = cutOf(medium, codedAt(entry, layout), at, length)
    if (cut) yield cut
    return
  }
  const offset = version === 1 ? u64be(entry, 0) : offsetOf(entry)
  if (!extended) {
    if (offset === 0 || (version >= 3 && entry[7]! & 1)) return
    const cut = cutOf(medium, { offset, length, coded: false }, at, length)
    if (cut) yield cut
    return
  }
  const unit = 2 ** clusterBits / SUBCLUSTERS
  for (let from = 0, index = 0; from < length; from += unit, index++) {
    const bit = 1 << index
    if (entry.readUInt32BE(8) & bit || !(entry.readUInt32BE(12) & bit)) continue
    const bytes = Math.min(unit, length - from)
    const cut = cutOf(medium, { offset: offset + from, length: bytes, coded: false }, at + from, bytes)
    if (cut) yield cut
  }
}
