/**
 * Apple partition map.
 *
 * @see Apple, "Inside Macintosh: Devices", 1994, chapter 3, "Data Organization on SCSI Devices"
 */
import type { Medium } from '../../../contracts/image.ts'
import { readAt } from '../content/read-at.ts'
import type { Partition, PartitionTable, TableRange } from './table.ts'

const ENTRIES_AT_MOST = 1024
const BLOCK_SIZES = [512, 2048, 1024, 4096]
/** Map entries that are not volumes: free space appears as a gap, the map as a table. */
const NO_VOLUMES = new Set(['Apple_Free', 'Apple_Void', 'Apple_partition_map', 'Apple_Scratch'])

export function apmTable(medium: Medium): PartitionTable | null {
  const first = readAt(medium, 0, 512)
  if (first.length < 512) return null
  // Discs without a driver descriptor have only the map. Its blocks have 512 bytes even when the device has larger
  // ones.
  const stated = first.toString('latin1', 0, 2) === 'ER' ? [first.readUInt16BE(2)] : []
  for (const blockBytes of new Set([...stated, ...BLOCK_SIZES])) {
    if (!BLOCK_SIZES.includes(blockBytes)) continue
    const entry = readAt(medium, blockBytes, 80)
    if (entry.length < 80 || entry.toString('latin1', 0, 2) !== 'PM') continue
    return mapOf(medium, blockBytes, Math.min(ENTRIES_AT_MOST, entry.readUInt32BE(4)))
  }
  return null
}

function mapOf(medium: Medium, blockBytes: number, entries: number): PartitionTable {
  const tables: TableRange[] = [{ offset: 0, length: blockBytes * (1 + entries), content: 'apm' }]
  const partitions: Partition[] = []
  for (let index = 1; index <= entries; index++) {
    const entry = readAt(medium, index * blockBytes, 80)
    if (entry.length < 80 || entry.toString('latin1', 0, 2) !== 'PM') break
    const type = text(entry, 48)
    const length = entry.readUInt32BE(12) * blockBytes
    if (NO_VOLUMES.has(type) || length === 0) continue
    partitions.push({
      offset: entry.readUInt32BE(8) * blockBytes,
      length,
      scheme: 'apm',
      type,
      name: text(entry, 16),
    })
  }
  return { scheme: 'apm', tables, partitions }
}

const text = (entry: Buffer, at: number): string =>
  entry.toString('latin1', at, at + 32).replace(/\0.*$/s, '')
