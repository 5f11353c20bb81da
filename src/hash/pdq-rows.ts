/**
 * Weighted sums of picture rows, the only part of PDQ that touches every pixel.
 *
 * Sums are whole numbers, so every implementation gives the same bits.
 */
import type { Taps } from './pdq-taps.ts'

export interface RowSummer {
  /**
   * @param pixels  rows of `rowBytes` bytes each
   * @returns       Σ weight · byte for each byte column; valid until the next call
   */
  sum(pixels: Uint8Array, rowBytes: number, taps: Taps): Int32Array | Float64Array
}

export function plainRowSummer(rowBytes: number): RowSummer {
  const sums = new Float64Array(rowBytes)
  return {
    sum(pixels, width, taps) {
      sums.fill(0)
      for (let k = 0; k < taps.weights.length; k++) {
        const weight = taps.weights[k]!
        const from = (taps.start + k) * width
        for (let x = 0; x < width; x++) sums[x]! += weight * pixels[from + x]!
      }
      return sums
    },
  }
}
