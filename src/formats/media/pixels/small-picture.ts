/**
 * A small upright picture for a screen of tiles. A JPEG is decoded at a fraction of its size (libjpeg scales in its
 * inverse transform), which costs a third of a whole decode; other formats that sharp reads are decoded whole.
 */
import type { Pixels } from '../../../contracts/content.ts'
import { loadSharp, sharpDecoder } from './decode-sharp.ts'

export interface SmallAsked {
  readonly longestSide: number
  /** Pixels that may be decoded. */
  readonly pixels: number
}

/**
 * RGB, upright, never enlarged. Transparency is ignored, as in every decode of this program.
 * @returns null where this way has no picture, or where a strict decode fails: the slow way then decides
 */
export async function decodeSmall(
  bytes: Buffer,
  mediaType: string,
  { longestSide, pixels }: SmallAsked,
): Promise<Pixels | null> {
  if (!QUICK.has(mediaType)) return null
  const sharp = await loadSharp()
  const made = sharp(bytes, {
    failOn: 'warning',
    ignoreIcc: true,
    limitInputPixels: pixels,
    limitInputChannels: 5,
    sequentialRead: true,
    page: 0,
    pages: 1,
  })
  try {
    const { format, hasAlpha } = await made.metadata()
    // Resizing weights colours by alpha: what full transparency hides would come out black.
    if (format !== formatOf(mediaType) || hasAlpha === true) return null
    const { data, info } = await made
      .autoOrient()
      .resize(longestSide, longestSide, { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    const { width, height, channels } = info
    if (channels === 3) return { width, height, rgb: data }
    return channels === 1 ? { width, height, rgb: threefold(data) } : null
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return null
  }
}

/** Formats of which every decoder makes the same picture; an animation or a stack of pages takes the slow way. */
const QUICK: ReadonlySet<string> = new Set(
  ['image/jpeg', 'image/png', 'image/webp'].filter((type) => sharpDecoder.mediaTypes.includes(type)),
)

function formatOf(mediaType: string): string {
  return mediaType.slice('image/'.length)
}

function threefold(grey: Buffer): Buffer {
  const rgb = Buffer.alloc(grey.length * 3)
  for (let i = 0; i < grey.length; i++) rgb.fill(grey[i]!, i * 3, i * 3 + 3)
  return rgb
}
