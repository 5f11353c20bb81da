/** Times of a ZIP member: NTFS and Unix extra fields in UTC where present, else MS-DOS time of an unknown zone. */
import type { VolumeTimes } from '../../../../contracts/volume-times.ts'
import { archiveTimes } from '../common/archive.ts'
import type { CentralRecord } from './directory.ts'

const NTFS = 0x000a
const UNIX = 0x5455

/** 100 ns from 1601-01-01 to 1970-01-01. */
const NTFS_EPOCH = 116_444_736_000_000_000n

export function memberTimes({ extra, dosDate, dosTime }: CentralRecord): VolumeTimes {
  const ntfs = extra.get(NTFS)
  if (ntfs && ntfs.length >= 32 && ntfs.readUInt16LE(4) === 1) {
    const [modified, accessed, born] = [8, 16, 24].map((at) => ntfsTime(ntfs.readBigUInt64LE(at)))
    return archiveTimes({
      modifiedNs: modified ?? null,
      accessedNs: accessed ?? null,
      bornNs: born ?? null,
      resolution: '100ns',
      zone: 'utc',
    })
  }
  const unix = extra.get(UNIX)
  if (unix && unix.length >= 5 && (unix[0] ?? 0) & 1)
    return archiveTimes({
      modifiedNs: BigInt(unix.readInt32LE(1)) * 1_000_000_000n,
      resolution: 's',
      zone: 'utc',
    })
  return archiveTimes({ modifiedNs: dosNs(dosDate, dosTime), resolution: '2s', zone: 'local-unknown' })
}

function ntfsTime(ticks: bigint): bigint | null {
  return ticks === 0n ? null : (ticks - NTFS_EPOCH) * 100n
}

/** Null: no such date. */
function dosNs(date: number, time: number): bigint | null {
  const [year, month, day] = [1980 + (date >> 9), (date >> 5) & 15, date & 31]
  if (month < 1 || month > 12 || day < 1) return null
  const ms = Date.UTC(year, month - 1, day, time >> 11, (time >> 5) & 63, (time & 31) * 2)
  return BigInt(ms) * 1_000_000n
}
