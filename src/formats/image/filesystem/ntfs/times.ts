/** Times of NTFS: 100 ns since 1601-01-01 UTC; zero means not set. */
import type { VolumeTimes } from '../../../../contracts/volume-times.ts'

const EPOCH = 116_444_736_000_000_000n
const RESOLUTION = { modified: '100ns', changed: '100ns', accessed: '100ns', born: '100ns' } as const

export const NO_TIMES: VolumeTimes = {
  modifiedNs: null,
  changedNs: null,
  accessedNs: null,
  bornNs: null,
  resolution: RESOLUTION,
  zone: 'utc',
}

/**
 * Four FILETIMEs from `at` on: created, modified, record changed, accessed (for $STANDARD_INFORMATION and $FILE_NAME).
 */
export function timesAt(bytes: Buffer, at: number): VolumeTimes {
  return {
    bornNs: nanoseconds(bytes, at),
    modifiedNs: nanoseconds(bytes, at + 8),
    changedNs: nanoseconds(bytes, at + 16),
    accessedNs: nanoseconds(bytes, at + 24),
    resolution: RESOLUTION,
    zone: 'utc',
  }
}

/** High words of the FILETIMEs (years 1677 to 2262) whose nanoseconds since 1970 fit a signed 64-bit number. */
const FIRST = 5_636_896
const LAST = 48_586_569

/** One FILETIME as nanoseconds since 1970; null for zero or an impossible time. */
export function nanoseconds(bytes: Buffer, at: number): bigint | null {
  const high = bytes.readUInt32LE(at + 4)
  if (high <= FIRST || high >= LAST) return null
  const low = bytes.readUInt32LE(at)
  const slot = (low ^ (low >>> 9)) & (SLOTS - 1)
  if (lows[slot] !== low || highs[slot] !== high) {
    lows[slot] = low
    highs[slot] = high
    values[slot] = ((BigInt(high) << 32n) + BigInt(low) - EPOCH) * 100n
  }
  return values[slot] as bigint
}

/** An entry has eight times, most of them equal; conversions to big numbers are slow, so they are cached. */
const SLOTS = 1024
const lows = new Uint32Array(SLOTS)
const highs = new Uint32Array(SLOTS)
const values: bigint[] = new Array(SLOTS).fill(0n)

/** True where one of the four times is neither zero nor valid. */
export function implausible(bytes: Buffer, at: number): boolean {
  for (let index = 0; index < 4; index++) {
    const high = bytes.readUInt32LE(at + index * 8 + 4)
    if (high >= LAST || (high <= FIRST && (high !== 0 || bytes.readUInt32LE(at + index * 8) !== 0)))
      return true
  }
  return false
}
