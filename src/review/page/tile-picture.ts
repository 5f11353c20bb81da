/** One tile's pixels on a canvas that is no part of the page: the browser has nothing to keep or to offer for saving. */
import type { TileHead } from '../said.ts'

export interface TilePicture {
  readonly level: TileHead['level']
  /** Null: there are no pixels. */
  readonly canvas: OffscreenCanvas | null
  /** Code of the reason; empty where there are pixels. */
  readonly without: string
  /** Frames in rows: their number, and the room of each with the gap behind it. */
  readonly frames: { readonly count: number; readonly wide: number; readonly high: number }
}

/** Frames side by side in rows. @param pixels grey; copied */
export function pictureFrom(
  { level, frames, without }: TileHead,
  pixels: Uint8Array,
  columns = frames.length,
): TilePicture {
  if (frames.length === 0) return { level, canvas: null, without: without ?? 'none', frames: NO_FRAMES }
  const gap = frames.length > 1 ? 4 : 0
  const wide = Math.max(...frames.map(({ width }) => width)) + gap
  const high = Math.max(...frames.map(({ height }) => height)) + gap
  const canvas = new OffscreenCanvas(
    wide * Math.min(columns, frames.length) - gap,
    high * Math.ceil(frames.length / columns) - gap,
  )
  const pen = canvas.getContext('2d', { alpha: false })
  let at = 0
  for (const [i, { width, height }] of frames.entries()) {
    const image = new ImageData(width, height)
    for (let k = 0; k < width * height; k++, at++) {
      const grey = pixels[at]!
      image.data[k * 4] = grey
      image.data[k * 4 + 1] = grey
      image.data[k * 4 + 2] = grey
      image.data[k * 4 + 3] = 255
    }
    pen?.putImageData(image, (i % columns) * wide, Math.floor(i / columns) * high)
  }
  return { level, canvas, without: '', frames: { count: frames.length, wide, high } }
}

export const NO_FRAMES = { count: 0, wide: 0, high: 0 }

/** Frees the memory of its pixels. */
export function drop({ canvas }: TilePicture): void {
  if (canvas) canvas.width = canvas.height = 0
}
