/** Windows bitmap: the size in its header must equal that of its pixels. */
import type { Carver } from '../common/carver.ts'
import { Window } from '../common/window.ts'

const HEADER_SIZES = [12, 40, 52, 56, 64, 108, 124]
const DEPTHS = [1, 4, 8, 16, 24, 32]
const MOST_PIXELS_A_SIDE = 1 << 16

export const BMP: Carver = {
  name: 'bmp',
  mediaType: 'image/bmp',
  begins: (head) => head.length >= 30 && head.toString('latin1', 0, 2) === 'BM' && shapeOf(head) !== null,
  lengthOf(medium, offset, maxBytes) {
    const file = new Window(medium, offset, maxBytes)
    const head = file.bytes(0, 34)
    const shape = head ? shapeOf(head) : null
    if (!shape) return null
    const { length } = shape
    return length <= file.sizeBytes ? { length, complete: true } : { length: file.sizeBytes, complete: false }
  },
}

/** @returns null unless every field is one that a bitmap can have and the sizes agree */
function shapeOf(head: Buffer): { length: number } | null {
  const stated = head.readUInt32LE(2)
  const pixelsAt = head.readUInt32LE(10)
  const headerBytes = head.readUInt32LE(14)
  if (head.readUInt32LE(6) !== 0 || !HEADER_SIZES.includes(headerBytes)) return null
  const isCore = headerBytes === 12
  const width = isCore ? head.readUInt16LE(18) : head.readInt32LE(18)
  const height = Math.abs(isCore ? head.readUInt16LE(20) : head.readInt32LE(22))
  const planes = head.readUInt16LE(isCore ? 22 : 26)
  const depth = head.readUInt16LE(isCore ? 24 : 28)
  const coding = isCore || head.length < 34 ? 0 : head.readUInt32LE(30)
  if (planes !== 1 || !DEPTHS.includes(depth) || width <= 0 || height === 0 || coding > 6) return null
  if (
    width > MOST_PIXELS_A_SIDE ||
    height > MOST_PIXELS_A_SIDE ||
    pixelsAt < 14 + headerBytes ||
    pixelsAt > stated
  )
    return null
  const pixelBytes = Math.floor((width * depth + 31) / 32) * 4 * height
  // Run lengths and embedded pictures (1, 2, 4, 5) can take any size; plain pixels cannot take less than theirs.
  if (![1, 2, 4, 5].includes(coding) && stated < pixelsAt + pixelBytes) return null
  return { length: stated }
}
