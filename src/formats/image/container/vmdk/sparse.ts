/**
 * A sparse extent of a VMware disk: a directory and tables locate the grains. In stream-optimised files each grain is
 * compressed.
 */
import type { Damage, Medium, Segment } from '../../../../contracts/image.ts'
import { ImageRefused, plausibleSize } from '../../../../wire/image-refused.ts'
import { type BlockPlace, blockMedium, ZEROS } from '../../content/block-medium.ts'
import { inflatedBlock } from '../../content/inflate-block.ts'
import { cutOf, lost, Steps, type StoredAt } from '../../content/lacking.ts'
import { PagedTable } from '../../content/paged-table.ts'
import { readAt, u64 } from '../../content/read-at.ts'
import { Recent } from '../../content/recent.ts'
import { parseDescriptor, type VmdkDescriptor } from './descriptor.ts'

export const SECTOR_BYTES = 512
const HEADER_BYTES = 512
const HOSTED = Buffer.from('KDMV')
const COW = Buffer.from('COWD')
const DESCRIPTOR_BYTES_AT_MOST = 1 << 20
const GRAIN_SECTORS_AT_MOST = 1 << 16
const TABLES_KEPT = 64
const CACHE_BYTES = 8 << 20
const FLAGS = { zeroGrains: 1 << 2, compressed: 1 << 16 } as const
/**
 * A stream-optimised file states the location of the directory only at its end, in a footer one sector before the
 * last.
 */
const AT_END = Buffer.alloc(8, 0xff)
const GRAIN_HEADER_BYTES = 12

interface Layout {
  readonly sectors: number
  readonly grainSectors: number
  readonly tableEntries: number
  /** Sectors of the directory: the one in use, and its copy. */
  readonly directories: readonly number[]
  readonly zeroGrains: boolean
  readonly compressed: boolean
  readonly descriptor: { readonly offset: number; readonly length: number }
}

export function isSparse(medium: Medium): boolean {
  const magic = readAt(medium, 0, 4)
  return HOSTED.equals(magic) || COW.equals(magic)
}

/** @returns the descriptor inside a sparse file; null for an extent of a disk with a separate descriptor */
export function sparseDescriptor(medium: Medium): VmdkDescriptor | null {
  const { descriptor } = layoutOf({ name: '', medium })
  if (descriptor.length === 0) return null
  return parseDescriptor(
    readAt(medium, descriptor.offset, Math.min(descriptor.length, DESCRIPTOR_BYTES_AT_MOST)),
  )
}

export interface SparseExtent {
  readonly medium: Medium
  /** Grains behind the end of the file, or without a readable table. */
  readonly lacks: () => Iterable<Damage>
}

/** @throws ImageRefused when the header is invalid */
export function sparseExtent(segment: Segment): SparseExtent {
  const { medium } = segment
  const layout = layoutOf(segment)
  const grainBytes = layout.grainSectors * SECTOR_BYTES
  const grains = Math.ceil(layout.sectors / layout.grainSectors)
  const directoryEntries = Math.ceil(grains / layout.tableEntries)
  const directories = layout.directories.map(
    (sector) => new PagedTable(medium, sector * SECTOR_BYTES, directoryEntries, 4),
  )
  const tables = new Recent<number, PagedTable>(TABLES_KEPT)
  const decoded = new Recent<number, BlockPlace>(CACHE_BYTES / grainBytes)

  /** Uses the redundant copy when the first directory or table points behind the end of the file. */
  const grainSector = (grain: number): number | null => {
    for (const directory of directories) {
      const table = directory.entry(Math.floor(grain / layout.tableEntries))?.readUInt32LE(0)
      if (table === undefined) continue
      if (table === 0) return 0
      const entries = tables.get(
        table,
        () => new PagedTable(medium, table * SECTOR_BYTES, layout.tableEntries, 4, 8),
      )
      const sector = entries.entry(grain % layout.tableEntries)?.readUInt32LE(0)
      if (sector !== undefined) return sector
    }
    return null
  }

  const holdsNothing = (sector: number) => sector === 0 || (sector === 1 && layout.zeroGrains)
  const sizeBytes = layout.sectors * SECTOR_BYTES

  const tableOf = (grain: number, directory: PagedTable): number | undefined =>
    directory.entry(Math.floor(grain / layout.tableEntries))?.readUInt32LE(0)

  function* lacks(): Iterable<Damage> {
    const steps = new Steps(medium)
    for (let grain = 0; grain < grains; ) {
      const at = grain * grainBytes
      const length = Math.min(grainBytes, sizeBytes - at)
      const begins = grain % layout.tableEntries === 0
      const found = begins ? directories.map((directory) => tableOf(grain, directory)) : []
      if (begins && (found[0] === 0 || found.every((table) => table === undefined))) {
        if (found[0] === undefined)
          yield lost(at, Math.min(layout.tableEntries * grainBytes, sizeBytes - at), 'table')
        grain += layout.tableEntries
        continue
      }
      if (!steps.take()) return
      const sector = grainSector(grain++)
      if (sector === null) yield lost(at, length, 'table')
      else if (!holdsNothing(sector)) {
        const stored = storedAt(medium, sector * SECTOR_BYTES, length, layout.compressed, grainBytes)
        const cut = cutOf(medium, stored, at, length)
        if (cut) yield cut
      }
    }
  }

  const placeOf = (grain: number, length: number): BlockPlace => {
    const sector = grainSector(grain)
    if (sector === null) return { kind: 'damaged', cause: 'table' }
    if (holdsNothing(sector)) return ZEROS
    const offset = sector * SECTOR_BYTES
    if (!layout.compressed) return { kind: 'stored', medium, offset }
    return decoded.get(grain, () => inflatedGrain(medium, offset, length, grainBytes))
  }
  return { medium: blockMedium(sizeBytes, grainBytes, placeOf), lacks }
}

