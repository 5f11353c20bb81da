/**
 * Master boot record, with the logical partitions of an extended one.
 *
 * @see UEFI Specification 2.10, section 5.2.1, "Legacy Master Boot Record"
 */
import type { Medium } from '../../../contracts/image.ts'
import { readAt } from '../content/read-at.ts'
import type { Partition, PartitionTable, TableRange } from './table.ts'

const RECORD_BYTES = 512
const LOGICAL_AT_MOST = 1000
const EXTENDED = new Set([0x05, 0x0f, 0x85])
const PROTECTIVE = 0xee

/** Names of types as in fdisk; the byte itself is the stated value. */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  1: 'FAT12',
  4: 'FAT16 <32M',
  6: 'FAT16',
  7: 'HPFS/NTFS/exFAT',
  11: 'W95 FAT32',
  12: 'W95 FAT32 (LBA)',
  14: 'W95 FAT16 (LBA)',
  39: 'Hidden NTFS WinRE',
  66: 'SFS',
  130: 'Linux swap',
  131: 'Linux',
  142: 'Linux LVM',
  165: 'FreeBSD',
  168: 'Darwin UFS',
  175: 'HFS / HFS+',
  239: 'EFI (FAT-12/16/32)',
  253: 'Linux raid autodetect',
}

interface Row {
  readonly type: number
  readonly start: number
  readonly sectors: number
}

export interface MbrRows {
  readonly rows: readonly Row[]
  /** A partition of type EE means that a GPT is valid. */
  readonly protective: boolean
}

/**
 * @returns null when the first sector contains no partition table: the boot code of a file system ends with the same
 *   two bytes
 */
export function mbrRows(medium: Medium): MbrRows | null {
  const record = readAt(medium, 0, RECORD_BYTES)
  const rows = rowsOf(record)
  if (!rows) return null
  const used = rows.filter(({ type }) => type !== 0)
  const sound = used.every(({ start, sectors }) => start > 0 && sectors > 0)
  // In a truncated image some partitions are behind the end, but not all.
  const reached = used.some(({ start }) => start * 512 < medium.sizeBytes)
  return sound && reached ? { rows: used, protective: used.some(({ type }) => type === PROTECTIVE) } : null
}

/** @param sectorBytes unit of the table: 512, or 4096 on disks that report such sectors */
export function mbrTable(medium: Medium, rows: readonly Row[], sectorBytes: number): PartitionTable {
  const tables: TableRange[] = [{ offset: 0, length: RECORD_BYTES, content: 'mbr' }]
  const partitions: Partition[] = []
  for (const row of rows) {
    if (row.type === PROTECTIVE) continue
    if (EXTENDED.has(row.type)) addLogical(medium, row, sectorBytes, tables, partitions)
    else partitions.push(partitionOf(row, row.start, 'mbr', sectorBytes))
  }
  return { scheme: 'mbr', tables, partitions }
}

function addLogical(
  medium: Medium,
  extended: Row,
  sectorBytes: number,
  tables: TableRange[],
  partitions: Partition[],
): void {
  const end = extended.start + extended.sectors
  const seen = new Set<number>()
  let at = extended.start
  while (at >= extended.start && at < end && !seen.has(at) && seen.size < LOGICAL_AT_MOST) {
    seen.add(at)
    const rows = rowsOf(readAt(medium, at * sectorBytes, RECORD_BYTES))
    if (!rows) return
    tables.push({ offset: at * sectorBytes, length: RECORD_BYTES, content: 'ebr' })
    let next = 0
    for (const row of rows) {
      if (row.type === 0 || row.sectors === 0) continue
      // The next record counts from the extended partition, a logical partition from its own record.
      if (EXTENDED.has(row.type)) next ||= extended.start + row.start
      else if (row.start > 0) partitions.push(partitionOf(row, at + row.start, 'mbr-logical', sectorBytes))
    }
    at = next
  }
}

function partitionOf(row: Row, start: number, scheme: 'mbr' | 'mbr-logical', sectorBytes: number): Partition {
  return {
    offset: start * sectorBytes,
    length: row.sectors * sectorBytes,
    scheme,
    type: row.type.toString(16).padStart(2, '0'),
    name: TYPE_NAMES[row.type] ?? '',
  }
}

function rowsOf(record: Buffer): Row[] | null {
  if (record.length < RECORD_BYTES || record.readUInt16LE(510) !== 0xaa55) return null
  const rows: Row[] = []
  for (let at = 446; at < 510; at += 16) {
    if ((record[at]! & 0x7f) !== 0) return null
    rows.push({
      type: record[at + 4]!,
      start: record.readUInt32LE(at + 8),
      sectors: record.readUInt32LE(at + 12),
    })
  }
  return rows
}
