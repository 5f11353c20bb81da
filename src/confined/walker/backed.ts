/**
 * How many bytes a file claims, and how many can stand behind it. A file system may claim 2⁶² for a file of nothing: reading
 * that would never end.
 */
import { type BigIntStats, statfsSync } from 'node:fs'
import { errnoOf } from '../../base/errno.ts'
import { notDone, type StageResult } from '../../contracts/stage.ts'

/** Of a file system that does not say how large it is: more than any one disk. */
const UNSAID_BYTES = 1n << 45n

export class Backing {
  readonly #limitBytes: bigint
  /** Devices that were seen to report allocated blocks; some FUSE file systems say 0 for everything. */
  readonly #reportsBlocks = new Set<bigint>()
  readonly #mediumBytes = new Map<bigint, bigint>()

  /** @param limitBytes files up to this size are read whatever stands behind them */
  constructor(limitBytes: bigint) {
    this.#limitBytes = limitBytes
  }

  seen({ blocks, dev }: BigIntStats): void {
    if (blocks > 0n) this.#reportsBlocks.add(dev)
  }

  /** @returns why the file is not read; null where a tenth of it or more can stand behind it */
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

/** Files of exbibytes are holes, and no number that counts their bytes is exact. */
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
