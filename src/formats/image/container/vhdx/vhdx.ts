/**
 * Virtual hard disks of Hyper-V, version 2. The log is applied when the disk was not closed. A differencing disk is
 * refused.
 *
 * @see Microsoft, [MS-VHDX], "Virtual Hard Disk v2 (VHDX) File Format"
 */
import type { ContainerFormat, Medium, OpenImage, Segment } from '../../../../contracts/image.ts'
import { ImageRefused, plausibleSize } from '../../../../wire/image-refused.ts'
import { type BlockPlace, blockMedium, lackingBlocks, ZEROS } from '../../content/block-medium.ts'
import { PagedTable } from '../../content/paged-table.ts'
import { readAt, u64 } from '../../content/read-at.ts'
import { crc32c } from './crc32c.ts'
import { replayed } from './log.ts'

const IDENTIFIER = Buffer.from('vhdxfile')
const KIB = 1024
const MIB = 1 << 20
const HEADER_BYTES = 4 * KIB
const REGION_BYTES = 64 * KIB
const [BAT, METADATA] = ['6677c22d23f600429d64115e9bfd4a08', '06a27c8b90479a4bb8fe575f050f886e']
const ITEMS = {
  parameters: '3767a1ca36fa434db3b633f0aa44e76b',
  size: '2442a52f1bcd7648b2115dbed83bf4b8',
  sectorBytes: '1dbf41816fa90947ba47f233a8faab5f',
  identifier: 'ab12cabee6b2234593efc309e000c746',
  parent: '2d5fd3a80bb34d45abf7d3d84834ab0c',
} as const
const PRESENT = 6
const PARTLY_PRESENT = 7

export const VHDX: ContainerFormat = {
  name: 'vhdx',
  recognises: ([first]) => IDENTIFIER.equals(readAt(first.medium, 0, 8)),
  open([segment]) {
    const header = [64 * KIB, 128 * KIB]
      .map((at) => readAt(segment.medium, at, HEADER_BYTES))
      .filter(
        (bytes) =>
          bytes.length === HEADER_BYTES &&
          bytes.toString('latin1', 0, 4) === 'head' &&
          crc32c(bytes, 4) === bytes.readUInt32LE(4),
      )
      .sort((a, b) => u64(b, 8) - u64(a, 8))[0]
    if (!header) throw damaged(segment, 'No header')
    const remarks: { code: string; params: Record<string, string | number> }[] = []
    let { medium } = segment
    const log = header.subarray(48, 64)
    if (log.some((byte) => byte !== 0)) {
      const result = replayed(medium, u64(header, 72), header.readUInt32LE(68), log)
      if (result) medium = result.medium
      remarks.push(
        result
          ? { code: 'log-replayed', params: { entries: result.entries } }
          : { code: 'log-not-replayed', params: { segment: segment.name } },
      )
    }
    const regions = regionsOf(medium)
    if (!regions) throw damaged(segment, 'No region table')
    const items = metadataOf(medium, regions)
    const parameters = items.get(ITEMS.parameters)
    const [size, sector] = [items.get(ITEMS.size), items.get(ITEMS.sectorBytes)]
    if (!parameters || parameters.length < 8 || !size || size.length < 8 || !sector || sector.length < 4)
      throw damaged(segment, 'No metadata')
    if (parameters.readUInt32LE(4) & 2) {
      throw new ImageRefused(
        'parent-missing',
        `${segment.name} holds only what differs from its parent: a differencing disk is not read.`,
        {
          segment: segment.name,
          parent: parentName(items.get(ITEMS.parent)),
        },
      )
    }
    const blockBytes = parameters.readUInt32LE(0)
    const sectorBytes = sector.readUInt32LE(0)
    if (
      blockBytes < MIB ||
      blockBytes > 256 * MIB ||
      (blockBytes & (blockBytes - 1)) !== 0 ||
      ![512, 4096].includes(sectorBytes)
    ) {
      throw damaged(segment, 'No plausible block size')
    }
    const sizeBytes = plausibleSize(u64(size, 0), 'vhdx')
    return {
      format: 'vhdx',
      ...blocks(medium, regions.bat, sizeBytes, blockBytes, sectorBytes),
      stated: [
        { name: 'program-version', value: creator(segment.medium) },
        { name: 'bytes-per-sector', value: String(sectorBytes) },
        { name: 'set-identifier', value: items.get(ITEMS.identifier)?.subarray(0, 16).toString('hex') ?? '' },
      ].filter(({ value }) => value !== ''),
      storedHashes: [],
      remarks,
      logical: null,
    }
  },
}

