/**
 * Sizes of removed files, from changes that the log still holds: a removal sets the size in the inode to zero.
 *
 * The log is a ring, so the sizes of the files that changed last are known.
 */
import type { Medium } from '../../../../contracts/image.ts'
import { LogDamaged, type Transaction, transactions } from './log-items.ts'
import { Log } from './log-records.ts'
import type { Superblock } from './superblock.ts'

const INODE = 0x123b
const INODES_MOST = 1_000_000
const REGULAR = 8

export interface PastSize {
  readonly sizeBytes: number
  readonly generation: number
}

/** The last size over zero that the log gives of each inode, by the inode's number. */
export function pastSizes(superblock: Superblock, volume: Medium): ReadonlyMap<number, PastSize> {
  const sizes = new Map<number, PastSize>()
  for (const stretch of Log.of(superblock, volume)?.stretches() ?? []) {
    try {
      for (const transaction of transactions(stretch)) take(transaction, sizes)
    } catch (error) {
      // The rest of this stretch: a part of a transaction is where another round wrote over it.
      if (!(error instanceof LogDamaged)) throw error
    }
  }
  return sizes
}

function take({ items }: Transaction, sizes: Map<number, PastSize>): void {
  for (const [first, core] of items) {
    if (first!.readUInt16LE(0) !== INODE || first!.length < 52 || !core || core.length < 96) continue
    const inode = Number(first!.readBigUInt64LE(first!.length >= 56 ? 16 : 12))
    const size = core.readBigInt64LE(56)
    const isFile = core.readUInt16LE(2) >>> 12 === REGULAR
    if (!isFile || size <= 0n || size > BigInt(Number.MAX_SAFE_INTEGER)) continue
    if (sizes.size >= INODES_MOST && !sizes.has(inode)) continue
    sizes.set(inode, { sizeBytes: Number(size), generation: core.readUInt32LE(92) })
  }
}
