/**
 * Replays the log in memory: changed sectors of structures as they would be after the kernel's recovery. No byte of the
 * volume is written. Contents of files are not in the log.
 *
 * Not replayed: what was begun and not finished (intents): the kernel would free those blocks, here they stay in use.
 *
 * @see Linux fs/xfs/xfs_buf_item_recover.c, xfs_inode_item_recover.c, xfs_icreate_item.c
 */
import type { Medium } from '../../../../contracts/image.ts'
import type { ProblemLog } from '../common/problem-log.ts'
import { inodeOffset } from './inode.ts'
import { type Item, LogDamaged, type Transaction, transactions } from './log-items.ts'
import { Log, type LogRecord, SECTOR } from './log-records.ts'
import { inodeWritten } from './logged-inode.ts'
import { Sectors } from './sectors.ts'
import type { Superblock } from './superblock.ts'

const TYPE = { inode: 0x123b, buffer: 0x123c, inodesMade: 0x123f } as const
const CANCELLED = 2
const INODE_BUFFER = 1
/** A bit of a buffer's map stands for this many bytes. */
const CHUNK = 128

export type LogState = 'clean' | 'replayed' | 'not-replayed'

/** @returns the state, and the sectors that differ from the volume */
export function replayLog(
  superblock: Superblock,
  volume: Medium,
  problems: ProblemLog,
): { readonly state: LogState; readonly sectors: Sectors } {
  const sectors = new Sectors(volume)
  const failed = (cause: string) => {
    problems.add('journal-not-replayed', null, cause)
    return { state: 'not-replayed', sectors: new Sectors(volume) } as const
  }
  const log = Log.of(superblock, volume)
  if (!log) return failed('not on this volume')
  const newest = log.newest()
  if (!newest) return failed('no record')
  if (log.isUnmount(newest)) return { state: 'clean', sectors }
  const replay = new Replay(superblock, volume, sectors)
  try {
    for (const pass of ['cancelled', 'changes'] as const) {
      const records = new Whole(log.records(newest))
      for (const transaction of transactions(records)) replay[pass](transaction)
      if (!records.isWhole) return failed('records missing')
    }
  } catch (error) {
    if (error instanceof LogDamaged) return failed(error.message)
    throw error
  }
  return { state: 'replayed', sectors }
}

/** Passes records on and remembers whether their chain was whole. */
class Whole implements Iterable<LogRecord> {
  isWhole = false
  readonly #records: Generator<LogRecord, boolean>

  constructor(records: Generator<LogRecord, boolean>) {
    this.#records = records
  }

  *[Symbol.iterator](): Generator<LogRecord> {
    this.isWhole = yield* this.#records
  }
}

class Replay {
  readonly #superblock: Superblock
  readonly #volume: Medium
  readonly #sectors: Sectors
  /** Buffers that were given up, by place and length, with how often. */
  readonly #given = new Map<string, number>()

  constructor(superblock: Superblock, volume: Medium, sectors: Sectors) {
    this.#superblock = superblock
    this.#volume = volume
    this.#sectors = sectors
  }

  /** First pass: a buffer that is given up later is not to be replayed before. */
  cancelled({ items }: Transaction): void {
    for (const [first] of items) {
      if (first!.readUInt16LE(0) !== TYPE.buffer || !isCancelled(first!)) continue
      const key = keyOf(first!)
      this.#given.set(key, (this.#given.get(key) ?? 0) + 1)
    }
  }

