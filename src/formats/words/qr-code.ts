/** Reads a QR code in a picture with jsQR, at a reduced size: a code has few and large squares. */
import { createRequire } from 'node:module'
import type { Pixels } from '../../contracts/content.ts'
import { toPixels } from '../media/pixels/scale.ts'
import type { Place } from './text-line.ts'

interface Corner {
  readonly x: number
  readonly y: number
}

type ReadCode = (
  rgba: Uint8ClampedArray,
  width: number,
  height: number,
  options: { readonly inversionAttempts: 'attemptBoth' | 'dontInvert' },
) => {
  readonly data: string
  readonly location: Readonly<
    Record<'topLeftCorner' | 'topRightCorner' | 'bottomLeftCorner' | 'bottomRightCorner', Corner>
  >
} | null

export interface QrCode {
  readonly text: string
  readonly place: Place
}

export type QrReader = (pixels: Pixels) => Promise<QrCode | null>

/** Pixels of the longer side. A code of an invitation has 33 squares a side, and each needs three pixels. */
const LONGEST_SIDE = 800
/** The smallest code has 21 squares. */
const LEAST_SIDE = 40
/** The largest code that the standard has holds 7,089 digits (ISO/IEC 18004). */
const MOST_CHARACTERS = 7089

/** Loaded now, because a child cannot open it later. */
export function qrReader(): QrReader {
  const loaded = createRequire(import.meta.url)('jsqr') as ReadCode | { readonly default: ReadCode }
  const read = typeof loaded === 'function' ? loaded : loaded.default
  return async (pixels) => {
    const picture = { ...pixels, data: pixels.rgb, channels: 3 as const, orientation: 1 }
    const { width, height, rgb } = await toPixels(picture, LONGEST_SIDE)
    if (Math.min(width, height) < LEAST_SIDE) return null
    const found = read(withAlpha(rgb), width, height, { inversionAttempts: 'attemptBoth' })
    if (found === null || found.data.trim() === '') return null
    const corners = Object.entries(found.location)
      .filter(([name]) => name.endsWith('Corner'))
      .map(([, corner]) => corner)
    const xs = corners.map(({ x }) => (x * pixels.width) / width)
    const ys = corners.map(({ y }) => (y * pixels.height) / height)
    const [left, top] = [Math.max(0, Math.min(...xs)), Math.max(0, Math.min(...ys))]
    return {
      text: found.data.slice(0, MOST_CHARACTERS),
      place: { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top },
    }
  }
}

function withAlpha(rgb: Uint8Array): Uint8ClampedArray {
  const out = new Uint8ClampedArray((rgb.length / 3) * 4).fill(255)
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    out[to] = rgb[from]!
    out[to + 1] = rgb[from + 1]!
    out[to + 2] = rgb[from + 2]!
  }
  return out
}
