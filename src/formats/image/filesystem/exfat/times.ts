/**
 * Times of an exFAT entry: two seconds, hundredths for two of them, and the clock's offset from UTC where it is stated.
 */
import type { VolumeTimes } from '../../../../contracts/volume-times.ts'
import { dosTime } from '../clusters/dos-time.ts'

const OFFSET_VALID = 0x80
const QUARTER_HOUR_NS = 15n * 60n * 1_000_000_000n

/**
 * With every time's offset stated, times are on UTC; with one missing, all are on the local clock.
 * @param file the 0x85 entry. @param notes gets `time-implausible`
 */
export function exfatTimes(file: Buffer, notes: string[]): VolumeTimes {
  const read = (at: number, hundredths: number) => {
    const value = dosTime(file.readUInt16LE(at + 2), file.readUInt16LE(at), hundredths)
    if (value !== 'implausible') return value
    if (!notes.includes('time-implausible')) notes.push('time-implausible')
    return null
  }
  const born = read(8, file.readUInt8(20))
  const modified = read(12, file.readUInt8(21))
  const accessed = read(16, 0)
  const offsets = [file.readUInt8(22), file.readUInt8(23), file.readUInt8(24)] as const
  const stated = offsets.every((offset) => (offset & OFFSET_VALID) !== 0)
  const onUtc = (ns: bigint | null, offset: number) =>
    ns === null || !stated ? ns : ns - BigInt(signed7(offset)) * QUARTER_HOUR_NS
  return {
    bornNs: onUtc(born, offsets[0]),
    modifiedNs: onUtc(modified, offsets[1]),
    accessedNs: onUtc(accessed, offsets[2]),
    changedNs: null,
    resolution: { modified: '10ms', changed: '10ms', accessed: '2s', born: '10ms' },
    zone: stated ? 'offset' : 'local-unknown',
  }
}

/** Seven bits with a sign, in quarters of an hour. */
function signed7(byte: number): number {
  const value = byte & 0x7f
  return value >= 64 ? value - 128 : value
}
