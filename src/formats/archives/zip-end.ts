/**
 * Finds the end of a ZIP archive when other data follows it. The end record is then not at the end of the file, and a
 * reader that looks only there finds no directory. @see APPNOTE.TXT 6.3.10, 4.3.16
 */
import type { ByteSource } from '../bytes/byte-source.ts'
import { endRecordIn } from '../signatures/appended.ts'

const CENTRAL = 0x02014b50
/** About twice the maximum size of an end record with comment, so that each record lies whole in one window. */
const WINDOW_BYTES = 128 << 10
const STEP_BYTES = 64 << 10

/**
 * @returns the offset behind the last end record with a directory at the stated offset; null: no such record, or it
 *   ends the file
 */
export function endOfZip(source: ByteSource): number | null {
  for (let to = source.sizeBytes; to > 0; to -= STEP_BYTES) {
    const from = Math.max(0, to - WINDOW_BYTES)
    const window = source.read(from, to - from)
    const record = endRecordIn(window, to)
    if (record !== null) {
      const recordAt = from + record.at
      const directory = source.read(recordAt - record.directoryBytes, 4)
      const end = recordAt + record.length
      if (directory.length === 4 && directory.readUInt32LE(0) === CENTRAL)
        return end < source.sizeBytes ? end : null
    }
    if (from === 0) return null
  }
  return null
}
