/**
 * Inodes and the extents of their contents.
 * @see Linux include/uapi/linux/btrfs_tree.h, struct btrfs_inode_item and btrfs_file_extent_item
 */
import type { CodedExtent, ContentPlace, DataRun } from '../../../../contracts/content-place.ts'
import type { VolumeEntry } from '../../../../contracts/image.ts'
import type { VolumeTimes } from '../../../../contracts/volume-times.ts'
import { HAS_ZSTD } from '../../content/extents.ts'
import { MODE_KINDS } from '../common/mode-kinds.ts'
import { plausibleNs } from '../common/plausible-time.ts'
import type { Chunks } from './chunks.ts'
import { number, type Superblock } from './superblock.ts'
import type { Item } from './trees.ts'

const INODE_BYTES = 160
const EXTENT_HEADER_BYTES = 21
const EXTENT_BYTES = 53
const EXTENTS_MOST = 1 << 20
const TARGET_BYTES_MOST = 4096
const FORM = { inline: 0, stored: 1, ahead: 2 } as const
const CODINGS = [null, 'zlib', 'lzo', 'zstd'] as const

export interface Inode {
  readonly number: number
  /** Null: it cannot be one. */
  readonly generation: number | null
  readonly kind: VolumeEntry['kind']
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly links: number
  readonly sizeBytes: number
  /** What its extents take, in whole sectors. */
  readonly allocatedBytes: number
  readonly sectorBytes: number
  readonly times: VolumeTimes
}

