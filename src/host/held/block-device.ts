/**
 * A block device as an image: a disk behind a write blocker, or a loop device. `stat` gives no size for it; the kernel states it below
 * /sys.
 *
 * @see Linux, Documentation/ABI/stable/sysfs-block
 */
import { type BigIntStats, readFileSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'
import { deviceNumber } from '../../mounts/mounts.ts'

export interface BlockDevice {
  readonly sizeBytes: number
  readonly isReadOnly: boolean
  /** Sectors written and discarded since the device appeared. The kernel counts those of partitions too. */
  readonly changedSectors: bigint
}

/** Of the files below /sys, whatever the size of the device's own sectors. */
const SECTOR_BYTES = 512

/** @param stats of the open descriptor @returns null for what is no block device */
export function blockDevice({ rdev, ...stats }: BigIntStats, path: string): BlockDevice | null {
  if ((stats.mode & 0o170000n) !== 0o060000n) return null
  const at = `/sys/dev/block/${deviceNumber(rdev)}`
  const read = (name: string) => readFileSync(`${at}/${name}`, 'latin1').trim()
  try {
    const counts = read('stat').split(/\s+/).map(BigInt)
    return {
      sizeBytes: Number(read('size')) * SECTOR_BYTES,
      isReadOnly: read('ro') === '1',
      changedSectors: (counts[WRITTEN] ?? 0n) + (counts[DISCARDED] ?? 0n),
    }
  } catch (error) {
    throw new UsageError(`${path}: the size of this device could not be read below ${at}.`, { cause: error })
  }
}

const [WRITTEN, DISCARDED] = [6, 13]

/** @throws UsageError when the kernel would let a program write to the device */
export function refuseWritableDevice({ isReadOnly }: BlockDevice, path: string): void {
  if (isReadOnly) return
  throw new UsageError(
    `${path} is a device that can be written to. Attach it through a write blocker, or set it and its partitions read-only (blockdev --setro ${path}), then start again.`,
  )
}
