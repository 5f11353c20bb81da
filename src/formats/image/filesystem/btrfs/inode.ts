/**
 * Inodes and the extents of their contents.
 * @see Linux include/uapi/linux/btrfs_tree.h, struct btrfs_inode_item and btrfs_file_extent_item
 */
import type { ContentPlace, DataRun } from '../../../../contracts/content-place.ts'
import type { VolumeEntry } from '../../../../contracts/image.ts'
import type { VolumeTimes } from '../../../../contracts/volume-times.ts'
import { MODE_KINDS } from '../common/mode-kinds.ts'
import type { Chunks } from './chunks.ts'
import { number, type Superblock } from './superblock.ts'
import type { Item } from './trees.ts'

const INODE_BYTES = 160
const EXTENT_HEADER_BYTES = 21
const EXTENT_BYTES = 53
const EXTENTS_MOST = 1 << 20
const TARGET_BYTES_MOST = 4096
const FORM = { inline: 0, stored: 1, ahead: 2 } as const
const CODINGS = ['', 'btrfs-zlib', 'btrfs-lzo', 'btrfs-zstd']

export interface Inode {
  readonly number: number
  readonly generation: number
  readonly kind: VolumeEntry['kind']
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly links: number
  readonly sizeBytes: number
  readonly allocatedBytes: number
  readonly times: VolumeTimes
}

/** @returns null for an item that is too short */
export function inodeOf({ object, data }: Item, { sectorBytes }: Superblock): Inode | null {
  if (data.length < INODE_BYTES) return null
  const mode = data.readUInt32LE(52)
  return {
    number: object,
    generation: number(data, 0),
    kind: MODE_KINDS[(mode >>> 12) & 15] ?? 'unknown',
    mode,
    uid: data.readUInt32LE(44),
    gid: data.readUInt32LE(48),
    links: data.readUInt32LE(40),
    sizeBytes: number(data, 16),
    // As the kernel says it: whole sectors, also of contents inside the tree.
    allocatedBytes: Math.max(0, Math.ceil(number(data, 24) / sectorBytes) * sectorBytes),
    times: {
      accessedNs: time(data, 112),
      changedNs: time(data, 124),
      modifiedNs: time(data, 136),
      bornNs: time(data, 148),
      resolution: { modified: 'ns', changed: 'ns', accessed: 'ns', born: 'ns' },
      zone: 'utc',
    },
  }
}

const time = (data: Buffer, at: number): bigint =>
  data.readBigInt64LE(at) * 1_000_000_000n + BigInt(data.readUInt32LE(at + 8))

export interface Content {
  readonly place: ContentPlace
  readonly sizeBytes: number
  readonly linkTarget: Buffer | null
  /** Stored bytes on this device, in whole sectors. */
  readonly stored: readonly DataRun[]
  readonly notes: readonly string[]
}

export const EMPTY: ContentPlace = { kind: 'runs', runs: [], validBytes: 0 }

/** @param extents items of the inode's extents, in order */
export function contentOf(inode: Inode, extents: Iterable<Item>, chunks: Chunks): Content {
  const { kind, sizeBytes } = inode
  const plain = { linkTarget: null, stored: [], notes: [] }
  if (kind !== 'file' && kind !== 'symlink')
    return { ...plain, place: EMPTY, sizeBytes: kind === 'directory' ? Math.max(0, sizeBytes) : 0 }
  if (sizeBytes < 0)
    return { ...plain, place: { kind: 'none', reason: 'damaged', detail: 'size-implausible' }, sizeBytes: 0 }
  const reading = new Reading(sizeBytes, chunks)
  for (const item of extents) reading.take(item)
  const place = reading.place()
  if (kind === 'file') return { ...plain, place, sizeBytes, stored: reading.stored }
  const isTarget = sizeBytes <= TARGET_BYTES_MOST && reading.inline?.length === sizeBytes
  return { ...plain, place: EMPTY, sizeBytes, linkTarget: isTarget ? reading.inline : null }
}

class Reading {
  readonly stored: DataRun[] = []
  inline: Buffer | null = null
  readonly #sizeBytes: number
  readonly #chunks: Chunks
  readonly #runs: DataRun[] = []
  #at = 0
  #count = 0
  #none: { readonly reason: string; readonly detail: string } | null = null

  constructor(sizeBytes: number, chunks: Chunks) {
    this.#sizeBytes = sizeBytes
    this.#chunks = chunks
  }

  place(): ContentPlace {
    if (this.#none) return { kind: 'none', ...this.#none }
    this.#hole(this.#sizeBytes)
    return { kind: 'runs', runs: this.#runs, validBytes: this.#sizeBytes }
  }

  take({ offset: from, data, at }: Item): void {
    if (++this.#count > EXTENTS_MOST) this.#damaged('runs-too-many')
    else if (data.length < EXTENT_HEADER_BYTES || from < this.#at) this.#damaged('extents-damaged')
    else if (data[17] !== 0 || data.readUInt16LE(18) !== 0)
      this.#none ??= { reason: 'encrypted', detail: 'btrfs' }
    else if (data[20] === FORM.inline) this.#inside(from, data, at)
    else if (data.length < EXTENT_BYTES) this.#damaged('extents-damaged')
    else this.#outside(from, data)
  }

  #inside(from: number, data: Buffer, at: number): void {
    if (data[16] !== 0) {
      this.#coded(data[16]!)
      return
    }
    const bytes = data.subarray(EXTENT_HEADER_BYTES)
    this.inline = Buffer.from(bytes)
    this.#hole(from)
    this.#add({ offset: at + EXTENT_HEADER_BYTES, length: bytes.length })
  }

  #outside(from: number, data: Buffer): void {
    const address = number(data, 21)
    const within = number(data, 37)
    const length = number(data, 45)
    if (address < 0 || within < 0 || length <= 0 || !Number.isSafeInteger(from + length)) {
      this.#damaged('extents-damaged')
      return
    }
    if (address === 0) return
    const isCoded = data[16] !== 0
    const places = isCoded
      ? this.#chunks.placesOf(address, number(data, 29))
      : this.#chunks.placesOf(address + within, length)
    for (const place of places ?? []) this.stored.push(place)
    if (isCoded) this.#coded(data[16]!)
    else if (!places) this.#none ??= { reason: 'not-built', detail: 'btrfs-other-device' }
    if (isCoded || !places || data[20] === FORM.ahead) return
    this.#hole(from)
    for (const place of places) this.#add(place)
  }

  #add({ offset, length }: { readonly offset: number; readonly length: number }): void {
    const left = Math.min(length, this.#sizeBytes - this.#at)
    if (left > 0) this.#runs.push({ offset, length: left })
    this.#at += Math.max(0, left)
  }

  #hole(until: number): void {
    const end = Math.min(until, this.#sizeBytes)
    if (end > this.#at) this.#runs.push({ offset: null, length: end - this.#at })
    this.#at = Math.max(this.#at, end)
  }

  #coded(coding: number): void {
    this.#none ??= { reason: 'not-built', detail: CODINGS[coding] ?? 'btrfs-coding' }
  }

  #damaged(detail: string): void {
    this.#none = { reason: 'damaged', detail }
  }
}
