/**
 * Compares the stated size of a file with the storage that can exist for it. A file system may state 2⁶² bytes for an
 * empty file, and reading it would never end.
 */
import { type BigIntStats, statfsSync } from 'node:fs'
import { errnoOf } from '../../base/errno.ts'
import { notDone, type StageResult } from '../../contracts/stage.ts'

/** Assumed size of a file system that does not report its size: larger than any single disk. */
const UNSAID_BYTES = 1n << 45n

export class Backing {
  readonly #limitBytes: bigint
  /** Devices that report allocated blocks; some FUSE file systems report 0 for every file. */
  readonly #reportsBlocks = new Set<bigint>()
  readonly #mediumBytes = new Map<bigint, bigint>()

  /** @param limitBytes files up to this size are always read */
  constructor(limitBytes: bigint) {
    this.#limitBytes = limitBytes
  }

  seen({ blocks, dev }: BigIntStats): void {
    if (blocks > 0n) this.#reportsBlocks.add(dev)
  }

  /** @returns the reason for not reading the file; null if storage exists for at least a tenth of it */
  refusal(at: Buffer, stats: BigIntStats): StageResult | null {
    const { size, blocks, dev } = stats
    if (size > MOST_BYTES) {
      const params = { bytes: Number(size), limit: Number(MOST_BYTES) }
      return notDone('over-byte-limit', { code: 'over-bytes', params })
    }
    if (size <= this.#limitBytes) return null
    const allocated = blocks * 512n
    const medium = this.#medium(at, dev)
    const backed = (blocks > 0n || this.#reportsBlocks.has(dev)) && allocated < medium ? allocated : medium
    if (backed * 10n >= size) return null
    return notDone('sparse', { code: 'sparse', params: { bytes: Number(size), allocated: Number(backed) } })
  }

  #medium(at: Buffer, device: bigint): bigint {
    const known = this.#mediumBytes.get(device)
    if (known !== undefined) return known
    const bytes = mediumBytes(at)
    this.#mediumBytes.set(device, bytes)
    return bytes
  }
}

/** Files of exbibytes are sparse, and a JavaScript number cannot count their bytes exactly. */
const MOST_BYTES = BigInt(Number.MAX_SAFE_INTEGER)

function mediumBytes(at: Buffer): bigint {
  try {
    const { blocks, bsize } = statfsSync(at, { bigint: true })
    const bytes = blocks * bsize
    return bytes === 0n ? UNSAID_BYTES : bytes
  } catch (error) {
    // Not every file system answers; the name of the error is checked so that a bug is not taken for one.
    errnoOf(error)
    return UNSAID_BYTES
  }
}
