/** Facts that an NTFS volume states: label, version, clean unmount. */
import type { StatedField } from '../../../../contracts/image.ts'
import type { Geometry } from './boot.ts'
import type { Mft } from './mft.ts'
import { attributesOf, isRecord, TYPE } from './record.ts'
import { wtf8 } from './text.ts'

const VOLUME = 3

export function stated(
  mft: Mft,
  geometry: Geometry,
): { readonly label: string; readonly fields: readonly StatedField[] } {
  const fields: StatedField[] = [
    { name: 'serial', value: geometry.serial },
    { name: 'recordBytes', value: `${geometry.recordBytes}` },
    { name: 'records', value: `${mft.count}` },
  ]
  let label = ''
  const record = mft.record(VOLUME)
  if (record && isRecord(record)) {
    for (const { type, nonresident, valueAt, end } of attributesOf(record).attributes) {
      if (nonresident) continue
      if (type === TYPE.volumeName) label = wtf8(record.subarray(valueAt, end)).toString('utf8')
      if (type === TYPE.volumeInformation && end - valueAt >= 12) {
        fields.push({ name: 'version', value: `${record[valueAt + 8]}.${record[valueAt + 9]}` })
        fields.push({ name: 'dirty', value: (record.readUInt16LE(valueAt + 10) & 1) === 1 ? 'yes' : 'no' })
      }
    }
  }
  return { label, fields }
}
