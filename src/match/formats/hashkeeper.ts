/**
 * HashKeeper .hsh: a quoted table with MD5 in the column "hash". The companion .hke describes the set and is not read.
 */
import { MD5 } from '../records/algorithms.ts'
import type { Detection, HashSetFormat, ReadOptions } from '../records/format.ts'
import type { ListFile } from '../records/list-file.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import { columnNamed, digestColumn, firstRow, readTable } from './table.ts'

const FIRST_COLUMNS = 'file_id,hashset_id,file_name,directory,hash,file_size'

export const hashkeeper: HashSetFormat = {
  id: 'hashkeeper',
  title: 'HashKeeper .hsh',

  detect(head: Buffer): Detection {
    const header = firstRow(head, ',')?.names.join().toLowerCase() ?? ''
    const matches = header.startsWith(FIRST_COLUMNS)
    return { matches, reason: `the header ${matches ? 'begins' : 'does not begin'} with ${FIRST_COLUMNS}` }
  },

  read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
    return readTable(file, options, {
      delimiter: ',',
      plan: (header) => ({
        names: header,
        digests: digestColumn(header, MD5, 'hash'),
        size: columnNamed(header, 'filesize'),
        category: -1,
        quality: -1,
      }),
    })
  },
}
