/** Times of FAT and exFAT: local clock, from 1980 on, two seconds, with hundredths where there is a field. */

/** @returns nanoseconds since 1970 on the local clock; null: not set; `implausible`: no such day or hour */
export function dosTime(date: number, time: number, hundredths = 0): bigint | null | 'implausible' {
  if (date === 0) return null
  const year = 1980 + (date >>> 9)
  const month = (date >>> 5) & 15
  const day = date & 31
  const hour = time >>> 11
  const minute = (time >>> 5) & 63
  const second = (time & 31) * 2
  const ms = Date.UTC(year, month - 1, day, hour, minute, second)
  const back = new Date(ms)
  const exists = back.getUTCMonth() === month - 1 && back.getUTCDate() === day
  if (!exists || hour > 23 || minute > 59 || second > 58 || hundredths > 199) return 'implausible'
  return BigInt(ms + hundredths * 10) * 1_000_000n
}
