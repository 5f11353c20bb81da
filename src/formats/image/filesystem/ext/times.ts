/**
 * Times of an inode: UTC, in seconds of 32 bits, with 30 bits of nanoseconds and two epoch bits where the inode has
 * room.
 */
import type { TimeResolution, VolumeTimes } from '../../../../contracts/volume-times.ts'
import { extraBytes } from './inode.ts'

const NS = 1_000_000_000n

export function timesOf(raw: Buffer): VolumeTimes {
  const extra = extraBytes(raw)
  const time = (at: number, extraAt: number): { ns: bigint; resolution: TimeResolution } => {
    const seconds = raw.readInt32LE(at)
    // Room is counted from byte 128 on (ext4.h, EXT4_FITS_IN_INODE).
    if (extraAt + 4 > 128 + extra) return { ns: BigInt(seconds) * NS, resolution: 's' }
    const bits = raw.readUInt32LE(extraAt)
    const whole = seconds + (bits & 3) * 2 ** 32
    return { ns: BigInt(whole) * NS + BigInt(bits >>> 2), resolution: 'ns' }
  }
  const accessed = time(8, 140)
  const changed = time(12, 132)
  const modified = time(16, 136)
  const born = extra >= 24 ? time(144, 148) : null
  return {
    modifiedNs: modified.ns,
    changedNs: changed.ns,
    accessedNs: accessed.ns,
    bornNs: born?.ns ?? null,
    resolution: {
      modified: modified.resolution,
      changed: changed.resolution,
      accessed: accessed.resolution,
      born: born?.resolution ?? 's',
    },
    zone: 'utc',
  }
}