  /** Second pass. Buffers come before inodes, and those that are given up last. */
  changes({ lsn, items }: Transaction): void {
    for (const item of items) this.#buffer(item, lsn)
    for (const item of items) this.#inode(item, lsn)
    for (const [first] of items) {
      if (first!.readUInt16LE(0) !== TYPE.buffer || !isCancelled(first!)) continue
      const key = keyOf(first!)
      const left = (this.#given.get(key) ?? 1) - 1
      if (left === 0) this.#given.delete(key)
      else this.#given.set(key, left)
    }
  }

  #buffer([first, ...regions]: Item, lsn: bigint): void {
    const type = first!.readUInt16LE(0)
    if (type === TYPE.inodesMade) this.#inodesMade(first!)
    if (type !== TYPE.buffer) return
    if (first!.length < 24) throw new LogDamaged('buffer')
    const flags = first!.readUInt16LE(4)
    if ((flags & (CANCELLED | INODE_BUFFER)) !== 0 || this.#given.has(keyOf(first!))) return
    const at = Number(first!.readBigInt64LE(8)) * SECTOR
    const length = first!.readUInt16LE(6) * SECTOR
    if (!(at >= 0 && at + length <= this.#volume.sizeBytes)) throw new LogDamaged('buffer-place')
    if (this.#isNewer(at, Math.min(length, SECTOR), lsn)) return
    const words = Math.min(first!.readUInt32LE(16), Math.floor((first!.length - 20) / 4))
    const isSet = (bit: number) =>
      bit < words * 32 && (first!.readUInt32LE(20 + (bit >>> 5) * 4) >>> (bit & 31)) & 1
    let region = 0
    for (let bit = 0; bit < words * 32; bit++) {
      if (!isSet(bit)) continue
      const bytes = regions[region++]
      let end = bit
      while (isSet(end)) end++
      if (!bytes || bit * CHUNK + bytes.length > length || bytes.length > (end - bit) * CHUNK)
        throw new LogDamaged('buffer-map')
      this.#sectors.write(at + bit * CHUNK, bytes)
      // A region may hold fewer chunks than follow each other in the map.
      bit += Math.ceil(bytes.length / CHUNK) - 1
    }
  }

  /** The structure on the volume was written after this change. */
  #isNewer(at: number, length: number, lsn: bigint): boolean {
    if (this.#superblock.version === 4) return false
    const bytes = Buffer.alloc(length)
    this.#volume.readInto(bytes, at)
    const fields = LSN_BY_MAGIC[bytes.toString('latin1', 0, 4)] ?? LSN_BY_INNER_MAGIC[bytes.readUInt16BE(8)]
    if (!fields) return false
    const [lsnAt, uuidAt] = fields
    if (!bytes.subarray(uuidAt, uuidAt + 16).equals(this.#superblock.metaUuid)) return false
    const written = bytes.readBigUInt64BE(lsnAt)
    return written !== 0n && written >= lsn
  }

  /** New inodes, not in use. */
  #inodesMade(first: Buffer): void {
    if (first.length < 28) throw new LogDamaged('inodes-made')
    const [group, block, count, inodeBytes] = [4, 8, 12, 16].map((at) => first.readUInt32BE(at)) as [
      number,
      number,
      number,
      number,
    ]
    const { groupBlocks, blockBytes } = this.#superblock
    const at = (group * groupBlocks + block) * blockBytes
    if (inodeBytes !== this.#superblock.inodeBytes || count > 4096) throw new LogDamaged('inodes-made')
    const fresh = Buffer.alloc(inodeBytes)
    fresh.write('IN', 0, 'latin1')
    fresh[4] = 3
    for (let index = 0; index < count; index++) this.#sectors.write(at + index * inodeBytes, fresh)
  }

  #inode([first, core, fork]: Item, lsn: bigint): void {
    if (first!.readUInt16LE(0) !== TYPE.inode) return
    // Written by a machine of 32 bits: without four bytes of padding.
    const wide = first!.length >= 56 ? 4 : 0
    if (first!.length < 52 || !core) throw new LogDamaged('inode')
    const number = Number(first!.readBigUInt64LE(12 + wide))
    const at = Number.isSafeInteger(number) ? inodeOffset(this.#superblock, number) : null
    if (at === null || at + this.#superblock.inodeBytes > this.#volume.sizeBytes)
      throw new LogDamaged('inode-place')
    const stored = this.#sectors.read(at, this.#superblock.inodeBytes)
    const written = inodeWritten(this.#superblock, stored, {
      number,
      lsn,
      fields: first!.readUInt32LE(4),
      core,
      fork: fork ?? null,
    })
    if (written) this.#sectors.write(at, written)
  }
}

const isCancelled = (first: Buffer): boolean =>
  first.length >= 24 && (first.readUInt16LE(4) & CANCELLED) !== 0
const keyOf = (first: Buffer): string => `${first.readBigInt64LE(8)} ${first.readUInt16LE(6)}`

/** Offsets of the number of the last change, and of the volume's UUID. */
type Fields = readonly [lsn: number, uuid: number]
const SHORT: Fields = [24, 32]
const DIRECTORY: Fields = [16, 24]
const LSN_BY_MAGIC: Readonly<Record<string, Fields>> = {
  AB3B: SHORT,
  AB3C: SHORT,
  IAB3: SHORT,
  FIB3: SHORT,
  BMA3: [32, 40],
  XDB3: DIRECTORY,
  XDD3: DIRECTORY,
  XDF3: DIRECTORY,
  XAGF: [208, 64],
  XAGI: [320, 296],
  XAFL: [24, 8],
  XSLM: [48, 24],
}
/** Indexes of directories and attributes. */
const LSN_BY_INNER_MAGIC: Readonly<Record<number, Fields>> = {
  15857: [24, 32],
  15871: [24, 32],
  16062: [24, 32],
  15342: [24, 32],
}
