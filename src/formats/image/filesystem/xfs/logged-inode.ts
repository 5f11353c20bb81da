/**
 * An inode as the log stores it, in the byte order of the machine that wrote it, put into the form of the volume.
 * @see Linux fs/xfs/libxfs/xfs_log_format.h, struct xfs_log_dinode; fs/xfs/xfs_inode_item_recover.c
 */
import { crc32c } from '../../../../hash/crc32c.ts'
import { LogDamaged } from './log-items.ts'
import type { Superblock } from './superblock.ts'

export interface Logged {
  readonly number: number
  readonly lsn: bigint
  readonly fields: number
  readonly core: Buffer
  /** Region behind the core: of the data fork where `fields` says so. */
  readonly fork: Buffer | null
}

const FIELD = { local: 2, extents: 4, root: 8, device: 16 } as const
const V2_BYTES = 96
const V3_BYTES = 176
const BIG_TIME = 8n
const MANY_EXTENTS = 16n

/** @param stored the inode on the volume @returns null when that was written later */
export function inodeWritten(superblock: Superblock, stored: Buffer, logged: Logged): Buffer | null {
  const { core, fields, fork } = logged
  if (core.length < V2_BYTES || core.readUInt16LE(0) !== 0x494e) throw new LogDamaged('inode-core')
  const isNew = core[4]! >= 3
  if (isNew && core.length < V3_BYTES) throw new LogDamaged('inode-core')
  const isThere = stored.readUInt16BE(0) === 0x494e
  if (isThere && isNew && stored.readBigUInt64BE(112) !== 0n && stored.readBigUInt64BE(112) >= logged.lsn)
    return null
  if (isThere && !isNew && stored.readUInt16BE(30) > core.readUInt16LE(30)) return null
  const bytes = Buffer.from(stored)
  writeCore(bytes, core, isNew)
  const from = isNew ? V3_BYTES : 100
  const end = bytes[82] === 0 ? bytes.length : Math.min(bytes.length, from + bytes[82]! * 8)
  if (fork !== null && (fields & (FIELD.local | FIELD.extents)) !== 0) {
    if (fork.length > end - from + 3) throw new LogDamaged('inode-fork')
    fork.copy(bytes, from, 0, Math.min(fork.length, end - from))
  } else if (fork !== null && (fields & FIELD.root) !== 0)
    writeRoot(bytes.subarray(from, end), fork, superblock)
  if (isNew) {
    bytes.writeUInt32LE(0, 100)
    bytes.writeUInt32LE(~crc32c(0xffffffff, bytes) >>> 0, 100)
  }
  return bytes
}

/** Numbers by size: 2, 4 or 8 bytes at the same offsets on both sides. */
const TWO = [0, 2, 20, 22, 88, 90]
const FOUR = [8, 12, 16, 72, 84, 92]
const EIGHT = [56, 64]

function writeCore(bytes: Buffer, core: Buffer, isNew: boolean): void {
  core.copy(bytes, 4, 4, 6)
  core.copy(bytes, 82, 82, 84)
  const flags2 = isNew ? core.readBigUInt64LE(120) : 0n
  const isMany = (flags2 & MANY_EXTENTS) !== 0n
  swap(bytes, core, 2, isMany ? TWO : [...TWO, 80, ...(isNew ? [] : [30])])
  swap(bytes, core, 4, [...FOUR, 76])
  swap(bytes, core, 8, [...EIGHT, ...(isMany ? [24] : [])])
  const isBig = (flags2 & BIG_TIME) !== 0n
  for (const at of isNew ? [32, 40, 48, 144] : [32, 40, 48])
    if (isBig) swap(bytes, core, 8, [at])
    else swap(bytes, core, 4, [at, at + 4])
  if (!isNew) return
  swap(bytes, core, 8, [104, 112, 120, 152])
  swap(bytes, core, 4, [128])
  core.copy(bytes, 160, 160, 176)
}

function swap(bytes: Buffer, core: Buffer, size: 2 | 4 | 8, places: readonly number[]): void {
  for (const at of places) for (let i = 0; i < size; i++) bytes[at + i] = core[at + size - 1 - i]!
}

/** The root of a tree of extents: in memory a whole block's header, in the inode four bytes. */
function writeRoot(fork: Buffer, root: Buffer, { version }: Superblock): void {
  const header = version === 5 ? 72 : 24
  const count = root.length >= header ? root.readUInt16BE(6) : 0
  const held = Math.floor((root.length - header) / 16)
  const room = Math.floor((fork.length - 4) / 16)
  if (count === 0 || count > held || count > room) throw new LogDamaged('inode-root')
  root.copy(fork, 0, 4, 8)
  root.copy(fork, 4, header, header + count * 8)
  root.copy(fork, 4 + room * 8, header + held * 8, header + held * 8 + count * 8)
}
