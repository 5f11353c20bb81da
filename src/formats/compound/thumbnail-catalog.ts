/**
 * Reads thumbnails of a folder (Thumbs.db), with the names and times of the original files. The originals may be
 * deleted.
 *
 * Catalog: a header of 16 bytes with the count at 4. A row for each picture follows: length, number, modified time of
 * the file, and its name in UTF-16. The stream of a picture has its number as name, with the digits reversed. In
 * Vista the name consists of size and digest.
 * @see Quick, Tassone and Choo, "Forensic analysis of Windows thumbcache files", 2014
 */

export interface CatalogEntry {
  readonly stream: string
  readonly name: string
  /** Windows file time. */
  readonly modified: bigint
}

const HEADER_BYTES = 16
const MAX_ENTRIES = 100_000

export function catalogEntries(catalog: Buffer): ReadonlyMap<string, CatalogEntry> {
  const entries = new Map<string, CatalogEntry>()
  let at = catalog.length >= HEADER_BYTES ? Math.max(HEADER_BYTES, catalog.readUInt16LE(0)) : catalog.length
  while (at + 20 <= catalog.length && entries.size < MAX_ENTRIES) {
    const length = catalog.readUInt32LE(at)
    if (length < 20 || length > catalog.length - at) break
    const stream = [...String(catalog.readUInt32LE(at + 4))].reverse().join('')
    const name = catalog.toString('utf16le', at + 16, at + length).replace(/\0.*$/s, '')
    entries.set(stream, { stream, name, modified: catalog.readBigUInt64LE(at + 8) })
    at += length
  }
  return entries
}

/** Longest header that Windows writes before a picture: 12, 16 and 24 bytes occur. */
const MOST_HEADER = 64
const STARTS = [
  Buffer.from('ffd8ff', 'hex'),
  Buffer.from('89504e470d0a1a0a', 'hex'),
  Buffer.from('424d', 'hex'),
]

/** The picture in a stream; null when the stream starts with no known picture format. */
export function thumbnailIn(stream: Buffer): Buffer | null {
  const found = STARTS.map((mark) => stream.subarray(0, MOST_HEADER).indexOf(mark)).filter((at) => at !== -1)
  return found.length > 0 ? stream.subarray(Math.min(...found)) : null
}
