/** Scales a picture from full resolution for classifiers and previews: RGB, upright, longest side at most 1536 where no other is asked for. */
import type { Pixels } from '../../../contracts/content.ts'
import { loadSharp } from './decode-sharp.ts'
import type { Picture } from './picture.ts'

// Measured on nsfwjs: class probabilities change by 0.01–0.02 from 1536, by 0.07–0.09 from 1024 (model cards).
const LONGEST_SIDE = 1536

export async function toPixels(picture: Picture, longestSide = LONGEST_SIDE): Promise<Pixels> {
  return upright(await scaled(picture, longestSide), picture.orientation)
}

async function scaled(picture: Picture, longestSide: number): Promise<Pixels> {
  const { width, height } = picture
  const rgb = withoutAlpha(picture)
  if (width <= longestSide && height <= longestSide) return { width, height, rgb }
  const sharp = await loadSharp()
  const { data, info } = await sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .resize(longestSide, longestSide, { fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, rgb: data }
}

/**
 * Colours as stored, without regard to transparency: content hidden under full transparency becomes visible. sharp's
 * own removeAlpha runs after a resize that weights colours by alpha, which blackens them.
 */
function withoutAlpha({ width, height, channels, data }: Picture): Uint8Array {
  if (channels === 3) return data
  const rgb = new Uint8Array(width * height * 3)
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = data[from] as number
    rgb[to + 1] = data[from + 1] as number
    rgb[to + 2] = data[from + 2] as number
  }
  return rgb
}

/** Applies an EXIF orientation: 2–4 mirror and rotate in place, 5–8 exchange the axes. */
export function upright({ width, height, rgb }: Pixels, orientation: number): Pixels {
  if (orientation < 2 || orientation > 8) return { width, height, rgb }
  const swapped = orientation >= 5
  const outWidth = swapped ? height : width
  const outHeight = swapped ? width : height
  const out = new Uint8Array(rgb.length)
  // Source index of the first pixel of the result, and the source steps for one pixel right or down.
  const left = 0
  const right = width - 1
  const top = 0
  const bottom = (height - 1) * width
  const [start, stepX, stepY] = (
    {
      2: [right + top, -1, width],
      3: [right + bottom, -1, -width],
      4: [left + bottom, 1, -width],
      5: [left + top, width, 1],
      6: [left + bottom, -width, 1],
      7: [right + bottom, -width, -1],
      8: [right + top, width, -1],
    } as Record<number, readonly [number, number, number]>
  )[orientation] as readonly [number, number, number]
  let to = 0
  for (let y = 0; y < outHeight; y++) {
    let from = (start + y * stepY) * 3
    for (let x = 0; x < outWidth; x++) {
      out[to++] = rgb[from] as number
      out[to++] = rgb[from + 1] as number
      out[to++] = rgb[from + 2] as number
      from += stepX * 3
    }
  }
  return { width: outWidth, height: outHeight, rgb: out }
}
