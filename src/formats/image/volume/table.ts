/** Entries of partition tables of every kind, before content and overlaps are checked. */
import type { ByteRange } from '../../../contracts/image.ts'

export interface Partition extends ByteRange {
  readonly scheme: 'mbr' | 'mbr-logical' | 'gpt' | 'apm'
  readonly type: string
  readonly name: string
}

/** Range of a table itself; `content` states its kind, and whether its checksum failed. */
export interface TableRange extends ByteRange {
  readonly content: 'mbr' | 'ebr' | 'gpt' | 'gpt-damaged' | 'apm'
}

export interface PartitionTable {
  readonly scheme: 'mbr' | 'gpt' | 'apm'
  readonly tables: readonly TableRange[]
  readonly partitions: readonly Partition[]
}
