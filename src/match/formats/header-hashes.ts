/**
 * Lists with header hashes: digests of whole contents as in any list, and two further columns, MD5 of the first 512
 * bytes and of the first 64 KiB.
 * Any table reader reads the digests; the header hashes find pieces of contents in unallocated space.
 */
import type { KnownHeaderHash } from '../../contracts/hash-set.ts'
import { ListFile } from '../records/list-file.ts'
import { RecordBatch } from '../records/record-batch.ts'
import { readCsv } from './csv-rows.ts'
import { columnNamed, firstRow } from './table.ts'

export const BEGINNING_COLUMNS = ['md5', 'sha1', 'sha256', 'size', 'md5_512', 'md5_64k'] as const
const DIGEST = 16

export interface BeginningsRead {
  /** Of the list's file. */
  readonly sha256: string
  readonly beginnings: readonly KnownHeaderHash[]
  /** Rows without header hashes: contents under 512 bytes, and rows with other text in these columns. */
  readonly rowsWithout: number
}

/** Null when the list has no such columns. @throws UsageError when it cannot be opened */
export function readBeginningsOf(path: string): Promise<BeginningsRead | null> {
  return readBeginnings(new ListFile(path))
}

/** Null when the list has no such columns. */
export async function readBeginnings(file: ListFile): Promise<BeginningsRead | null> {
  const heading = headingOf(file)
  if (heading === null) return null
  const { columns, delimiter } = heading
  const beginnings: KnownHeaderHash[] = []
  let rowsWithout = 0
  let isHeader = true
  const rows = readCsv(file, new RecordBatch(), delimiter, (row) => {
    if (isHeader) {
      isHeader = false
      return
    }
    const digests = new Uint8Array(3 * DIGEST)
    const size = Number(row.text(columns.size))
    const hasLong = !row.isEmpty(columns.long)
    if (
      !row.decodeHex(columns.md5, digests, 0, DIGEST) ||
      !row.decodeHex(columns.short, digests, DIGEST, DIGEST) ||
      (hasLong && !row.decodeHex(columns.long, digests, 2 * DIGEST, DIGEST)) ||
      !Number.isSafeInteger(size) ||
      size < 512 ||
      size >= 65_536 !== hasLong
    ) {
      rowsWithout++
      return
    }
    beginnings.push({
      sizeBytes: size,
      md5: digests.subarray(0, DIGEST),
      md5Of512: digests.subarray(DIGEST, 2 * DIGEST),
      md5Of64k: hasLong ? digests.subarray(2 * DIGEST) : null,
    })
  })
  for await (const _batch of rows);
  return { sha256: await file.sha256(), beginnings, rowsWithout }
}

/** For a list that is compiled: the index has no header hashes. Null when the list has none either. */
export function withoutHeaderHashes(file: ListFile): string | null {
  return headingOf(file) === null
    ? null
    : 'The header hashes of this list are not in its index: to look for pieces of listed contents, give the list itself.'
}

/** Null: the first line does not name the columns. */
function headingOf(file: ListFile) {
  const first = firstRow(file.head())
  if (!first) return null
  const columns = {
    md5: columnNamed(first.names, 'md5', 'md5hash'),
    size: columnNamed(first.names, 'size', 'filesize', 'filelength'),
    short: columnNamed(first.names, 'md5512'),
    long: columnNamed(first.names, 'md564k'),
  }
  return Object.values(columns).includes(-1) ? null : { columns, delimiter: first.delimiter }
}
