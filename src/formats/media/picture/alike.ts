/**
 * Decides whether two pictures are the same in different sizes, as in an icon, by the mean brightness of 8 × 8
 * fields.
 */
import type { Picture } from '../pixels/picture.ts'

const FIELDS = 8
/**
 * Of 255. Measured on 60 drawings in sizes from 16 to 256: at most 6 for the same drawing; at least 30 in some field
 * for different ones.
 */
const MOST_APART = 16

export function isAlike(one: Picture, other: Picture): boolean {
  const [a, b] = [fieldsOf(one), fieldsOf(other)]
  return a.every((mean, i) => Math.abs(mean - b[i]!) <= MOST_APART)
}

/** Transparent pixels count as white. */
function fieldsOf({ width, height, channels, data }: Picture): number[] {
  const sums = new Float64Array(FIELDS * FIELDS)
  const counts = new Uint32Array(FIELDS * FIELDS)
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor((y * FIELDS) / height) * FIELDS
    for (let x = 0; x < width; x++, at += channels) {
      const field = row + Math.floor((x * FIELDS) / width)
      const opaque = channels === 4 ? data[at + 3]! / 255 : 1
      const mean = (data[at]! + data[at + 1]! + data[at + 2]!) / 3
      sums[field]! += mean * opaque + 255 * (1 - opaque)
      counts[field]!++
    }
  }
  return [...sums].map((sum, i) => sum / Math.max(1, counts[i]!))
}
