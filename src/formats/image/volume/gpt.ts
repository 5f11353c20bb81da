/**
 * GUID partition table: two copies, each with checksums. The second copy is used when the first is damaged.
 *
 * @see UEFI Specification 2.10, section 5.3, "GUID Partition Table (GPT) Disk Layout"
 */
import { crc32 } from 'node:zlib'
import type { Medium } from '../../../contracts/image.ts'
import { readAt, u64 } from '../content/read-at.ts'
import type { Partition, PartitionTable, TableRange } from './table.ts'

const SECTOR_SIZES = [512, 4096, 2048, 1024] as const
const SIGNATURE = Buffer.from('EFI PART')
const HEADER_BYTES_AT_LEAST = 92
/** 128 entries of 128 bytes are usual; a table that states a larger size is rejected. */
const ENTRIES_BYTES_AT_MOST = 1 << 18

const TYPE_NAMES: Readonly<Record<string, string>> = {
  'c12a7328-f81f-11d2-ba4b-00a0c93ec93b': 'EFI System',
  'e3c9e316-0b5c-4db8-817d-f92df00215ae': 'Microsoft reserved',
  'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7': 'Microsoft basic data',
  'de94bba4-06d1-4d40-a16a-bfd50179d6ac': 'Windows recovery environment',
  '5808c8aa-7e8f-42e0-85d2-e1e90434cfb3': 'Windows LDM metadata',
  'af9b60a0-1431-4f62-bc68-3311714a69ad': 'Windows LDM data',
  'e75caf8f-f680-4cee-afa3-b001e56efc2d': 'Windows Storage Spaces',
  '0fc63daf-8483-4772-8e79-3d69d8477de4': 'Linux filesystem',
  '0657fd6d-a4ab-43c4-84e5-0933c84b4f4f': 'Linux swap',
  'e6d6d379-f507-44c2-a23c-238f2a3df928': 'Linux LVM',
  'a19d880f-05fc-4d3b-a006-743f0f84911e': 'Linux RAID',
  '48465300-0000-11aa-aa11-00306543ecac': 'Apple HFS/HFS+',
  '7c3457ef-0000-11aa-aa11-00306543ecac': 'Apple APFS',
  '53746f72-6167-11aa-aa11-00306543ecac': 'Apple Core Storage',
  '21686148-6449-6e6f-744e-656564454649': 'BIOS boot',
}

interface Copy {
  readonly sectorBytes: number
  readonly header: Buffer
  readonly headerAt: number
  readonly entriesAt: number
  readonly entriesBytes: number
  /** Null when the checksum of the entries fails. */
  readonly entries: Buffer | null
}

/** @returns null when neither copy has a valid header and valid entries */
export function gptTable(medium: Medium): PartitionTable | null {
  for (const sectorBytes of SECTOR_SIZES) {
    const first = copyAt(medium, sectorBytes, sectorBytes)
    // When the disk is larger than the table states (a grown disk, a larger target), the first header gives the
    // location of the second.
    const stated = first ? u64(first.header, 32) * sectorBytes : Number.POSITIVE_INFINITY
    const lastSector = (Math.floor(medium.sizeBytes / sectorBytes) - 1) * sectorBytes
    const second = copyAt(medium, lastSector, sectorBytes) ?? copyAt(medium, stated, sectorBytes)
    const used = first?.entries ? first : second?.entries ? second : null
    if (!used?.entries) continue
    const tables: TableRange[] = [{ offset: 0, length: 512, content: 'mbr' }]
    if (!first) tables.push({ offset: sectorBytes, length: sectorBytes, content: 'gpt-damaged' })
    for (const copy of [first, second]) {
      if (!copy) continue
      const content = copy.entries ? 'gpt' : 'gpt-damaged'
      tables.push({ offset: copy.headerAt, length: sectorBytes, content })
      tables.push({ offset: copy.entriesAt, length: copy.entriesBytes, content })
    }
    return {
      scheme: 'gpt',
      tables,
      partitions: partitionsOf(used.entries, used.header.readUInt32LE(84), sectorBytes),
    }
  }
  return null
}

function copyAt(medium: Medium, offset: number, sectorBytes: number): Copy | null {
  if (!Number.isSafeInteger(offset) || offset <= 0) return null
  const header = readAt(medium, offset, sectorBytes)
  if (header.length < sectorBytes || !SIGNATURE.equals(header.subarray(0, 8))) return null
  const headerBytes = header.readUInt32LE(12)
  if (headerBytes < HEADER_BYTES_AT_LEAST || headerBytes > sectorBytes) return null
  const unsigned = Buffer.from(header.subarray(0, headerBytes))
  unsigned.writeUInt32LE(0, 16)
  if (crc32(unsigned) !== header.readUInt32LE(16)) return null
  const entryBytes = header.readUInt32LE(84)
  const entriesBytes = header.readUInt32LE(80) * entryBytes
  const entriesAt = u64(header, 72) * sectorBytes
  if (
    entryBytes < 128 ||
    entryBytes % 8 !== 0 ||
    entriesBytes > ENTRIES_BYTES_AT_MOST ||
    entriesAt > medium.sizeBytes
  )
    return null
  const entries = readAt(medium, entriesAt, entriesBytes)
  const sound = entries.length === entriesBytes && crc32(entries) === header.readUInt32LE(88)
  return { sectorBytes, header, headerAt: offset, entriesAt, entriesBytes, entries: sound ? entries : null }
}

function partitionsOf(entries: Buffer, entryBytes: number, sectorBytes: number): Partition[] {
  const partitions: Partition[] = []
  for (let at = 0; at + entryBytes <= entries.length; at += entryBytes) {
    const type = guid(entries, at)
    const first = u64(entries, at + 32)
    const last = u64(entries, at + 40)
    if (/^[0-]+$/.test(type) || !Number.isSafeInteger(first * sectorBytes) || last < first) continue
    const label = entries.toString('utf16le', at + 56, at + 128).replace(/\0.*$/s, '')
    const length = (last - first + 1) * sectorBytes
    if (!Number.isSafeInteger(length)) continue
    partitions.push({
      offset: first * sectorBytes,
      length,
      scheme: 'gpt',
      type,
      name: label || (TYPE_NAMES[type] ?? ''),
    })
  }
  return partitions
}

/** The first three fields of a GUID are little-endian. */
function guid(bytes: Buffer, at: number): string {
  const part = (from: number, to: number): string => bytes.toString('hex', at + from, at + to)
  const turned = (from: number, to: number): string =>
    Buffer.from(bytes.subarray(at + from, at + to))
      .reverse()
      .toString('hex')
  return `${turned(0, 4)}-${turned(4, 6)}-${turned(6, 8)}-${part(8, 10)}-${part(10, 16)}`
}