/** The header of a compressed grain contains its length. It is read only near the end of the file. */
function storedAt(
  medium: Medium,
  offset: number,
  length: number,
  coded: boolean,
  grainBytes: number,
): StoredAt {
  if (!coded) return { offset, length, coded }
  const isNearTheEnd = offset + GRAIN_HEADER_BYTES + 2 * grainBytes > medium.sizeBytes
  const header = isNearTheEnd ? readAt(medium, offset, GRAIN_HEADER_BYTES) : null
  const storedBytes = header?.length === GRAIN_HEADER_BYTES ? header.readUInt32LE(8) : 0
  return { offset, length: GRAIN_HEADER_BYTES + Math.min(storedBytes, 2 * grainBytes), coded }
}

function inflatedGrain(medium: Medium, offset: number, length: number, grainBytes: number): BlockPlace {
  const header = readAt(medium, offset, GRAIN_HEADER_BYTES)
  if (header.length < GRAIN_HEADER_BYTES) return { kind: 'damaged', cause: 'cut' }
  const storedBytes = header.readUInt32LE(8)
  if (storedBytes > grainBytes * 2 + 1024) return { kind: 'damaged', cause: 'table' }
  const stored = readAt(medium, offset + GRAIN_HEADER_BYTES, storedBytes)
  if (stored.length < storedBytes) return { kind: 'damaged', cause: 'cut' }
  return inflatedBlock('zlib', stored, length, grainBytes)
}

function layoutOf({ name, medium }: Segment): Layout {
  const header = readAt(medium, 0, HEADER_BYTES)
  const layout =
    header.length < HEADER_BYTES
      ? null
      : COW.equals(header.subarray(0, 4))
        ? cowLayout(header)
        : hostedLayout(medium, header)
  const usable =
    layout &&
    layout.grainSectors > 0 &&
    layout.grainSectors <= GRAIN_SECTORS_AT_MOST &&
    (layout.grainSectors & (layout.grainSectors - 1)) === 0 &&
    layout.tableEntries > 0 &&
    layout.tableEntries <= 1 << 16
  if (!usable)
    throw new ImageRefused('header-damaged', `The header of ${name} cannot be used.`, {
      segment: name,
      format: 'vmdk',
    })
  plausibleSize(layout.sectors * SECTOR_BYTES, 'vmdk')
  return layout
}

function hostedLayout(medium: Medium, first: Buffer): Layout | null {
  let header = first
  if (AT_END.equals(first.subarray(56, 64))) {
    const footer = readAt(medium, medium.sizeBytes - 2 * SECTOR_BYTES, HEADER_BYTES)
    if (!HOSTED.equals(footer.subarray(0, 4)) || AT_END.equals(footer.subarray(56, 64))) return null
    header = footer
  }
  const flags = header.readUInt32LE(8)
  const copy = flags & 2 ? [u64(header, 48)] : []
  return {
    sectors: u64(header, 12),
    grainSectors: u64(header, 20),
    tableEntries: header.readUInt32LE(44),
    directories: [u64(header, 56), ...copy],
    zeroGrains: (flags & FLAGS.zeroGrains) !== 0,
    compressed: (flags & FLAGS.compressed) !== 0,
    descriptor: { offset: u64(first, 28) * SECTOR_BYTES, length: u64(first, 36) * SECTOR_BYTES },
  }
}

/** Layout of ESX before version 4 and its snapshots. */
function cowLayout(header: Buffer): Layout {
  return {
    sectors: header.readUInt32LE(12),
    grainSectors: header.readUInt32LE(16),
    tableEntries: 4096,
    directories: [header.readUInt32LE(20)],
    zeroGrains: false,
    compressed: false,
    descriptor: { offset: 0, length: 0 },
  }
}
