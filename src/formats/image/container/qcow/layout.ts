/** Layout of a QEMU disk: where its clusters are. */
import * as zlib from 'node:zlib'
import type { BlockPlace } from '../../content/block-medium.ts'
import { inflatedBlock } from '../../content/inflate-block.ts'
import type { StoredAt } from '../../content/lacking.ts'
import { u64be } from '../../content/read-at.ts'
import { zstdFrameBytes } from '../../content/zstd-frame.ts'

export const SUBCLUSTERS = 32
export const INCOMPATIBLE = {
  dirty: 1,
  corrupt: 2,
  externalData: 4,
  compressionType: 8,
  extendedL2: 16,
} as const

export interface Layout {
  readonly version: number
  readonly sizeBytes: number
  readonly clusterBits: number
  readonly l1Offset: number
  readonly l1Entries: number
  readonly l2Bits: number
  readonly extended: boolean
  readonly inflate: (stored: Buffer, clusterBytes: number) => BlockPlace
}

export const usesZstd = (header: Buffer, features: number): boolean =>
  (features & INCOMPATIBLE.compressionType) !== 0 && header[104] === 1

export function layoutOfOne(header: Buffer): Layout {
  const [clusterBits, l2Bits] = [header[32]!, header[33]!]
  const sizeBytes = u64be(header, 24)
  const l1Entries = Math.ceil(sizeBytes / 2 ** (clusterBits + l2Bits))
  return {
    ...{
      version: 1,
      sizeBytes,
      clusterBits,
      l2Bits,
      l1Entries,
      l1Offset: u64be(header, 40),
      extended: false,
    },
    inflate: inflateRaw,
  }
}

export function layoutOf(header: Buffer, version: number, features: number): Layout {
  const clusterBits = header.readUInt32BE(20)
  const extended = (features & INCOMPATIBLE.extendedL2) !== 0
  return {
    version,
    sizeBytes: u64be(header, 24),
    clusterBits,
    l1Offset: u64be(header, 40),
    l1Entries: header.readUInt32BE(36),
    l2Bits: clusterBits - (extended ? 4 : 3),
    extended,
    inflate: usesZstd(header, features) ? unzstd : inflateRaw,
  }
}

/** Bits 9 to 55. */
export const offsetOf = (entry: Buffer): number =>
  (entry.readUInt32BE(0) & 0x00ffffff) * 2 ** 32 + ((entry.readUInt32BE(4) & 0xfffffe00) >>> 0)

/**
 * Location of a compressed cluster. From version 2, its length is counted in sectors; the last sector need not be
 * full.
 */
export function codedAt(entry: Buffer, { version, clusterBits }: Layout): StoredAt {
  const bits = entry.readBigUInt64BE(0)
  if (version === 1) {
    const offset = Number(bits & ((1n << BigInt(63 - clusterBits)) - 1n))
    const length = Number((bits >> BigInt(63 - clusterBits)) & BigInt(2 ** clusterBits - 1))
    return { offset, length, coded: true }
  }
  const offsetBits = BigInt(62 - (clusterBits - 8))
  const offset = Number(bits & ((1n << offsetBits) - 1n))
  const more = Number((bits & ((1n << 62n) - 1n)) >> offsetBits)
  return { offset, length: (more + 1) * 512 - (offset % 512), coded: true, slack: 511 }
}

const inflateRaw: Layout['inflate'] = (stored, clusterBytes) =>
  inflatedBlock('raw', stored, clusterBytes, clusterBytes)

const unzstd: Layout['inflate'] = (stored, clusterBytes) => {
  const decompress = zlib.zstdDecompressSync as (
    bytes: Buffer,
    options: { maxOutputLength: number },
  ) => Buffer
  try {
    const bytes = decompress(stored.subarray(0, zstdFrameBytes(stored)), { maxOutputLength: clusterBytes })
    return bytes.length < clusterBytes ? { kind: 'damaged', cause: 'inflate' } : { kind: 'decoded', bytes }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { kind: 'damaged', cause: 'inflate' }
  }
}
