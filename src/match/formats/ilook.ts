/** iLook: three generations of one table; the column that names the generation contains MD5. */
import { MD5, SHA1, SHA256 } from '../records/algorithms.ts'
import type { Detection, HashSetFormat, ReadOptions } from '../records/format.ts'
import type { ListFile } from '../records/list-file.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import { columnNamed, digestColumn, firstRow, readTable } from './table.ts'

const GENERATION = /^V([134])Hash$/i

export const ilook: HashSetFormat = {
  id: 'ilook',
  title: 'iLook hash set (V1, V3, V4)',

  detect(head: Buffer): Detection {
    const generation = GENERATION.exec(firstRow(head, ',')?.names[0] ?? '')
    return {
      matches: generation !== null,
      reason:
        generation === null
          ? 'the first column is not V1Hash, V3Hash or V4Hash'
          : `a header of iLook generation ${generation[1]}`,
    }
  },

  read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
    return readTable(file, options, {
      delimiter: ',',
      plan: (header) => ({
        names: header,
        digests: [
          ...digestColumn(header, MD5, 'v1hash', 'v3hash', 'v4hash'),
          ...digestColumn(header, SHA1, 'hashsha1'),
          ...digestColumn(header, SHA256, 'hashsha256'),
        ],
        size: columnNamed(header, 'filesize'),
        category: -1,
        quality: -1,
      }),
    })
  },
}
