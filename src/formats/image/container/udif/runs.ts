/**
 * The runs of a UDIF image: which sectors of the disk lie where in the file, and how they are compressed. Tables of partitions
 * (`mish`) stand in a property list, or in a resource fork where there is none.
 */
import type { Medium } from '../../../../contracts/image.ts'
import { readAt, u64be } from '../../content/read-at.ts'

const TABLE = Buffer.from('mish')
const TABLE_BYTES = 204
const RUN_BYTES = 40
export const SECTOR_BYTES = 512
/** Of a table of all runs: about a million of them, some 250 GB of disk. */
export const TABLES_BYTES_AT_MOST = 64 << 20

/** Kinds of runs, as the tables name them. */
export const RUN = {
  zeros: 0,
  stored: 1,
  unused: 2,
  adc: 0x80000004,
  zlib: 0x80000005,
  bzip2: 0x80000006,
  lzfse: 0x80000007,
  xz: 0x80000008,
  comment: 0x7ffffffe,
  end: 0xffffffff,
} as const

export interface Run {
  readonly kind: number
  /** Bytes of the disk. */
  readonly start: number
  readonly length: number
  /** Bytes of the file. */
  readonly offset: number
  readonly storedBytes: number
}

/** Fields of the trailer that say where its tables are. Bytes of the file. */
export interface Places {
  readonly dataOffset: number
  readonly list: { readonly offset: number; readonly length: number }
  readonly fork: { readonly offset: number; readonly length: number }
}

/** @returns every run of every partition, in the order of the disk; null: a table is cut, or says what cannot be */
export function runsOf(file: Medium, places: Places): Run[] | null {
  const tables = places.list.length > 0 ? tablesOfList(file, places.list) : tablesOfFork(file, places.fork)
  if (tables.length === 0) return null
  const runs: Run[] = []
  for (const table of tables) {
    const partition = runsOfTable(table, places.dataOffset)
    if (partition === null) return null
    for (const run of partition) runs.push(run)
  }
  return runs.sort((one, other) => one.start - other.start)
}

/** The list is searched for its one array of tables: parsed whole, a list of 64 MB would cost a gigabyte. */
function tablesOfList(file: Medium, { offset, length }: Places['list']): Buffer[] {
  const list = readAt(file, offset, length).toString('latin1')
  const begin = list.indexOf('<key>blkx</key>')
  const end = begin === -1 ? -1 : list.indexOf('</array>', begin)
  const tables: Buffer[] = []
  for (let at = begin; end !== -1; ) {
    const from = list.indexOf('<data>', at)
    const to = list.indexOf('</data>', from)
    if (from === -1 || to === -1 || to > end) break
    tables.push(Buffer.from(list.slice(from + 6, to), 'base64'))
    at = to
  }
  return tables
}

/** Resources behind the fork's header of 256 bytes, each with its length. @see Apple, "Inside Macintosh", Resource Manager */
function tablesOfFork(file: Medium, { offset, length }: Places['fork']): Buffer[] {
  const fork = readAt(file, offset, length)
  if (fork.length < 16) return []
  const [begin, bytes] = [fork.readUInt32BE(0), fork.readUInt32BE(8)]
  const tables: Buffer[] = []
  for (let at = begin; at + 4 <= Math.min(begin + bytes, fork.length); ) {
    const held = fork.readUInt32BE(at)
    const resource = fork.subarray(at + 4, at + 4 + held)
    if (TABLE.equals(resource.subarray(0, 4))) tables.push(resource)
    at += 4 + held
  }
  return tables
}

function runsOfTable(table: Buffer, dataOffset: number): Run[] | null {
  if (table.length < TABLE_BYTES || !TABLE.equals(table.subarray(0, 4))) return null
  const [first, inFile, count] = [u64be(table, 8), u64be(table, 24), table.readUInt32BE(200)]
  if (table.length < TABLE_BYTES + count * RUN_BYTES) return null
  const runs: Run[] = []
  for (let at = TABLE_BYTES; at < TABLE_BYTES + count * RUN_BYTES; at += RUN_BYTES) {
    const kind = table.readUInt32BE(at)
    if (kind === RUN.end) break
    if (kind === RUN.comment) continue
    const run = {
      kind,
      start: (first + u64be(table, at + 8)) * SECTOR_BYTES,
      length: u64be(table, at + 16) * SECTOR_BYTES,
      offset: dataOffset + inFile + u64be(table, at + 24),
      storedBytes: u64be(table, at + 32),
    }
    if (![run.start + run.length, run.offset + run.storedBytes].every(Number.isSafeInteger)) return null
    if (run.length > 0) runs.push(run)
  }
  return runs
}
