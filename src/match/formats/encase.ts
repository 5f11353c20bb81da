/**
 * EnCase .hash: binary, a header of 0x480 bytes, then 18 bytes a record: an MD5 digest and two zeros.
 *
 * The header states the number of records; a file with fewer is truncated and refused.
 */
import { UsageError } from '../../base/errors.ts'
import { MD5 } from '../records/algorithms.ts'
import type { Detection, HashSetFormat, ReadOptions } from '../records/format.ts'
import type { ListFile } from '../records/list-file.ts'
import { RecordBatch } from '../records/record-batch.ts'

const MAGIC = Buffer.from([0x48, 0x41, 0x53, 0x48, 0x0d, 0x0a, 0xff, 0x00])
const COUNT_AT = 0x10
const NAME_AT = 0x408
const NAME_BYTES = 0x50
const RECORDS_AT = 0x480
const RECORD_BYTES = 18

export const encase: HashSetFormat = {
  id: 'encase',
  title: 'EnCase .hash',

  detect(head: Buffer): Detection {
    const matches = head.subarray(0, MAGIC.length).equals(MAGIC)
    return { matches, reason: `the file ${matches ? 'begins' : 'does not begin'} with EnCase's signature` }
  },

  async *read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
    const batch = new RecordBatch()
    let header: Buffer | null = null
    let rest: Buffer = Buffer.alloc(0)
    let records = 0
    for await (const piece of file.raw()) {
      let bytes = Buffer.concat([rest, piece])
      if (header === null && bytes.length >= RECORDS_AT) {
        header = bytes.subarray(0, RECORDS_AT)
        checkCount(header, file.sizeBytes)
        const name = textOf(header.subarray(NAME_AT, NAME_AT + NAME_BYTES))
        if (name !== '') options.onFacts?.({ name })
        bytes = bytes.subarray(RECORDS_AT)
      }
      let at = 0
      if (header !== null) {
        for (; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
          records++
          if (bytes[at + 16] !== 0 || bytes[at + 17] !== 0) {
            batch.reject(records, 'the digest is not followed by two zero bytes')
          } else {
            batch.digests.set(bytes.subarray(at, at + MD5.bytes), batch.offset(MD5))
            batch.keep(records, MD5.bit, Number.NaN, null, null)
          }
          if (batch.full) {
            yield batch
            batch.clear()
          }
        }
      }
      rest = bytes.subarray(at)
    }
    if (header === null) throw new UsageError('The EnCase list ends inside its header: it is truncated.')
    if (batch.rows > 0) yield batch
  },
}

function checkCount(header: Buffer, sizeBytes: number): void {
  const stated = header.readUInt32LE(COUNT_AT)
  const held = (sizeBytes - RECORDS_AT) / RECORD_BYTES
  if (stated !== held) {
    throw new UsageError(
      `The EnCase list states ${stated} records at byte ${COUNT_AT} and has room for ${Math.floor(held * 100) / 100}: it is truncated or damaged.`,
    )
  }
}

/** UTF-16 up to the first zero. */
function textOf(bytes: Buffer): string {
  return bytes.toString('utf16le').split('\0')[0]!.trim()
}
