/** SQLite: number and size of the pages from the header. */
import type { Carver } from '../common/carver.ts'
import { Window } from '../common/window.ts'

const SIGNATURE = 'SQLite format 3\0'
/** Kinds of the first page's tree: table, inner or leaf. */
const TABLE_PAGES = [5, 13]

export const SQLITE: Carver = {
  name: 'sqlite',
  mediaType: 'application/vnd.sqlite3',
  begins: (head) => head.toString('latin1', 0, 16) === SIGNATURE && pageBytes(head) > 0,
  lengthOf(medium, offset, maxBytes) {
    const file = new Window(medium, offset, maxBytes)
    const header = file.bytes(0, 104)
    if (!header || !TABLE_PAGES.includes(header.readUInt8(100))) return null
    const page = pageBytes(header)
    if (page === 0) return null
    const pages = header.readUInt32BE(28)
    // The number of pages counts only while the two change counters agree (file format, 1.3.8).
    const isKept = pages > 0 && header.readUInt32BE(24) === header.readUInt32BE(92)
    if (!isKept) return { length: Math.min(file.sizeBytes, page), complete: false }
    const length = page * pages
    return length <= file.sizeBytes ? { length, complete: true } : { length: file.sizeBytes, complete: false }
  },
}

/** 0 when it is no header. */
function pageBytes(header: Buffer): number {
  if (header.length < 24) return 0
  const stored = header.readUInt16BE(16)
  const size = stored === 1 ? 65_536 : stored
  const fractions = header[21] === 64 && header[22] === 32 && header[23] === 32
  return fractions && size >= 512 && (size & (size - 1)) === 0 ? size : 0
}
