/** PDQ hashes as the reference's tools print them: 64 hex digits, a quality, and perhaps a file's name. */
import { PDQ } from '../records/algorithms.ts'
import type { Detection, HashSetFormat, ReadOptions } from '../records/format.ts'
import type { ListFile } from '../records/list-file.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import { namesOtherDigest } from './csv.ts'
import { readTable, type Table } from './table.ts'
import { wholeLines } from './text-lines.ts'

const LINE = /^[0-9a-f]{64},(?:\d|[1-9]\d|100)(?:,|$)/i

export const pdqList: HashSetFormat = {
  id: 'pdq',
  title: 'PDQ hashes with quality',

  detect(head: Buffer, fileSize: number): Detection {
    if (namesOtherDigest(head)) return { matches: false, reason: 'its heading names another digest than PDQ' }
    const matches = wholeLines(head, fileSize).some((line) => LINE.test(line))
    return {
      matches,
      reason: matches
        ? 'lines of 64 hex digits and a quality from 0 to 100, as PDQ tools print'
        : 'no line is 64 hex digits and a quality',
    }
  },

  read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
    return readTable(file, options, TABLE)
  },
}

const TABLE: Table = {
  delimiter: ',',
  header: false,
  plan: (row) => ({
    names: ['hash', 'quality', ...row.slice(2).map((_, i) => (i === 0 ? 'name' : `column ${i + 3}`))],
    digests: [{ column: 0, place: PDQ }],
    size: -1,
    category: -1,
    quality: 1,
  }),
}
