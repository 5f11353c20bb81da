/**
 * The metadata of an LVM2 physical volume: its label, the text of its volume group, and the logical volumes that lie on it alone in
 * linear segments.
 *
 * @see libvslvm, "Logical Volume Manager (LVM) format"; lvm2 lib/format_text/layout.h
 */
import { crc32 } from 'node:zlib'
import type { ByteRange, Medium } from '../../../../contracts/image.ts'
import { readAt, u64 } from '../../content/read-at.ts'
import { type ConfigSection, type ConfigValue, parseConfig } from './text-config.ts'

const SECTOR = 512
const LABEL_SECTORS = 4
const MAGIC = Buffer.from(' LVM2 x[5A%r0N*>', 'latin1')
const MOST_TEXT_BYTES = 16 << 20
const MOST_AREAS = 16
/** More than any disk has: offsets stay exact numbers. */
const MOST_EXTENTS = 2 ** 31

export interface LogicalVolume {
  readonly name: string
  readonly sizeBytes: number
  /** On the physical volume, in the order of the logical one. Null: a part lies elsewhere or is not linear. */
  readonly runs: readonly ByteRange[] | null
  /** Kind of the first segment that is not linear; empty: all are. */
  readonly kind: string
}

export interface VolumeGroup {
  readonly name: string
  readonly uuid: string
  readonly extentBytes: number
  readonly volumes: readonly LogicalVolume[]
  /** Where the first extent lies. */
  readonly dataOffset: number
  readonly extents: number
}

export function hasLabel(volume: Medium): boolean {
  return labelOf(volume) !== null
}

/** Null: the label or every copy of the text is damaged. */
export function volumeGroupOf(volume: Medium): VolumeGroup | null {
  const label = labelOf(volume)
  if (label === null) return null
  for (const area of label.areas) {
    const text = textIn(volume, area)
    const config = text === null ? null : parseConfig(text)
    const group = config && groupOf(config, label.uuid)
    if (group) return group
  }
  return null
}

function labelOf(volume: Medium): { readonly uuid: string; readonly areas: readonly ByteRange[] } | null {
  const head = readAt(volume, 0, LABEL_SECTORS * SECTOR)
  for (let at = 0; at + SECTOR <= head.length; at += SECTOR) {
    const label = head.subarray(at, at + SECTOR)
    if (label.toString('latin1', 0, 8) !== 'LABELONE' || label.toString('latin1', 24, 32) !== 'LVM2 001')
      continue
    if (lvmCrc(label.subarray(20)) !== label.readUInt32LE(16)) continue
    const header = label.readUInt32LE(20)
    if (header + 40 > SECTOR) continue
    const lists = listsAt(label, header + 40)
    return { uuid: label.toString('latin1', header, header + 32), areas: lists[1] ?? [] }
  }
  return null
}

/** Lists of offset and length, each ended by zeros: areas of data, then of metadata. */
function listsAt(label: Buffer, from: number): ByteRange[][] {
  const lists: ByteRange[][] = [[]]
  for (let at = from; at + 16 <= label.length && lists.length < 3; at += 16) {
    const [offset, length] = [u64(label, at), u64(label, at + 8)]
    if (offset === 0 && length === 0) lists.push([])
    else if (lists.at(-1)!.length < MOST_AREAS) lists.at(-1)!.push({ offset, length })
  }
  return lists
}

/** The newest text in an area: a ring behind its header. */
function textIn(volume: Medium, area: ByteRange): string | null {
  const header = readAt(volume, area.offset, SECTOR)
  if (header.length < SECTOR || !header.subarray(4, 20).equals(MAGIC)) return null
  if (lvmCrc(header.subarray(4)) !== header.readUInt32LE(0)) return null
  const [start, size] = [u64(header, 24), u64(header, 32)]
  const [offset, length] = [u64(header, 40), u64(header, 48)]
  if (
    !(offset >= SECTOR && offset < size && length > 0 && length <= size - SECTOR && length <= MOST_TEXT_BYTES)
  )
    return null
  const first = Math.min(length, size - offset)
  const bytes = Buffer.concat([
    readAt(volume, start + offset, first),
    readAt(volume, start + SECTOR, length - first),
  ])
  if (bytes.length !== length || lvmCrc(bytes) !== header.readUInt32LE(56)) return null
  return bytes.toString('utf8').replace(/\0[\s\S]*$/, '')
}

function groupOf(config: ConfigSection, uuid: string): VolumeGroup | null {
  for (const [name, group] of config.sections) {
    const extentSectors = numberIn(group, 'extent_size')
    const disks = group.sections.get('physical_volumes')?.sections
    const [own, disk] =
      [...(disks ?? [])].find(([, one]) => textOf(one, 'id').replaceAll('-', '') === uuid) ?? []
    const start = disk && numberIn(disk, 'pe_start')
    if (
      own === undefined ||
      disk === undefined ||
      start == null ||
      extentSectors === null ||
      extentSectors < 1 ||
      start < 0
    )
      continue
    const extentBytes = extentSectors * SECTOR
    const place = { own, dataOffset: start * SECTOR, extentBytes }
    const volumes = [...(group.sections.get('logical_volumes')?.sections ?? [])]
    return {
      name,
      uuid: textOf(group, 'id'),
      extentBytes,
      volumes: volumes.map(([of, one]) => logicalVolume(of, one, place)),
      dataOffset: place.dataOffset,
      extents: numberIn(disk, 'pe_count') ?? 0,
    }
  }
  return null
}

function logicalVolume(
  name: string,
  section: ConfigSection,
  { own, dataOffset, extentBytes }: { own: string; dataOffset: number; extentBytes: number },
): LogicalVolume {
  const segments = [...section.sections]
    .filter(([of]) => /^segment\d+$/.test(of))
    .map(([, one]) => one)
    .sort((a, b) => (numberIn(a, 'start_extent') ?? 0) - (numberIn(b, 'start_extent') ?? 0))
  const runs: ByteRange[] = []
  let extents = 0
  let kind = ''
  for (const segment of segments) {
    const count = numberIn(segment, 'extent_count') ?? 0
    const [disk, first] = listIn(segment, 'stripes')
    const isLinear =
      textOf(segment, 'type') === 'striped' &&
      numberIn(segment, 'stripe_count') === 1 &&
      numberIn(segment, 'start_extent') === extents &&
      disk === own &&
      typeof first === 'number' &&
      first >= 0 &&
      count > 0 &&
      count <= MOST_EXTENTS &&
      first <= MOST_EXTENTS
    if (isLinear) runs.push({ offset: dataOffset + first * extentBytes, length: count * extentBytes })
    else kind ||= textOf(segment, 'type') || 'unknown'
    extents += Math.max(0, count)
  }
  return { name, sizeBytes: extents * extentBytes, runs: kind === '' && runs.length > 0 ? runs : null, kind }
}

function numberIn({ values }: ConfigSection, key: string): number | null {
  const value = values.get(key)
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null
}

function textOf({ values }: ConfigSection, key: string): string {
  const value = values.get(key)
  return typeof value === 'string' ? value : ''
}

function listIn({ values }: ConfigSection, key: string): readonly (string | number)[] {
  const value: ConfigValue | undefined = values.get(key)
  return typeof value === 'object' ? value : []
}

/** CRC-32 with LVM's own first value, and without the two inversions that zlib makes. */
function lvmCrc(bytes: Uint8Array): number {
  return ~crc32(bytes, ~LVM_FIRST >>> 0) >>> 0
}

const LVM_FIRST = 0xf597a6cf
