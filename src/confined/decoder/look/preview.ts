/**
 * Quick preview: the few grey cells of a picture that a ledger may store. The detail is destroyed here, before anything
 * is stored. Enlarging the cells gives only the blur; no original is stored.
 */

import type { Pixels } from '../../../contracts/content.ts'
import type { Preview } from '../../../contracts/finding.ts'
import { rowSummer } from '../../../hash/pdq-rows.ts'
import { PREVIEW_CELLS } from '../../../wire/look.ts'

/** 8 × 8: each cell is the mean of at least 64 source pixels. */
const CELL_PIXELS = 8

/** @returns null for pictures too small for two cells of 64 pixels */
export function previewOf({ width, height, rgb }: Pixels): Preview | null {
  const longest = Math.max(width, height)
  const cells = Math.min(PREVIEW_CELLS, Math.floor(longest / CELL_PIXELS))
  if (cells < 2 || Math.min(width, height) < CELL_PIXELS) return null
  const columns = cellsOf(width, longest, cells)
  const rows = cellsOf(height, longest, cells)
  const out = Buffer.alloc(columns * rows)
  for (let row = 0; row < rows; row++) {
    const top = Math.floor((row * height) / rows)
    const bottom = Math.floor(((row + 1) * height) / rows)
    const weights = new Float64Array(bottom - top).fill(1)
    const sums = rowSummer().sum(rgb, width * 3, { start: top, weights, denominator: bottom - top })
    for (let column = 0; column < columns; column++) {
      const left = Math.floor((column * width) / columns)
      const right = Math.floor(((column + 1) * width) / columns)
      out[row * columns + column] = meanLuma(sums, left, right, bottom - top)
    }
  }
  return { width: columns, height: rows, cells: out }
}

/** Cells along one side: in proportion, and never narrower than CELL_PIXELS. */
function cellsOf(side: number, longest: number, cells: number): number {
  return Math.max(1, Math.min(Math.floor(side / CELL_PIXELS), Math.round((cells * side) / longest)))
}

/** Mean ITU-R BT.601 luma, as in PDQ and JPEG, from column sums over `rows` rows. */
function meanLuma(sums: Int32Array | Float64Array, left: number, right: number, rows: number): number {
  let red = 0
  let green = 0
  let blue = 0
  for (let at = left * 3; at < right * 3; at += 3) {
    red += sums[at]!
    green += sums[at + 1]!
    blue += sums[at + 2]!
  }
  return Math.round((0.299 * red + 0.587 * green + 0.114 * blue) / ((right - left) * rows))
}
