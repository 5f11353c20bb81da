/** What partition tables of every kind say, before it is known what lies there and whether ranges overlap. */
import type { ByteRange } from '../../../contracts/image.ts'

export interface Partition extends ByteRange {
  readonly scheme: 'mbr' | 'mbr-logical' | 'gpt' | 'apm'
  readonly type: string
  readonly name: string
}

/** Bytes of a table itself; `content` says which, and whether its checksum failed. */
export interface TableRange extends ByteRange {
  readonly content: 'mbr' | 'ebr' | 'gpt' | 'gpt-damaged' | 'apm'
}

export interface PartitionTable {
  readonly scheme: 'mbr' | 'gpt' | 'apm'
  readonly tables: readonly TableRange[]
  readonly partitions: readonly Partition[]
}
