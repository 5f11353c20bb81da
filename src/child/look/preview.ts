/**
 * What a ledger may keep of a picture: a few grey cells. The detail is destroyed here, before anything is stored;
 * enlarging the cells gives the blur, and there is no original behind it.
 */

import type { Pixels } from '../../contracts/content.ts'
import type { Preview } from '../../contracts/finding.ts'
import { PREVIEW_CELLS } from '../../wire/look.ts'

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
    for (let column = 0; column < columns; column++) {
      const left = Math.floor((column * width) / columns)
      const right = Math.floor(((column + 1) * width) / columns)
      out[row * columns + column] = meanLuma(rgb, width, left, right, top, bottom)
    }
  }
  return { width: columns, height: rows, cells: out }
}

/** Cells along one side: in proportion, and never narrower than CELL_PIXELS. */
function cellsOf(side: number, longest: number, cells: number): number {
  return Math.max(1, Math.min(Math.floor(side / CELL_PIXELS), Math.round((cells * side) / longest)))
}

/** ITU-R BT.601 luma, as PDQ and JPEG use it. */
function meanLuma(
  rgb: Uint8Array,
  width: number,
  left: number,
  right: number,
  top: number,
  bottom: number,
): number {
  let red = 0
  let green = 0
  let blue = 0
  for (let y = top; y < bottom; y++) {
    const end = (y * width + right) * 3
    for (let at = (y * width + left) * 3; at < end; at += 3) {
      red += rgb[at] as number
      green += rgb[at + 1] as number
      blue += rgb[at + 2] as number
    }
  }
  return Math.round((0.299 * red + 0.587 * green + 0.114 * blue) / ((right - left) * (bottom - top)))
}
