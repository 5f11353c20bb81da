/**
 * Divides a medium into volumes, tables and gaps that cover it without overlap.
 *
 * No part of a disk is left out because a table does not mention it: a gap is a range of its own, and so is a disk
 * without any table.
 */
import type { ByteRange, Medium, VolumeRange } from '../../../contracts/image.ts'
import { partOf } from '../content/ranges.ts'
import { readAt } from '../content/read-at.ts'
import { apmTable } from './apm.ts'
import { contentBySamples, contentOfVolume, signatureOf } from './content-of.ts'
import { gptTable } from './gpt.ts'
import { mbrRows, mbrTable } from './mbr.ts'
import type { PartitionTable, TableRange } from './table.ts'
import { mayHoldLost, withLostVolumes } from './with-lost-volumes.ts'

const SAMPLES_A_RANGE = 64
/** Limit, so that a table of thousands of partitions over large chunks does not cost hours of decompression. */
const SAMPLES_IN_ALL = 4096
const SAMPLES_AT_LEAST = 2

/** File systems whose boot code is at the offset of a partition table and may look like one. */
const BOOT_SECTORS = new Set([
  'ntfs',
  'exfat',
  'fat12',
  'fat16',
  'fat32',
  'refs',
  'bitlocker',
  'luks',
  'xfs',
  'filevault',
])
const OPTICAL = new Set(['iso9660', 'udf'])

/** @returns ranges in order; their lengths add up to the size of the medium */
export function volumesOf(medium: Medium): readonly VolumeRange[] {
  return withLostVolumes(medium, namedVolumes(medium))
}

/** Finds volumes by number, as in `volumesOf`. Lost volumes are searched only when one of them is requested. */
export function volumeFinder(medium: Medium): (number: number) => VolumeRange | undefined {
  const named = namedVolumes(medium)
  let all: readonly VolumeRange[] | null = null
  return (number) => {
    const one = named.find((range) => range.number === number)
    if (one && !mayHoldLost(one)) return one
    all ??= withLostVolumes(medium, named)
    return all.find((range) => range.number === number)
  }
}

/** Volumes of the partition tables, or the whole medium. */
function namedVolumes(medium: Medium): readonly VolumeRange[] {
  if (medium.sizeBytes === 0) return []
  const table = tableOf(medium)
  const whole = signatureOf(medium)
  if (whole && OPTICAL.has(whole)) return opticalVolumes(medium, whole, table)
  if (!table || (whole && BOOT_SECTORS.has(whole) && table.scheme === 'mbr')) {
    return numbered([wholeVolume(medium, { offset: 0, length: medium.sizeBytes })])
  }
  return laidOut(medium, table)
}

/**
 * The valid partition table. The second copy of a GPT may be a remnant, so an MBR that does not belong to the GPT has
 * priority.
 */
function tableOf(medium: Medium): PartitionTable | null {
  const mbr = mbrRows(medium)
  const gpt = gptTable(medium)
  const leftOver = gpt?.tables.some(
    ({ offset, content }) => offset > 0 && offset <= 4096 && content === 'gpt-damaged',
  )
  if (gpt && !(mbr && !mbr.protective && leftOver)) return gpt
  if (mbr && !mbr.protective) return mbrInSectors(medium, mbr.rows)
  return apmTable(medium) ?? (mbr ? mbrTable(medium, mbr.rows, 512) : null)
}

/** Disks with sectors of 4,096 bytes count in those. This is assumed when file systems start only at those offsets. */
function mbrInSectors(medium: Medium, rows: Parameters<typeof mbrTable>[1]): PartitionTable {
  const usual = mbrTable(medium, rows, 512)
  const large = mbrTable(medium, rows, 4096)
  const recognised = ({ partitions }: PartitionTable): number =>
    partitions.slice(0, 16).filter((one) => signatureOf(partOf(medium, one)) !== null).length
  return recognised(usual) === 0 && recognised(large) > 0 ? large : usual
}

