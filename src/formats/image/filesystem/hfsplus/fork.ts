/** Forks: a size, and the first eight extents. Further extents are in the extents overflow file. */
import type { DataRun } from '../../../../contracts/content-place.ts'
import { u64be } from '../../content/read-at.ts'

export interface Extent {
  readonly start: number
  readonly count: number
}

export interface Fork {
  /** Infinity: no size that a volume can have. */
  readonly sizeBytes: number
  readonly blocks: number
  readonly extents: readonly Extent[]
}

export const FORK_BYTES = 80
export const EXTENTS_BYTES = 64

export function forkAt(bytes: Buffer, at: number): Fork {
  return {
    sizeBytes: u64be(bytes, at),
    blocks: bytes.readUInt32BE(at + 12),
    extents: extentsAt(bytes, at + 16),
  }
}

/** Extents up to the first empty one. */
export function extentsAt(bytes: Buffer, at: number): Extent[] {
  const extents: Extent[] = []
  for (let index = 0; index < 8; index++) {
    const count = bytes.readUInt32BE(at + index * 8 + 4)
    if (count === 0) break
    extents.push({ start: bytes.readUInt32BE(at + index * 8), count })
  }
  return extents
}

/** Position of blocks on the volume. */
export interface Geometry {
  readonly origin: number
  readonly blockBytes: number
  readonly blocks: number
}

export function runsOf({ origin, blockBytes }: Geometry, extents: readonly Extent[]): DataRun[] {
  return extents.map(({ start, count }) => ({
    offset: origin + start * blockBytes,
    length: count * blockBytes,
  }))
}

export function blocksOf(extents: readonly Extent[]): number {
  return extents.reduce((sum, { count }) => sum + count, 0)
}
