/**
 * Finds volumes that no partition table contains: a deleted partition, a wiped table. The signatures of their file
 * systems identify them. The search covers each sector of the first cylinder (7.8 MiB) of a range, and of the
 * cylinder behind each found volume. Then it covers each MiB, and the starts of cylinders with 63-sector tracks.
 */
import type { ByteRange, Medium } from '../../../contracts/image.ts'
import { partOf } from '../content/ranges.ts'
import { readAt, u64, u64be } from '../content/read-at.ts'
import { signatureOf } from './content-of.ts'

const SECTOR = 512
const MIB = 1 << 20
const TRACK = 63 * SECTOR
const CYLINDER = 255 * TRACK
const PROBE_BYTES = 4096
const HELD_BYTES = 16 << 10
/** Tools leave a MiB, or a cylinder in old tools, between volumes. */
const DENSE_BYTES = CYLINDER
const HEAD_BYTES = 2048
/** A grid of 128 GiB; for the part behind it, the range reports that it was not searched. */
const MOST_PROBES = 1 << 17

/**
 * Size that the file system states, after a second structure confirms its start: copies of boot sectors and
 * superblocks occur in the middle and at the end of volumes.
 * @param head the first 2 KiB of the volume, zeros behind its end
 * @returns null when no file system starts here; Infinity when it states no size
 */
type StatedBytes = (head: Buffer, volume: Medium) => number | null

const SIZES: Readonly<Record<string, StatedBytes>> = {
  ntfs: ntfsBytes,
  exfat: exfatBytes,
  fat12: fatBytes,
  fat16: fatBytes,
  fat32: fatBytes,
  ext: extBytes,
  hfsplus: hfsPlusBytes,
  apfs: apfsBytes,
  xfs: xfsBytes,
  luks: () => Number.POSITIVE_INFINITY,
  bitlocker: () => Number.POSITIVE_INFINITY,
}

export interface Lost {
  readonly offset: number
  /** Cut to the range. */
  readonly length: number
  readonly content: string
  /** Bytes of the stated size behind the end of the range. */
  readonly beyondBytes: number
}

/** @param unsought called at the end with the offset where the search stopped; not called when all was searched */
export function* lostVolumes(
  medium: Medium,
  range: ByteRange,
  unsought: (from: number) => void = () => {},
): Generator<Lost, void, undefined> {
  const end = range.offset + range.length
  const probed = new Probe(medium)
  let probes = 0
  for (let from = range.offset; from < end; ) {
    let found: Lost | null = null
    for (const at of places(from, end)) {
      if (at >= from + DENSE_BYTES && ++probes > MOST_PROBES) return unsought(at)
      if (mayBegin(probed.at(at))) found = lostAt(medium, at, end)
      if (found) break
    }
    if (!found) return
    yield found
    from = found.offset + found.length
  }
}

/** Each sector where a volume may follow the last one, then only the usual partition starts. */
function* places(from: number, end: number): Generator<number, void, undefined> {
  const last = end - SECTOR
  const dense = Math.min(last, from + DENSE_BYTES - SECTOR)
  for (let at = Math.ceil(from / SECTOR) * SECTOR; at <= dense; at += SECTOR) yield at
  for (let mib = Math.ceil((dense + 1) / MIB) * MIB; mib <= last; mib += MIB) {
    yield mib
    const cylinder = Math.ceil(mib / CYLINDER) * CYLINDER
    for (const at of [cylinder, cylinder + TRACK]) if (at > mib && at < mib + MIB && at <= last) yield at
  }
}

/** The first bytes to check, sector by sector from larger reads. */
class Probe {
  readonly #medium: Medium
  readonly #held = Buffer.alloc(HELD_BYTES)
  #from = 0
  #length = 0

  constructor(medium: Medium) {
    this.#medium = medium
  }

  at(offset: number): Buffer {
    if (offset < this.#from || offset + PROBE_BYTES > this.#from + this.#length) {
      this.#from = offset
      this.#length = this.#medium.readInto(this.#held, offset)
    }
    return this.#held.subarray(offset - this.#from, Math.min(offset - this.#from + PROBE_BYTES, this.#length))
  }
}

/** Whether a closer check pays off; a random sector passes once in thousands. */
function mayBegin(head: Buffer): boolean {
  if (head.length < 1088) return false
  if (head.readUInt16LE(510) === 0xaa55 || head.readUInt16LE(1080) === 0xef53) return true
  const beginnings = [head.toString('latin1', 0, 4), head.toString('latin1', 32, 36)]
  const magic = head.readUInt32LE(1024)
  return (
    beginnings[0] === 'XFSB' ||
    beginnings[0] === 'LUKS' ||
    beginnings[1] === 'NXSB' ||
    [0x04002b48, 0x05005848].includes(magic)
  )
}

