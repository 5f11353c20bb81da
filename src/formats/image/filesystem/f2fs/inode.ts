/**
 * Inodes and their contents.
 * @see Linux include/linux/f2fs_fs.h, struct f2fs_inode; fs/f2fs/inode.c, do_read_inode
 */
import type { ContentPlace, DataRun } from '../../../../contracts/content-place.ts'
import type { VolumeEntry } from '../../../../contracts/image.ts'
import type { VolumeTimes } from '../../../../contracts/volume-times.ts'
import { MODE_KINDS } from '../common/mode-kinds.ts'
import { plausibleNs } from '../common/plausible-time.ts'
import { FEATURE, type Superblock } from './superblock.ts'

const INLINE = { xattr: 1, data: 2, names: 4, exists: 8, extra: 0x20 } as const
const ADVISE_ENCRYPT = 4
const FLAG_COMPRESSED = 4
const ADDRESSES = 923
const ADDRESSES_AT = 360
const NODES_AT = ADDRESSES_AT + ADDRESSES * 4
const XATTR_WORDS = 50
/** Addresses of a direct node, and nodes of an indirect one. */
const PER_NODE = 1018
const FOOTER_AT = 4072

export const ADDRESS = { hole: 0, fresh: 0xffff_ffff, compressed: 0xffff_fffe } as const

export interface Inode {
  readonly number: number
  readonly kind: VolumeEntry['kind']
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly links: number
  readonly sizeBytes: number
  readonly allocatedBytes: number
  readonly generation: number
  readonly times: VolumeTimes
  readonly isEncrypted: boolean
  readonly isCompressed: boolean
  /** Bytes inside the inode, of a content or of names; null: in blocks. `at`: offset in the node. */
  readonly inline: { readonly at: number; readonly bytes: Buffer; readonly isNames: boolean } | null
  readonly addresses: readonly number[]
  /** Two direct nodes, two indirect, one double indirect. */
  readonly nodes: readonly number[]
}

/** @returns null where the block is no inode of that number */
export function inodeOf(superblock: Superblock, raw: Buffer, number: number): Inode | null {
  if (raw.readUInt32LE(FOOTER_AT) !== number || raw.readUInt32LE(FOOTER_AT + 4) !== number) return null
  const inline = raw[3]!
  const extra = (inline & INLINE.extra) !== 0 ? Math.min(raw.readUInt16LE(ADDRESSES_AT), 400) & ~3 : 0
  const isFlexible = (superblock.features & FEATURE.flexibleXattr) !== 0 && extra >= 4
  const hasXattr = (inline & (INLINE.xattr | INLINE.names)) !== 0
  const xattr = isFlexible ? raw.readUInt16LE(ADDRESSES_AT + 2) : hasXattr ? XATTR_WORDS : 0
  const words = Math.max(0, ADDRESSES - extra / 4 - xattr)
  const from = ADDRESSES_AT + extra
  const mode = raw.readUInt16LE(0)
  const isInside = (inline & (INLINE.data | INLINE.names)) !== 0
  const inside = raw.subarray(from + 4, Math.max(from + 4, from + words * 4))
  return {
    number,
    kind: MODE_KINDS[mode >>> 12] ?? 'unknown',
    mode,
    uid: raw.readUInt32LE(4),
    gid: raw.readUInt32LE(8),
    links: raw.readUInt32LE(12),
    sizeBytes: safe(raw.readBigUInt64LE(16)),
    // The kernel does not count the inode's own block.
    allocatedBytes: Math.max(0, safe(raw.readBigUInt64LE(24) - 1n)) * superblock.blockBytes,
    generation: raw.readUInt32LE(68),
    times: timesOf(raw, (superblock.features & FEATURE.creationTime) !== 0 && extra >= 24),
    isEncrypted: (raw[2]! & ADVISE_ENCRYPT) !== 0,
    isCompressed: (raw.readUInt32LE(80) & FLAG_COMPRESSED) !== 0,
    inline: isInside ? { at: from + 4, bytes: inside, isNames: (inline & INLINE.names) !== 0 } : null,
    addresses: isInside ? [] : words32(raw, from, words),
    nodes: words32(raw, NODES_AT, 5),
  }
}

export const addressesIn = (node: Buffer): number[] => words32(node, 0, PER_NODE)

const words32 = (bytes: Buffer, from: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => bytes.readUInt32LE(from + i * 4))

/** −1: it cannot be a size. */
const safe = (value: bigint): number => (value >= 0n && value <= BigInt(2 ** 52) ? Number(value) : -1)

function timesOf(raw: Buffer, hasBirth: boolean): VolumeTimes {
  const time = (at: number, partAt: number) =>
    plausibleNs(raw.readBigInt64LE(at) * 1_000_000_000n + BigInt(raw.readUInt32LE(partAt)))
  return {
    accessedNs: time(32, 56),
    changedNs: time(40, 60),
    modifiedNs: time(48, 64),
    bornNs: hasBirth ? time(ADDRESSES_AT + 12, ADDRESSES_AT + 20) : null,
    resolution: { modified: 'ns', changed: 'ns', accessed: 'ns', born: 'ns' },
    zone: 'utc',
  }
}

/** Neighbouring blocks joined to runs, up to the size. @param addresses of the content's blocks in order */
export function runsOf(
  { blockBytes, mainAt, blocks }: Superblock,
  addresses: Iterable<number>,
  sizeBytes: number,
): { readonly runs: DataRun[]; readonly reason: string | null } {
  const runs: { offset: number | null; length: number }[] = []
  let at = 0
  for (const address of addresses) {
    if (at >= sizeBytes) break
    if (address === ADDRESS.compressed) return { runs: [], reason: 'f2fs-compressed' }
    const isHole = address === ADDRESS.hole || address === ADDRESS.fresh
    if (!isHole && !(address >= mainAt && address < blocks)) return { runs: [], reason: 'address' }
    const length = Math.min(blockBytes, sizeBytes - at)
    const offset = isHole ? null : address * blockBytes
    const last = runs.at(-1)
    const joins = last && (last.offset === null ? offset === null : last.offset + last.length === offset)
    if (joins) last.length += length
    else runs.push({ offset, length })
    at += length
  }
  if (at < sizeBytes) runs.push({ offset: null, length: sizeBytes - at })
  return { runs, reason: null }
}

export const EMPTY: ContentPlace = { kind: 'runs', runs: [], validBytes: 0 }
