/**
 * Parses a write-ahead log: the newest committed copy of each page. Frames of an older run of the log (different
 * salts) and frames behind the last commit are not applied to the file.
 *
 * @see https://www.sqlite.org/fileformat2.html, section 4
 */

const HEADER = 32
const FRAME_HEADER = 24

export type NumberedPage = readonly [number: number, page: Buffer]

export interface NewerPages {
  readonly pages: ReadonlyMap<number, Buffer>
  /** Pages of each transaction, in order. */
  readonly commits: readonly (readonly NumberedPage[])[]
  /** Frames of an older run of the log, already written back to the file. */
  readonly folded: readonly NumberedPage[]
  /** Count of committed frames. */
  readonly frames: number
  readonly left: number
}

/** @returns null when the bytes are not a log */
export function newerPages(log: Buffer): NewerPages | null {
  if (log.length < HEADER) return null
  const magic = log.readUInt32BE(0)
  if (magic !== 0x377f0682 && magic !== 0x377f0683) return null
  const pageSize = log.readUInt32BE(8)
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) return null
  const bigEndian = magic === 0x377f0683
  const salt = log.readBigUInt64BE(16)
  const isOfRun = (at: number) => log.readBigUInt64BE(at + 8) === salt
  let sum = checksum(log.subarray(0, 24), bigEndian, [0, 0])
  const pages = new Map<number, Buffer>()
  const commits: NumberedPage[][] = []
  let waiting: NumberedPage[] = []
  let frames = 0
  const step = FRAME_HEADER + pageSize
  let at = HEADER
  for (; at + step <= log.length && isOfRun(at); at += step) {
    sum = checksum(log.subarray(at, at + 8), bigEndian, sum)
    const page = log.subarray(at + FRAME_HEADER, at + step)
    sum = checksum(page, bigEndian, sum)
    if (log.readUInt32BE(at + 16) !== sum[0] || log.readUInt32BE(at + 20) !== sum[1]) break
    waiting.push([log.readUInt32BE(at), page])
    if (log.readUInt32BE(at + 4) === 0) continue
    for (const [number, newest] of waiting) pages.set(number, newest)
    frames += waiting.length
    commits.push(waiting)
    waiting = []
  }
  const folded: NumberedPage[] = []
  for (; at + step <= log.length; at += step)
    if (!isOfRun(at)) folded.push([log.readUInt32BE(at), log.subarray(at + FRAME_HEADER, at + step)])
  const there = Math.floor((log.length - HEADER) / step)
  return { pages, commits, folded, frames, left: there - frames }
}

function checksum(
  bytes: Buffer,
  bigEndian: boolean,
  [first, second]: readonly [number, number],
): [number, number] {
  const word = bigEndian ? (at: number) => bytes.readUInt32BE(at) : (at: number) => bytes.readUInt32LE(at)
  let [a, b] = [first, second]
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    a = (a + word(at) + b) >>> 0
    b = (b + word(at + 4) + a) >>> 0
  }
  return [a, b]
}

/** The file with the log applied. */
export function laidOver(file: Buffer, { pages }: NewerPages): Buffer {
  const [first] = pages.values()
  if (first === undefined) return file
  const size = first.length
  let last = 0
  for (const number of pages.keys()) last = Math.max(last, number)
  const whole = Buffer.alloc(Math.min(Math.max(file.length, last * size), file.length + pages.size * size))
  file.copy(whole)
  for (const [number, page] of pages) if (number * size <= whole.length) page.copy(whole, (number - 1) * size)
  return whole
}
