/**
 * LZVN, a fast compression of macOS for small files. One byte gives the number of literal bytes, the length of a match
 * and the form of its distance.
 * Facts: Apple's reference decoder (github.com/lzfse/lzfse, `lzvn_decode_base.c`).
 */

const LONGER_THAN_SHORT = 16

/** @returns bytes decoded into `target`; all of it unless `stored` is damaged, too short or too long */
export function decodeLzvn(stored: Buffer, target: Buffer): number {
  return lzvnAt(stored, 0, stored.length, target, 0, target.length)
}

/**
 * A stream inside another one (LZFSE): matches may reach back to the beginning of `target`.
 * @param at offset in the target of its first byte
 * @param stop offset in the target of its end
 * @returns end offset: `stop`, unless the stream is damaged, too short or too long
 */
export function lzvnAt(
  stored: Buffer,
  from: number,
  to: number,
  target: Buffer,
  at: number,
  stop: number,
): number {
  let read = from
  let distance = 0
  while (at < stop && read < to) {
    const code = stored[read] as number
    let literals = code >> 6
    let match = ((code >> 3) & 7) + 3
    let length = 1
    if (code >= 0xf0) {
      literals = 0
      match = code & 15
      if (match === 0) {
        match = (stored[read + 1] ?? 0) + LONGER_THAN_SHORT
        length = 2
      }
    } else if (code >= 0xe0) {
      match = 0
      literals = code & 15
      if (literals === 0) {
        literals = (stored[read + 1] ?? 0) + LONGER_THAN_SHORT
        length = 2
      }
    } else if (code >= 0xd0 || (code & 0xf0) === 0x70) return at
    else if ((code & 0xe0) === 0xa0) {
      const more = (stored[read + 1] ?? 0) | ((stored[read + 2] ?? 0) << 8)
      literals = (code >> 3) & 3
      match = (((code & 7) << 2) | (more & 3)) + 3
      distance = more >> 2
      length = 3
    } else if ((code & 7) === 7) {
      distance = (stored[read + 1] ?? 0) | ((stored[read + 2] ?? 0) << 8)
      length = 3
    } else if ((code & 7) !== 6) {
      distance = ((code & 7) << 8) | (stored[read + 1] ?? 0)
      length = 2
    } else if (code < 0x40) {
      // These two codes have no meaning, 0x06 ends the stream, the others do not exist.
      if (code === 0x0e || code === 0x16) {
        read++
        continue
      }
      return at
    }
    read += length
    if (read + literals > to || at + literals + match > stop) return at
    for (const end = at + literals; at < end; ) target[at++] = stored[read++] as number
    if (match > 0 && (distance === 0 || distance > at)) return at
    for (const end = at + match; at < end; at++) target[at] = target[at - distance] as number
  }
  return at
}
