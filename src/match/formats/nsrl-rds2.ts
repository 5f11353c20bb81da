/**
 * NSRL RDS 2.x text, NSRLFile.txt: quoted, with one of two headers. Not always valid UTF-8.
 *
 * Its only meaning is "known": it also lists hacking tools, and no illicit pictures.
 */
import { MD5, SHA1 } from '../records/algorithms.ts'
import type { Detection, HashSetFormat, ReadOptions } from '../records/format.ts'
import type { ListFile } from '../records/list-file.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import { columnNamed, digestColumn, firstRow, readTable } from './table.ts'

const HEADERS = [
  ['2.x', 'SHA-1,MD5,CRC32,FileName,FileSize,ProductCode,OpSystemCode,SpecialCode'],
  ['1.5', 'SHA-1,FileName,FileSize,ProductCode,OpSystemCode,MD4,MD5,CRC32,SpecialCode'],
] as const

export const nsrlRds2: HashSetFormat = {
  id: 'nsrl-rds2',
  title: 'NSRL RDS 1.5 and 2.x text (NSRLFile.txt)',

  detect(head: Buffer): Detection {
    const header = firstRow(head, ',')?.names.join() ?? ''
    const found = HEADERS.find(([, names]) => names.toLowerCase() === header.toLowerCase())
    return {
      matches: found !== undefined,
      reason:
        found === undefined ? 'the header is not that of NSRLFile.txt' : `the header of NSRL RDS ${found[0]}`,
    }
  },

  read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
    return readTable(file, options, {
      delimiter: ',',
      plan: (header) => ({
        names: header,
        digests: [...digestColumn(header, MD5, 'md5'), ...digestColumn(header, SHA1, 'sha1')],
        size: columnNamed(header, 'filesize'),
        category: -1,
        quality: -1,
      }),
    })
  },
}
