/**
 * The file of a near-index: what lies in memory, with a header before it and a checksum after it.
 *
 * | bytes | what                                                      |
 * |-------|-----------------------------------------------------------|
 * | 8     | `SZDNEAR1`                                                |
 * | 8     | number of hashes, little-endian                           |
 * | 8     | most hashes a shard, little-endian                        |
 * | 8     | zero                                                      |
 * | n     | the shards in order, each as near-layout.ts lays it out   |
 * | 32    | SHA-256 of all before it                                  |
 */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { SeizedError } from '../../base/errors.ts'
import { HASH_BYTES } from './near-kernel.ts'
import { SHARD_AT, shardCounts, shardLayout } from './near-layout.ts'
import { NearShard } from './near-shard.ts'

export class NearFileDamaged extends SeizedError {
  constructor(path: string, what: string) {
    super(
      `${path} is not a usable near-index: ${what}. Build it again from its list.`,
      'usage',
      'list-unreadable',
    )
  }
}

export interface NearContent {
  readonly shards: readonly NearShard[]
  readonly shardHashes: number
}

const MAGIC = Buffer.from('SZDNEAR1')
const HEADER_BYTES = 32
const CHECKSUM_BYTES = 32
const PIECE_BYTES = 4 * 1024 * 1024

export function writeNearFile(path: string, { shards, shardHashes }: NearContent): void {
  const header = Buffer.alloc(HEADER_BYTES)
  MAGIC.copy(header)
  header.writeBigUInt64LE(BigInt(shards.reduce((sum, shard) => sum + shard.count, 0)), 8)
  header.writeBigUInt64LE(BigInt(shardHashes), 16)
  const checksum = createHash('sha256')
  const unfinished = `${path}.unfinished`
  const file = openSync(unfinished, 'w', 0o600)
  try {
    for (const part of [header, ...shards.map((shard) => shard.stored)]) {
      for (let from = 0; from < part.length; from += PIECE_BYTES) {
        const piece = part.subarray(from, from + PIECE_BYTES)
        checksum.update(piece)
        writeWhole(file, piece)
      }
    }
    writeWhole(file, checksum.digest())
    fsyncSync(file)
  } catch (cause) {
    rmSync(unfinished, { force: true })
    throw cause
  } finally {
    closeSync(file)
  }
  renameSync(unfinished, path)
}

export function readNearFile(path: string): NearContent {
  const file = openSync(path, 'r')
  try {
    const checksum = createHash('sha256')
    const header = Buffer.alloc(HEADER_BYTES)
    readInto(path, file, header, checksum)
    if (!header.subarray(0, MAGIC.length).equals(MAGIC))
      throw new NearFileDamaged(path, 'it does not begin as one')
    const [count, shardHashes] = [Number(header.readBigUInt64LE(8)), Number(header.readBigUInt64LE(16))]
    // Checked before memory is allocated: a damaged number must not allocate terabytes.
    const { size } = fstatSync(file)
    if (count > size / HASH_BYTES || shardHashes < 1) throw new NearFileDamaged(path, 'its header is wrong')
    const counts = shardCounts(count, shardHashes)
    const sizeBytes = counts.reduce((sum, count) => sum + shardLayout(count).endAt - SHARD_AT, HEADER_BYTES)
    if (size !== sizeBytes + CHECKSUM_BYTES) throw new NearFileDamaged(path, 'its length is wrong')
    const shards = counts.map((count) => new NearShard(count))
    for (const shard of shards) readInto(path, file, shard.stored, checksum)
    const expected = Buffer.alloc(CHECKSUM_BYTES)
    const actual = checksum.digest()
    readInto(path, file, expected, null)
    if (!actual.equals(expected)) throw new NearFileDamaged(path, 'its checksum is wrong')
    return { shards, shardHashes }
  } finally {
    closeSync(file)
  }
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let from = 0; from < bytes.length; ) from += writeSync(file, bytes, from)
}

function readInto(
  path: string,
  file: number,
  into: Uint8Array,
  checksum: ReturnType<typeof createHash> | null,
): void {
  for (let from = 0; from < into.length; ) {
    const read = readSync(file, into, from, Math.min(PIECE_BYTES, into.length - from), null)
    if (read === 0) throw new NearFileDamaged(path, 'it ends too early')
    checksum?.update(into.subarray(from, from + read))
    from += read
  }
}