function lostAt(medium: Medium, offset: number, end: number): Lost | null {
  const volume = partOf(medium, { offset, length: end - offset })
  const content = signatureOf(volume)
  const head = Buffer.alloc(HEAD_BYTES)
  volume.readInto(head, 0)
  const stated = content === null ? null : (SIZES[content]?.(head, volume) ?? null)
  if (content === null || stated === null) return null
  const length = Math.min(stated, end - offset)
  return { offset, length, content, beyondBytes: stated === Number.POSITIVE_INFINITY ? 0 : stated - length }
}

/** The file table, or its copy, must be where the boot sector states. */
function ntfsBytes(head: Buffer, volume: Medium): number | null {
  const sectorBytes = head.readUInt16LE(11)
  const cluster = head[13]! * sectorBytes
  const isThere = [48, 56].some((at) => readAt(volume, u64(head, at) * cluster, 4).equals(FILE))
  // The copy of the boot sector is in the sector behind the last one.
  return isThere ? inSectors(u64(head, 40) + 1, sectorBytes) : null
}

const FILE = Buffer.from('FILE')
const EXFAT_TABLE = Buffer.from('f8ffffff', 'hex')

function exfatBytes(head: Buffer, volume: Medium): number | null {
  const sectorBytes = 2 ** head.readUInt8(108)
  const table = readAt(volume, head.readUInt32LE(80) * sectorBytes, 4)
  return table.equals(EXFAT_TABLE) ? inSectors(u64(head, 72), sectorBytes) : null
}

/** The catalog must start with a tree header. */
function hfsPlusBytes(head: Buffer, volume: Medium): number | null {
  const blockBytes = head.readUInt32BE(1064)
  const catalog = readAt(volume, head.readUInt32BE(1024 + 272 + 16) * blockBytes, 16)
  return catalog[8] === 1 ? product(blockBytes, head.readUInt32BE(1068)) : null
}

/** The block is a copy of a superblock in the checkpoint ring and states its position there; that block must match. */
function apfsBytes(head: Buffer, volume: Medium): number | null {
  const blockBytes = head.readUInt32LE(36)
  const [blocks, index, length] = [104, 136, 140].map((at) => head.readUInt32LE(at)) as [
    number,
    number,
    number,
  ]
  const place = u64(head, 112) + ((index + length - 1) % (blocks & 0x7fffffff))
  const ofRing = readAt(volume, place * blockBytes, 36)
  const [transaction, magic] = [head.subarray(16, 24), head.subarray(32, 36)]
  const isThere = ofRing.subarray(16, 24).equals(transaction) && ofRing.subarray(32, 36).equals(magic)
  return isThere ? product(blockBytes, u64(head, 40)) : null
}

/** Each group has a copy of the superblock; the next sector states the group number. */
function xfsBytes(head: Buffer, volume: Medium): number | null {
  const group = readAt(volume, head.readUInt16BE(102), 12)
  const isFirst = group.toString('latin1', 0, 4) === 'XAGF' && group.readUInt32BE(8) === 0
  return isFirst ? product(head.readUInt32BE(4), u64be(head, 8)) : null
}

function fatBytes(head: Buffer, volume: Medium): number | null {
  const sectorBytes = head.readUInt16LE(11)
  // The first entry of the table repeats the media type. Behind a copy of the boot sector there is no table.
  const entry = readAt(volume, head.readUInt16LE(14) * sectorBytes, 2)
  if (entry[0] !== head[21] || entry[1] !== 0xff) return null
  return product(head.readUInt16LE(19) || head.readUInt32LE(32), sectorBytes)
}

function extBytes(head: Buffer): number | null {
  const superblock = head.subarray(1024)
  // A copy states its block group.
  if (superblock.readUInt16LE(0x5a) !== 0) return null
  const has64 = (superblock.readUInt32LE(0x60) & 0x80) !== 0
  const blocks = superblock.readUInt32LE(4) + (has64 ? superblock.readUInt32LE(0x150) * 2 ** 32 : 0)
  return product(blocks, 2 ** (10 + superblock.readUInt32LE(24)))
}

function inSectors(sectors: number, sectorBytes: number): number | null {
  return [512, 1024, 2048, 4096].includes(sectorBytes) ? product(sectors, sectorBytes) : null
}

/** @returns null when the value is not a valid byte count */
function product(count: number, unit: number): number | null {
  const bytes = count * unit
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : null
}
