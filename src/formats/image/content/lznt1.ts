/** LZNT1, the compression of NTFS files (MS-XCA 2.5): chunks of 4 KiB, each on its own. */

const CHUNK = 4096
const COMPRESSED = 0x8000

/** @returns bytes decoded; zeros behind a chunk that ends early count, as the driver reads them */
export function decodeLznt1(stored: Buffer, target: Buffer): number {
  let from = 0
  let chunk = 0
  while (chunk < target.length) {
    const header = from + 2 <= stored.length ? stored.readUInt16LE(from) : 0
    // Zero ends the unit; the following bytes read as zeros.
    if (header === 0) break
    const end = from + 3 + (header & 0xfff)
    if (end > stored.length) return chunk
    const to = Math.min(target.length, chunk + CHUNK)
    if ((header & COMPRESSED) === 0)
      stored.copy(target, chunk, from + 2, Math.min(end, from + 2 + to - chunk))
    else {
      const at = inflate(stored, from + 2, end, target, chunk, to)
      if (at < 0) return -at - 1
    }
    from = end
    chunk = to
  }
  return target.length
}

/** @returns end offset in the target; −1 − that where a reference leaves the chunk */
function inflate(
  stored: Buffer,
  from: number,
  end: number,
  target: Buffer,
  begin: number,
  to: number,
): number {
  let at = begin
  let read = from
  // The place in the chunk decides how many bits of a reference are its distance: four, then one more at 17, 33, 65 …
  let lengthBits = 12
  let step = begin + 16
  while (read < end && at < to) {
    let flags = stored[read++] as number
    for (let item = 0; item < 8 && read < end && at < to; item++, flags >>= 1) {
      if ((flags & 1) === 0) {
        target[at++] = stored[read++] as number
        continue
      }
      if (read + 2 > end) return -1 - at
      const token = (stored[read] as number) | ((stored[read + 1] as number) << 8)
      read += 2
      while (at > step) {
        lengthBits--
        step = begin + (step - begin) * 2
      }
      const distance = (token >> lengthBits) + 1
      const stop = Math.min(to, at + (token & ((1 << lengthBits) - 1)) + 3)
      if (distance > at - begin) return -1 - at
      for (; at < stop; at++) target[at] = target[at - distance] as number
    }
  }
  return at
}
