/** GIF: tables of colours, then images and extensions in blocks of at most 255 bytes, to the trailer. */
import type { Carver } from '../common/carver.ts'
import { Window } from '../common/window.ts'

const IMAGE = 0x2c
const EXTENSION = 0x21
const TRAILER = 0x3b

export const GIF: Carver = {
  name: 'gif',
  mediaType: 'image/gif',
  begins: (head) =>
    /^GIF8[79]a$/.test(head.toString('latin1', 0, 6)) &&
    head.length >= 13 &&
    head.readUInt16LE(6) > 0 &&
    head.readUInt16LE(8) > 0,
  lengthOf(medium, offset, maxBytes) {
    const file = new Window(medium, offset, maxBytes)
    const flags = file.u8(10)
    if (flags === null) return null
    let at = 13 + tableBytes(flags)
    let images = 0
    for (;;) {
      const kind = file.u8(at)
      if (kind === TRAILER) return images > 0 ? { length: at + 1, complete: true } : null
      let data = -1
      if (kind === EXTENSION) data = at + 2
      else if (kind === IMAGE) {
        const local = file.u8(at + 9)
        const codeBits = local === null ? null : file.u8(at + 10 + tableBytes(local))
        if (local === null || codeBits === null || codeBits < 2 || codeBits > 11) break
        data = at + 11 + tableBytes(local)
      }
      const end = data < 0 ? -1 : endOfBlocks(file, data)
      if (end < 0) break
      if (kind === IMAGE) images++
      at = end
    }
    return images > 0 ? { length: Math.min(at, file.sizeBytes), complete: false } : null
  },
}

function tableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

/** Offset behind the empty block; −1 where the room ends before it. */
function endOfBlocks(file: Window, from: number): number {
  for (let at = from; ; ) {
    const length = file.u8(at)
    if (length === null) return -1
    at += 1 + length
    if (length === 0) return at
  }
}