/** @returns null for an item that is too short */
export function inodeOf({ object, data }: Item, { sectorBytes }: Superblock): Inode | null {
  if (data.length < INODE_BYTES) return null
  const mode = data.readUInt32LE(52)
  return {
    number: object,
    generation: number(data, 0) < 0 ? null : number(data, 0),
    kind: MODE_KINDS[(mode >>> 12) & 15] ?? 'unknown',
    mode,
    uid: data.readUInt32LE(44),
    gid: data.readUInt32LE(48),
    links: data.readUInt32LE(40),
    sizeBytes: number(data, 16),
    // As the kernel says it: whole sectors, also of contents inside the tree.
    sectorBytes,
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

/** @returns null for a time that no clock shows */
function time(data: Buffer, at: number): bigint | null {
  return plausibleNs(data.readBigInt64LE(at) * 1_000_000_000n + BigInt(data.readUInt32LE(at + 8)))
}

export interface Content {
  readonly place: ContentPlace
  readonly sizeBytes: number
  readonly linkTarget: Buffer | null
  /** Stored bytes on this device, in whole sectors. */
  readonly stored: readonly DataRun[]
  /** Extents are missing: the inode counts more bytes than they have. */
  readonly isCut: boolean
  readonly notes: readonly string[]
}

export const EMPTY: ContentPlace = { kind: 'runs', runs: [], validBytes: 0 }

/** @param extents items of the inode's extents, in order */
export function contentOf(inode: Inode, extents: Iterable<Item>, chunks: Chunks): Content {
  const { kind, sizeBytes } = inode
  const plain = { linkTarget: null, stored: [], notes: [], isCut: false }
  if (kind !== 'file' && kind !== 'symlink')
    return { ...plain, place: EMPTY, sizeBytes: kind === 'directory' ? Math.max(0, sizeBytes) : 0 }
  if (sizeBytes < 0)
    return { ...plain, place: { kind: 'none', reason: 'damaged', detail: 'size-implausible' }, sizeBytes: 0 }
  const reading = new Reading(sizeBytes, chunks)
  for (const item of extents) reading.take(item)
  const isCut = reading.mappedBytes(inode.sectorBytes) !== inode.allocatedBytes
  const cut = { kind: 'none', reason: 'damaged', detail: 'extents-missing' } as const
  // A hole would be claimed where an extent is lost.
  const place = isCut ? cut : reading.place()
  if (kind === 'file') return { ...plain, place, sizeBytes, stored: reading.stored, isCut }
  const isTarget = sizeBytes <= TARGET_BYTES_MOST && reading.inline?.length === sizeBytes
  return { ...plain, place: EMPTY, sizeBytes, linkTarget: isTarget ? reading.inline : null }
}

class Reading {
  readonly stored: DataRun[] = []
  inline: Buffer | null = null
  readonly #sizeBytes: number
  readonly #chunks: Chunks
  readonly #runs: DataRun[] = []
  readonly #extents: CodedExtent[] = []
  #at = 0
  #count = 0
  #mapped = 0
  #none: { readonly reason: string; readonly detail: string } | null = null

  constructor(sizeBytes: number, chunks: Chunks) {
    this.#sizeBytes = sizeBytes
    this.#chunks = chunks
  }

  place(): ContentPlace {
    if (this.#none) return { kind: 'none', ...this.#none }
    this.#hole(this.#sizeBytes)
    const validBytes = this.#sizeBytes
    if (this.#extents.every(({ coding }) => coding === null))
      return { kind: 'runs', runs: this.#runs, validBytes }
    return { kind: 'extents', runs: this.#runs, extents: this.#extents, validBytes }
  }

  /** Bytes of extents that are no holes, in whole sectors, as the inode counts them. */
  mappedBytes(sectorBytes: number): number {
    return Math.ceil(this.#mapped / sectorBytes) * sectorBytes
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
    const length = data.length - EXTENT_HEADER_BYTES
    if (data[16] === 0) this.inline = Buffer.from(data.subarray(EXTENT_HEADER_BYTES))
    this.#hole(from)
    const run = { offset: at + EXTENT_HEADER_BYTES, length }
    const decodedBytes = number(data, 8)
    this.#mapped += data[16] === 0 ? length : Math.max(0, decodedBytes)
    if (decodedBytes < 0) this.#damaged('extents-damaged')
    else if (data[16] === 0) this.#add([run], length)
    else this.#add([run], decodedBytes, { code: data[16]!, decodedBytes, within: 0 })
  }

  #outside(from: number, data: Buffer): void {
    const address = number(data, 21)
    const storedBytes = number(data, 29)
    const within = number(data, 37)
    const length = number(data, 45)
    const decodedBytes = number(data, 8)
    const isSound = [address, storedBytes, within, decodedBytes].every((value) => value >= 0)
    if (!isSound || length <= 0 || !Number.isSafeInteger(from + length)) {
      this.#damaged('extents-damaged')
      return
    }
    if (address === 0) return
    this.#mapped += length
    const code = data[16]!
    const places = this.#chunks.placesOf(
      code === 0 ? address + within : address,
      code === 0 ? length : storedBytes,
    )
    for (const place of places ?? []) this.stored.push(place)
    if (!places) this.#none ??= { reason: 'not-built', detail: 'btrfs-other-device' }
    if (!places || data[20] === FORM.ahead) return
    this.#hole(from)
    if (code === 0) this.#add(places, length)
    else this.#add(places, length, { code, decodedBytes, within })
  }

  /** @param length bytes of the content @param coded how its runs are compressed */
  #add(
    runs: readonly DataRun[],
    length: number,
    coded: { readonly code: number; readonly decodedBytes: number; readonly within: number } | null = null,
  ): void {
    const left = Math.min(length, this.#sizeBytes - this.#at)
    if (left <= 0) return
    const coding = coded === null ? null : CODINGS[coded.code]
    if (coded !== null && (coding === undefined || coding === null || (coding === 'zstd' && !HAS_ZSTD))) {
      this.#none ??= { reason: 'not-built', detail: `btrfs-coding-${coded.code}` }
      return
    }
    const before = this.#runs.length
    let taken = 0
    for (const { offset, length: of } of runs) {
      // Of compressed bytes all are needed.
      const part = coded === null ? Math.min(of, left - taken) : of
      if (part > 0) this.#runs.push({ offset, length: part })
      taken += part
    }
    this.#extents.push({
      length: left,
      runs: this.#runs.length - before,
      coding: coding ?? null,
      decodedBytes: coded?.decodedBytes ?? left,
      from: coded?.within ?? 0,
    })
    this.#at += left
  }

  #hole(until: number): void {
    const end = Math.min(until, this.#sizeBytes)
    if (end > this.#at) this.#add([{ offset: null, length: end - this.#at }], end - this.#at)
  }

  #damaged(detail: string): void {
    this.#none = { reason: 'damaged', detail }
  }
}