interface Region {
  readonly offset: number
  readonly length: number
}

function regionsOf(medium: Medium): { readonly bat: Region; readonly metadata: Region } | null {
  for (const at of [192 * KIB, 256 * KIB]) {
    const bytes = readAt(medium, at, REGION_BYTES)
    if (bytes.length < REGION_BYTES || bytes.toString('latin1', 0, 4) !== 'regi') continue
    if (crc32c(bytes, 4) !== bytes.readUInt32LE(4)) continue
    const count = Math.min(bytes.readUInt32LE(8), 2047)
    let bat: Region | undefined
    let metadata: Region | undefined
    for (let entry = 16; entry < 16 + count * 32; entry += 32) {
      const guid = bytes.toString('hex', entry, entry + 16)
      const region = { offset: u64(bytes, entry + 16), length: bytes.readUInt32LE(entry + 24) }
      if (guid === BAT) bat = region
      if (guid === METADATA) metadata = region
    }
    if (bat && metadata) return { bat, metadata }
  }
  return null
}

function metadataOf(
  medium: Medium,
  { metadata }: { readonly metadata: Region },
): ReadonlyMap<string, Buffer> {
  const items = new Map<string, Buffer>()
  const table = readAt(medium, metadata.offset, REGION_BYTES)
  if (table.length < REGION_BYTES || table.toString('latin1', 0, 8) !== 'metadata') return items
  const count = Math.min(table.readUInt16LE(10), 2047)
  for (let at = 32; at < 32 + count * 32; at += 32) {
    const length = Math.min(table.readUInt32LE(at + 20), MIB)
    items.set(
      table.toString('hex', at, at + 16),
      readAt(medium, metadata.offset + table.readUInt32LE(at + 16), length),
    )
  }
  return items
}

function blocks(
  medium: Medium,
  bat: Region,
  sizeBytes: number,
  blockBytes: number,
  sectorBytes: number,
): Pick<OpenImage, 'medium' | 'lacks'> {
  const table = new PagedTable(medium, bat.offset, Math.floor(bat.length / 8), 8)
  const held = Math.floor(Math.min(bat.length, medium.sizeBytes - bat.offset) / 8)
  // After each group of this many entries, one entry describes the sector bitmap of a differencing disk.
  const ratio = (2 ** 23 * sectorBytes) / blockBytes
  const placeOf = (index: number): BlockPlace => {
    const entry = table.entry(index + Math.floor(index / ratio))
    if (!entry) return { kind: 'damaged', cause: 'table' }
    const state = entry[0]! & 7
    if (state === PARTLY_PRESENT) return { kind: 'damaged', cause: 'table' }
    if (state !== PRESENT) return ZEROS
    return { kind: 'stored', medium, offset: Math.floor(u64(entry, 0) / MIB) * MIB }
  }
  return {
    medium: blockMedium(sizeBytes, blockBytes, placeOf),
    lacks: () => lackingBlocks(sizeBytes, blockBytes, placeOf, held - Math.floor(held / (ratio + 1))),
  }
}

const damaged = ({ name }: Segment, what: string): ImageRefused =>
  new ImageRefused('header-damaged', `${what} of ${name} can be used.`, { segment: name, format: 'vhdx' })

const creator = (medium: Medium): string => readAt(medium, 8, 512).toString('utf16le').replace(/\0.*$/s, '')

/** From the parent locator, the path relative to the child, else the absolute path. */
function parentName(locator: Buffer | undefined): string {
  if (!locator || locator.length < 20) return ''
  const found = new Map<string, string>()
  for (let index = 0; index < Math.min(locator.readUInt16LE(18), 64); index++) {
    const at = 20 + index * 12
    if (at + 12 > locator.length) break
    const text = (offset: number, length: number) => locator.toString('utf16le', offset, offset + length)
    const [key, value] = [locator.readUInt32LE(at), locator.readUInt32LE(at + 4)]
    found.set(text(key, locator.readUInt16LE(at + 8)), text(value, locator.readUInt16LE(at + 10)))
  }
  return found.get('relative_path') ?? found.get('absolute_win32_path') ?? ''
}
