/**
 * Reads any other table with digests: by the names in its header, or by a saved column map.
 *
 * A table without header is read only when exactly one column contains hex digits.
 */
import { readFileSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'
import { algorithmNamed, BLAKE3, ED2K, MD5, PDQ, SHA1, SHA256 } from '../records/algorithms.ts'
import { KNOWN_ALTERNATIVE, type WantedAlternatives } from '../records/alternative-hashes.ts'
import type { ColumnMap, Detection, HashSetFormat, ReadOptions } from '../records/format.ts'
import type { ListFile } from '../records/list-file.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import {
  columnNamed,
  type DigestColumn,
  digestColumn,
  firstRow,
  plainName,
  readTable,
  type TablePlan,
} from './table.ts'

export const csv: HashSetFormat = {
  id: 'csv',
  title: 'Table of comma-, semicolon- or tab-separated columns',

  detect(head: Buffer, _size: number, _path: string, alternatives?: WantedAlternatives): Detection {
    const row = firstRow(head)
    if (row === null) return { matches: false, reason: 'the first line is no row of a table' }
    const plan = planByNames(row.names, alternatives)
    if (holdsAny(plan)) {
      const columns = [...plan.digests, ...plan.alternatives!]
        .map(({ column }) => row.names[column])
        .join(', ')
      return { matches: true, reason: `a table whose header names a digest (${columns})` }
    }
    const column = loneDigestColumn(row.names)
    return column === -1
      ? { matches: false, reason: 'the first line names no column of digests and holds no single digest' }
      : { matches: true, reason: `a table without header that has a digest in column ${column + 1}` }
  },

  read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
    const first = firstRow(file.head(), options.columns?.delimiter)
    const delimiter = first?.delimiter ?? ','
    if (options.columns !== undefined) {
      const { columns: map } = options
      return readTable(file, options, {
        delimiter,
        header: map.header !== false,
        plan: (row) => planByMap(row, map),
      })
    }
    const { alternatives } = options
    const hasHeader = first === null || holdsAny(planByNames(first.names, alternatives))
    return readTable(file, options, {
      delimiter,
      header: hasHeader,
      plan: (row) => (hasHeader ? planByNames(row, alternatives) : planByContent(row)),
    })
  },
}

/** @throws UsageError when the file is no column map */
export function readColumnMap(file: string): ColumnMap {
  let map: ColumnMap
  try {
    map = JSON.parse(readFileSync(file, 'utf8')) as ColumnMap
  } catch (cause) {
    throw new UsageError(`The column map ${file} could not be read: ${(cause as Error).message}.`, { cause })
  }
  const problem = problemOf(map)
  if (problem !== null) throw new UsageError(`The column map ${file} is not usable: ${problem}.`)
  return map
}

/** Whether the first line of a file is a heading that names a digest other than PDQ: its 64 digits are then no PDQ hashes. */
export function namesOtherDigest(head: Buffer): boolean {
  const { digests } = planByNames(firstRow(head)?.names ?? [])
  return digests.some(({ place }) => place !== null && place !== PDQ)
}

function holdsAny({ digests, alternatives = [] }: TablePlan): boolean {
  return digests.length > 0 || alternatives.length > 0
}

function planByNames(header: readonly string[], wanted?: WantedAlternatives): TablePlan {
  const named = [
    ...digestColumn(header, MD5, 'md5', 'md5hash', 'hashmd5', 'md5sum', 'md5digest'),
    ...digestColumn(header, SHA1, 'sha1', 'sha1hash', 'hashsha1', 'sha1sum', 'sha1digest'),
    ...digestColumn(header, SHA256, 'sha256', 'sha256hash', 'hashsha256', 'sha256sum', 'sha2256'),
    ...digestColumn(header, BLAKE3, 'blake3', 'blake3hash', 'b3'),
    ...digestColumn(header, ED2K, 'ed2k', 'ed2khash', 'edonkey', 'edonkeyhash'),
    ...digestColumn(header, PDQ, 'pdq', 'pdqhash', 'hashpdq'),
  ]
  return {
    names: header,
    digests: named.length > 0 ? named : digestColumn(header, null, 'hash', 'digest', 'hashvalue', 'filehash'),
    size: columnNamed(header, 'size', 'filesize', 'mediasize', 'bytes', 'sizebytes', 'logicalsize'),
    category: columnNamed(header, 'category', 'categoryid', 'mediacategory'),
    quality: columnNamed(header, 'quality', 'pdqquality'),
    alternatives: alternativeColumns(header, wanted),
  }
}

function alternativeColumns(header: readonly string[], wanted: WantedAlternatives | undefined) {
  if (wanted === undefined) return []
  const names = new Set([KNOWN_ALTERNATIVE, ...(wanted === 'all' ? [] : wanted.keys())].map(plainName))
  return header.flatMap((name, column) => (names.has(plainName(name)) ? [{ column, name: name.trim() }] : []))
}

function planByContent(row: readonly string[]): TablePlan {
  const digests = [{ column: loneDigestColumn(row), place: null }]
  return { names: row.map((_, i) => `${i + 1}`), digests, size: -1, category: -1, quality: -1 }
}

function loneDigestColumn(row: readonly string[]): number {
  const isDigest = (text: string) => /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text.trim())
  const column = row.findIndex(isDigest)
  return row.length > 1 && row.filter(isDigest).length === 1 ? column : -1
}

function planByMap(row: readonly string[], { columns, header }: ColumnMap): TablePlan {
  const names = header === false ? row.map((_, i) => `${i + 1}`) : row
  const position = (wanted: string | number | undefined): number => {
    if (wanted === undefined) return -1
    const column =
      typeof wanted === 'number'
        ? wanted - 1
        : names.findIndex((name) => name.trim().toLowerCase() === wanted.trim().toLowerCase())
    if (column < 0 || column >= names.length) {
      throw new UsageError(
        `The column map names a column "${wanted}" that the list does not have: ${names.join(', ')}.`,
      )
    }
    return column
  }
  const digests = Object.entries(columns).flatMap(([what, wanted]): DigestColumn[] => {
    if (what === 'hash') return [{ column: position(wanted), place: null }]
    const place = algorithmNamed(what)
    return place === undefined ? [] : [{ column: position(wanted), place }]
  })
  return {
    names,
    digests,
    size: position(columns.size),
    category: position(columns.category),
    quality: position(columns.quality),
  }
}

const OTHER_PARTS = new Set(['hash', 'size', 'category', 'quality'])

function problemOf(map: unknown): string | null {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return 'it is not a JSON object'
  const { columns, delimiter, header } = map as Record<string, unknown>
  if (typeof columns !== 'object' || columns === null) return '"columns" is not an object'
  for (const [what, wanted] of Object.entries(columns)) {
    if (!OTHER_PARTS.has(what) && algorithmNamed(what) === undefined)
      return `"${what}" is nothing a column can hold`
    if (typeof wanted !== 'string' && !(Number.isInteger(wanted) && (wanted as number) > 0)) {
      return `column "${what}" is neither a name nor a number from 1`
    }
  }
  if (delimiter !== undefined && (typeof delimiter !== 'string' || delimiter.length !== 1)) {
    return '"delimiter" is not one character'
  }
  return header === undefined || typeof header === 'boolean' ? null : '"header" is neither true nor false'
}
