/**
 * Decompresses Snappy and LZ4 blocks. Both formats copy from their own output; the expected length limits every copy.
 *
 * @see Google, "Snappy compressed format description", 2011; Y. Collet, "LZ4 Block Format Description"
 */

/** @returns null when the bytes are not a block of at most `atMost` bytes */
export function unsnappy(input: Buffer, atMost: number): Buffer | null {
  let at = 0
  let length = 0
  for (let shift = 0; ; shift += 7) {
    const byte = input[at++]
    if (byte === undefined || shift > 28) return null
    length += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) break
  }
  if (length > atMost) return null
  const out = Buffer.alloc(length)
  let done = 0
  while (at < input.length) {
    const tag = input[at++]!
    let count: number
    let distance = 0
    if ((tag & 3) === 0) {
      count = tag >> 2
      if (count >= 60) {
        const extra = count - 59
        if (at + extra > input.length) return null
        count = input.readUIntLE(at, extra)
        at += extra
      }
      count++
      if (at + count > input.length || done + count > length) return null
      input.copy(out, done, at, at + count)
      at += count
      done += count
      continue
    }
    const bytes = (tag & 3) === 3 ? 4 : tag & 3
    if (at + bytes > input.length) return null
    distance = input.readUIntLE(at, bytes)
    if (bytes === 1) distance += (tag >> 5) << 8
    count = bytes === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1
    at += bytes
    if (!repeat(out, done, distance, count)) return null
    done += count
  }
  return done === length ? out : null
}

/** @returns null when the bytes are not a block of at most `atMost` bytes */
export function unlz4(input: Buffer, atMost: number): Buffer | null {
  const out = Buffer.alloc(atMost)
  let at = 0
  let done = 0
  const more = (start: number): number | null => {
    let count = start
    if (start !== 15) return count
    for (;;) {
      const byte = input[at++]
      if (byte === undefined) return null
      count += byte
      if (byte !== 255) return count
    }
  }
  while (at < input.length) {
    const token = input[at++]!
    const literals = more(token >> 4)
    if (literals === null || at + literals > input.length || done + literals > atMost) return null
    input.copy(out, done, at, at + literals)
    at += literals
    done += literals
    if (at >= input.length) break
    if (at + 2 > input.length) return null
    const distance = input.readUInt16LE(at)
    at += 2
    const count = more(token & 15)
    if (count === null || !repeat(out, done, distance, count + 4)) return null
    done += count + 4
  }
  return out.subarray(0, done)
}

/** Copies byte by byte when source and target overlap: both formats encode runs in this way. */
function repeat(out: Buffer, at: number, distance: number, count: number): boolean {
  if (distance === 0 || distance > at || at + count > out.length) return false
  if (distance >= count) out.copyWithin(at, at - distance, at - distance + count)
  else for (let index = 0; index < count; index++) out[at + index] = out[at + index - distance]!
  return true
}
