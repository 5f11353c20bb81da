/**
 * A write-ahead log: the newest committed copy of each page. Frames of an older run of the log, whose salts differ, and what comes
 * after the last commit are not laid over the file.
 *
 * @see https://www.sqlite.org/fileformat2.html, section 4
 */

const HEADER = 32
const FRAME_HEADER = 24

export interface NewerPages {
  readonly pages: ReadonlyMap<number, Buffer>
  /** Committed ones. */
  readonly frames: number
  readonly left: number
}

/** @returns null for what is no log */
export function newerPages(log: Buffer): NewerPages | null {
  if (log.length < HEADER) return null
  const magic = log.readUInt32BE(0)
  if (magic !== 0x377f0682 && magic !== 0x377f0683) return null
  const pageSize = log.readUInt32BE(8)
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) return null
  const bigEndian = magic === 0x377f0683
  const [salt1, salt2] = [log.readUInt32BE(16), log.readUInt32BE(20)]
  let sum = checksum(log.subarray(0, 24), bigEndian, [0, 0])
  const pages = new Map<number, Buffer>()
  let waiting: [number, Buffer][] = []
  let frames = 0
  let all = 0
  for (let at = HEADER; at + FRAME_HEADER + pageSize <= log.length; at += FRAME_HEADER + pageSize) {
    all++
    if (log.readUInt32BE(at + 8) !== salt1 || log.readUInt32BE(at + 12) !== salt2) break
    sum = checksum(log.subarray(at, at + 8), bigEndian, sum)
    const page = log.subarray(at + FRAME_HEADER, at + FRAME_HEADER + pageSize)
    sum = checksum(page, bigEndian, sum)
    if (log.readUInt32BE(at + 16) !== sum[0] || log.readUInt32BE(at + 20) !== sum[1]) break
    waiting.push([log.readUInt32BE(at), page])
    if (log.readUInt32BE(at + 4) === 0) continue
    for (const [number, newest] of waiting) pages.set(number, newest)
    frames += waiting.length
    waiting = []
  }
  const there = Math.floor((log.length - HEADER) / (FRAME_HEADER + pageSize))
  return { pages, frames, left: Math.max(there, all) - frames }
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

/** The file as it is with the log folded in. */
export function laidOver(file: Buffer, { pages }: NewerPages): Buffer {
  const [first] = pages.values()
  if (first === undefined) return file
  const size = first.length
  const last = Math.max(...pages.keys())
  const whole = Buffer.alloc(Math.min(Math.max(file.length, last * size), file.length + pages.size * size))
  file.copy(whole)
  for (const [number, page] of pages) if (number * size <= whole.length) page.copy(whole, (number - 1) * size)
  return whole
}
