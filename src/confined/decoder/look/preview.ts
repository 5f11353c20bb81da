/**
 * Quick preview: the few grey cells of a picture that a ledger may store. The detail is destroyed here, before anything
 * is stored. Enlarging the cells gives only the blur; no original is stored.
 */

import type { Pixels } from '../../../contracts/content.ts'
import type { Preview } from '../../../contracts/finding.ts'
import type { Picture } from '../../../formats/media/pixels/picture.ts'
import { rowSummer } from '../../../hash/pdq-rows.ts'
import { PREVIEW_CELLS } from '../../../wire/look.ts'

/** 8 × 8: each cell is the mean of at least 64 source pixels. */
const CELL_PIXELS = 8

/** The same of pixels that were made for models: upright and scaled. */
export function previewOfPixels({ width, height, rgb }: Pixels): Preview | null {
  return previewOf({ width, height, channels: 3, data: rgb, orientation: 1 })
}

/** @returns cells of the upright picture; null for pictures too small for two cells of 64 pixels */
export function previewOf({ width, height, channels, data, orientation }: Picture): Preview | null {
  const longest = Math.max(width, height)
  const cells = Math.min(PREVIEW_CELLS, Math.floor(longest / CELL_PIXELS))
  if (cells < 2 || Math.min(width, height) < CELL_PIXELS) return null
  const { isTurned, isMirrored, isUpsideDown } = storedAs(orientation)
  const across = edgesOf(width, cellsOf(width, longest, cells), isMirrored)
  const down = edgesOf(height, cellsOf(height, longest, cells), isUpsideDown)
  const [columns, rows] = isTurned ? [down.length, across.length] : [across.length, down.length]
  const out = Buffer.alloc(columns * rows)
  down.forEach(({ from: top, to: bottom }, y) => {
    const weights = new Float64Array(bottom - top).fill(1)
    const sums = rowSummer().sum(data, width * channels, { start: top, weights, denominator: bottom - top })
    across.forEach(({ from, to }, x) => {
      const at = isTurned ? x * columns + y : y * columns + x
      out[at] = meanLuma(sums, channels, from, to, bottom - top)
    })
  })
  return { width: columns, height: rows, cells: out }
}

/** How the stored axes relate to those of the upright picture. @param orientation EXIF 1–8 */
function storedAs(orientation: number) {
  return {
    isTurned: orientation >= 5 && orientation <= 8,
    isMirrored: [2, 3, 7, 8].includes(orientation),
    isUpsideDown: [3, 4, 6, 7].includes(orientation),
  }
}

interface Edges {
  readonly from: number
  readonly to: number
}

/** Of the cells along a stored axis, in the order of the upright picture. */
function edgesOf(side: number, cells: number, isReversed: boolean): Edges[] {
  const edge = (cell: number) => Math.floor((cell * side) / cells)
  return Array.from({ length: cells }, (_, cell) =>
    isReversed
      ? { from: side - edge(cell + 1), to: side - edge(cell) }
      : { from: edge(cell), to: edge(cell + 1) },
  )
}

/** Cells along one side: in proportion, and never narrower than CELL_PIXELS. */
function cellsOf(side: number, longest: number, cells: number): number {
  return Math.max(1, Math.min(Math.floor(side / CELL_PIXELS), Math.round((cells * side) / longest)))
}

/** Mean ITU-R BT.601 luma, as in PDQ and JPEG, from column sums over `rows` rows. */
function meanLuma(
  sums: Int32Array | Float64Array,
  channels: number,
  left: number,
  right: number,
  rows: number,
): number {
  let red = 0
  let green = 0
  let blue = 0
  for (let at = left * channels; at < right * channels; at += channels) {
    red += sums[at]!
    green += sums[at + 1]!
    blue += sums[at + 2]!
  }
  return Math.round((0.299 * red + 0.587 * green + 0.114 * blue) / ((right - left) * rows))
}