function laidOut(medium: Medium, table: PartitionTable): VolumeRange[] {
  const within = (range: ByteRange): boolean => range.offset < medium.sizeBytes && range.length > 0
  const taken: VolumeRange[] = []
  for (const range of table.tables.filter(within)) {
    for (const free of freeOf(taken, range, medium.sizeBytes))
      taken.push(tableRange(free, table.scheme, range.content))
  }
  const partitions = table.partitions.filter(within)
  const samples = Math.max(
    SAMPLES_AT_LEAST,
    Math.min(SAMPLES_A_RANGE, Math.floor(SAMPLES_IN_ALL / (partitions.length + 1))),
  )
  const looked = partitions.map((partition) => ({
    partition,
    content: contentOfVolume(partOf(medium, partition), samples),
  }))
  // When entries overlap, an entry with a file system has priority.
  const sure = looked.filter(({ content }) => content !== 'unknown' && content !== 'empty')
  for (const { partition, content } of [...sure, ...looked.filter((one) => !sure.includes(one))]) {
    for (const free of freeOf(taken, partition, medium.sizeBytes)) {
      // An entry that starts inside another cannot be read as a volume; its remaining bytes count as a gap.
      const begins = free.offset === partition.offset
      const kind = begins ? 'volume' : 'gap'
      const beyond = begins ? partition.offset + partition.length - medium.sizeBytes : 0
      taken.push({
        ...partition,
        ...free,
        kind,
        number: null,
        content: begins ? content : 'unknown',
        ...(beyond > 0 ? { beyondBytes: beyond } : {}),
      })
    }
  }
  for (const free of freeOf(taken, { offset: 0, length: medium.sizeBytes }, medium.sizeBytes)) {
    const content = contentOfVolume(partOf(medium, free), samples)
    taken.push({ ...free, kind: 'gap', number: null, scheme: table.scheme, type: '', name: '', content })
  }
  // The table contains these partitions, but they are behind the end: the image is truncated, or the table belongs to
  // another disk.
  const beyondByOffset = new Map(
    table.partitions.filter(({ offset }) => offset >= medium.sizeBytes).map((one) => [one.offset, one]),
  )
  for (const beyond of beyondByOffset.values()) {
    taken.push({ ...beyond, length: 0, kind: 'volume', number: null, content: 'beyond-medium' })
  }
  return numbered(taken)
}

/**
 * An optical disc, or a stick with a disc image. A hybrid table describes the inside of the disc; those entries are
 * not additional volumes.
 */
function opticalVolumes(medium: Medium, content: string, table: PartitionTable | null): VolumeRange[] {
  const primary = readAt(medium, 32768, 2048)
  const stated =
    primary.toString('latin1', 1, 6) === 'CD001' ? primary.readUInt32LE(80) * primary.readUInt16LE(128) : 0
  const length =
    content === 'iso9660' && stated > 0 && table ? Math.min(stated, medium.sizeBytes) : medium.sizeBytes
  const disc: VolumeRange = {
    offset: 0,
    length,
    kind: 'volume',
    number: null,
    scheme: 'whole',
    type: '',
    name: '',
    content,
  }
  if (length === medium.sizeBytes) return numbered([disc])
  const behind = {
    scheme: table?.scheme ?? 'mbr',
    tables: (table?.tables ?? []).filter(({ offset }) => offset >= length),
    partitions: (table?.partitions ?? []).filter(({ offset }) => offset >= length),
  } as const
  const rest = laidOut(medium, behind).flatMap((range) => {
    const cut = Math.max(0, length - range.offset)
    return cut >= range.length ? [] : [{ ...range, offset: range.offset + cut, length: range.length - cut }]
  })
  return numbered([disc, ...rest])
}

function wholeVolume(medium: Medium, range: ByteRange): VolumeRange {
  const content = signatureOf(medium) ?? contentBySamples(medium, SAMPLES_A_RANGE)
  return { ...range, kind: 'volume', number: null, scheme: 'whole', type: '', name: '', content }
}

function tableRange(range: ByteRange, scheme: string, content: TableRange['content']): VolumeRange {
  return { ...range, kind: 'table', number: null, scheme, type: '', name: '', content }
}

/** The parts of `range` that no range in `taken` covers. */
function freeOf(taken: readonly ByteRange[], range: ByteRange, sizeBytes: number): ByteRange[] {
  const end = Math.min(range.offset + range.length, sizeBytes)
  const free: ByteRange[] = []
  let at = range.offset
  for (const other of [...taken].sort((a, b) => a.offset - b.offset)) {
    if (other.offset >= end) break
    if (other.offset + other.length <= at) continue
    if (other.offset > at) free.push({ offset: at, length: other.offset - at })
    at = other.offset + other.length
  }
  if (at < end) free.push({ offset: at, length: end - at })
  return free
}

function numbered(ranges: readonly VolumeRange[]): VolumeRange[] {
  let number = 0
  return [...ranges]
    .sort((a, b) => a.offset - b.offset)
    .map((range) => ({ ...range, number: range.kind === 'volume' ? ++number : null }))
}
