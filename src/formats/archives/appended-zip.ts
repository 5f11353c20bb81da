/** Finds a ZIP archive appended to a picture, a video, a PDF or a program, and opens it as a container. */

import { TAIL_BYTES } from '../../media-types/sample.ts'
import { type ByteSource, sliceOf } from '../bytes/byte-source.ts'
import { endRecordIn } from '../signatures/appended.ts'

export interface AppendedZip {
  /** Only the archive: yauzl accepts no bytes before or behind it. */
  readonly source: ByteSource
  /** Offset of the first member in the whole content. */
  readonly startsAt: number
  readonly endsAt: number
}

const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const CENTRAL_BYTES = 46

/** @returns null when there is no archive, or when the end record points to a directory that does not exist */
export function appendedZip(whole: ByteSource): AppendedZip | null {
  const { sizeBytes } = whole
  const tail = whole.read(Math.max(0, sizeBytes - TAIL_BYTES), Math.min(TAIL_BYTES, sizeBytes))
  const record = endRecordIn(tail, sizeBytes)
  if (record === null) return null
  const recordAt = sizeBytes - tail.length + record.at
  const directoryAt = recordAt - record.directoryBytes
  const begins = directoryAt - record.directoryOffset
  const first = whole.read(directoryAt, CENTRAL_BYTES)
  if (first.length < CENTRAL_BYTES || first.readUInt32LE(0) !== CENTRAL) return null
  const startsAt = begins + first.readUInt32LE(42)
  const local = startsAt <= directoryAt ? whole.read(startsAt, 4) : Buffer.alloc(0)
  if (local.length < 4 || local.readUInt32LE(0) !== LOCAL) return null
  const ends = recordAt + record.length
  return { startsAt, endsAt: ends, source: sliceOf(whole, begins, ends) }
}
