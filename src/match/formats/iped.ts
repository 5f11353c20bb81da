/**
 * IPED's hash CSV: columns named by algorithm, and property columns whose values are joined by `|`.
 *
 * The property "status" is the category. IPED's word for illegal material is not repeated: it reads `illegal` here.
 */
import { ED2K, MD5, SHA1, SHA256 } from '../records/algorithms.ts'
import type { Detection, HashSetFormat, ReadOptions } from '../records/format.ts'
import type { ListFile } from '../records/list-file.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import { columnNamed, digestColumn, firstRow, plainName, readTable, type TablePlan } from './table.ts'

/** Gravest first: of several values the first in this order counts. */
const STATUSES: readonly (readonly [string, string])[] = [
  ['pedo', 'illegal'],
  ['illegal', 'illegal'],
  ['alert', 'alert'],
  ['known', 'known'],
]
const PROPERTY = /^(?:vic|nsrl|icse|caid)[A-Z]/

export const iped: HashSetFormat = {
  id: 'iped',
  title: 'IPED hash CSV',

  detect(head: Buffer): Detection {
    const names = firstRow(head)?.names ?? []
    const properties = names.filter(
      (name) => PROPERTY.test(name) || ['status', 'set', 'photodna'].includes(plainName(name)),
    )
    const matches = properties.length > 0 && planOf(names).digests.length > 0
    return {
      matches,
      reason: matches
        ? `a header with digests and IPED's properties (${properties.join(', ')})`
        : 'the header has no property columns as IPED writes them',
    }
  },

  read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
    const delimiter = firstRow(file.head())?.delimiter ?? ','
    return readTable(file, options, { delimiter, plan: planOf, category: statusOf })
  },
}

function planOf(header: readonly string[]): TablePlan {
  return {
    names: header,
    digests: [
      ...digestColumn(header, MD5, 'md5'),
      ...digestColumn(header, SHA1, 'sha1'),
      ...digestColumn(header, SHA256, 'sha256'),
      ...digestColumn(header, ED2K, 'edonkey'),
    ],
    size: -1,
    category: columnNamed(header, 'status'),
    quality: -1,
  }
}

function statusOf(text: string): string | null {
  if (text === '') return null
  const values = text.split('|').map((value) => value.trim().toLowerCase())
  return STATUSES.find(([status]) => values.includes(status))?.[1] ?? text
}
