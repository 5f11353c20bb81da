/**
 * INTERPOL ICSE export: semicolons, a header, one flag "Baseline" that is the category.
 *
 * Flags appear as Y/N, Yes/No and True/False in one file. PhotoDNA is hex here (base64 in VICS); it is kept for export
 * and not compared.
 */
import { MD5, SHA1 } from '../records/algorithms.ts'
import type { Detection, HashSetFormat, ReadOptions } from '../records/format.ts'
import type { ListFile } from '../records/list-file.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import { columnNamed, digestColumn, firstRow, plainName, readTable } from './table.ts'

const TELLING = ['md5', 'imageid', 'isdistributed', 'baseline']
const FLAGS: Readonly<Record<string, string>> = {
  y: 'true',
  yes: 'true',
  t: 'true',
  true: 'true',
  n: 'false',
  no: 'false',
  f: 'false',
  false: 'false',
}

export const icse: HashSetFormat = {
  id: 'icse',
  title: 'INTERPOL ICSE CSV',

  detect(head: Buffer): Detection {
    const names = firstRow(head, ';')?.names.map(plainName) ?? []
    const matches = TELLING.every((name) => names.includes(name))
    return {
      matches,
      reason: matches
        ? 'a header with MD5, Image ID, Is distributed and Baseline, separated by semicolons'
        : 'the header is not that of an ICSE export',
    }
  },

  read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
    return readTable(file, options, {
      delimiter: ';',
      plan: (header) => ({
        names: header,
        digests: [...digestColumn(header, MD5, 'md5'), ...digestColumn(header, SHA1, 'sha1')],
        size: -1,
        category: columnNamed(header, 'baseline'),
        quality: -1,
      }),
      category: (text) => (text === '' ? null : (FLAGS[text.toLowerCase()] ?? text)),
    })
  },
}
