/** Times of HFS+: seconds since 1904-01-01 UTC; zero means not set. */
import type { VolumeTimes } from '../../../../contracts/volume-times.ts'

/** Seconds from 1904 to 1970. */
const EPOCH_SECONDS = 2_082_844_800
const RESOLUTION = { modified: 's', changed: 's', accessed: 's', born: 's' } as const

/** Created, content changed, record changed, read: from byte 12 on of a folder or a file. */
export function timesOf(record: Buffer): VolumeTimes {
  return {
    bornNs: nanoseconds(record.readUInt32BE(12)),
    modifiedNs: nanoseconds(record.readUInt32BE(16)),
    changedNs: nanoseconds(record.readUInt32BE(20)),
    accessedNs: nanoseconds(record.readUInt32BE(24)),
    resolution: RESOLUTION,
    zone: 'utc',
  }
}

/** @returns '' where no time is recorded */
export function timeText(seconds: number): string {
  return seconds === 0 ? '' : new Date((seconds - EPOCH_SECONDS) * 1000).toISOString()
}

function nanoseconds(seconds: number): bigint | null {
  return seconds === 0 ? null : BigInt(seconds - EPOCH_SECONDS) * 1_000_000_000n
}
