/** Synthetic pictures of the kinds that a phone holds, at the sizes that phones and messengers make. */
import sharp, { type CreateRaw, type Sharp } from 'sharp'
import { drawRgb, withThumbnail } from '../fixtures/pictures.ts'
import { heicFile } from './heic-file.ts'
import { photograph } from './pictures.ts'

export interface Sides {
  readonly width: number
  readonly height: number
}

export const CAMERA: Sides = { width: 4032, height: 3024 }
/** What messengers scale pictures to. */
export const MESSENGER: Sides = { width: 1600, height: 1200 }
/** Blurred away again; gives JPEG at messenger size 0.17 MB. */
const DRAWN_GRAIN = 32
/** Gives JPEG of 12 MP about 2.4 MB. */
const SENSOR_GRAIN = 9
/** Gives HEIC of 12 MP about 2.4 MB. */
const PHONE_HEVC = { crf: 24, preset: 'ultrafast' }
const THUMBNAIL: Sides = { width: 160, height: 120 }

/** Seeds of drawings that both quick explicitness models are quiet about, at every size used here (below 1.5 %). */
const QUIET = [1, 3, 4, 6, 9, 10, 25, 28, 29, 32, 35, 37, 40]

/**
 * Soft shapes with grain, as heavy to decode as a photograph.
 * @param calling true: one that the quick explicitness models hand on to the slow one; false: one that they do not
 */
export async function photo(sides: Sides, seed: number, calling: boolean): Promise<Sharp> {
  const drawn = calling ? await photograph('1 MP', seed) : await drawing(QUIET[seed % QUIET.length]!)
  const { width, height } = sides
  const rgb = await sharp(drawn).resize(width, height, { kernel: 'cubic', fit: 'fill' }).raw().toBuffer()
  return sharp(rgb, { raw: { width, height, channels: 3 } })
}

/** With the grain of a sensor, at its own resolution. */
async function cameraPhoto(seed: number, calling: boolean): Promise<Sharp> {
  const rgb = await (await photo(CAMERA, seed, calling)).raw().toBuffer()
  addGrain(rgb, seed, SENSOR_GRAIN)
  return sharp(rgb, { raw: { ...CAMERA, channels: 3 } })
}

export async function cameraJpeg(seed: number, calling: boolean): Promise<Buffer> {
  const picture = await cameraPhoto(seed, calling)
  const { width, height } = THUMBNAIL
  const thumbnail = await picture.clone().resize(width, height).jpeg().toBuffer()
  return withThumbnail(await picture.jpeg({ quality: 90 }).toBuffer(), thumbnail)
}

export async function cameraHeic(seed: number, calling: boolean): Promise<Buffer> {
  const picture = await cameraPhoto(seed, calling)
  const small = await picture
    .clone()
    .resize(THUMBNAIL.width * 2, THUMBNAIL.height * 2)
    .raw()
    .toBuffer()
  const thumbnail = { rgb: small, width: THUMBNAIL.width * 2, height: THUMBNAIL.height * 2 }
  return heicFile(await picture.raw().toBuffer(), CAMERA.width, CAMERA.height, { thumbnail, ...PHONE_HEVC })
}

/** Bars and lines as of text on white, and a picture in them. */
export async function screenshot(seed: number): Promise<Buffer> {
  const { width, height } = { width: 1080, height: 2340 }
  const lines = Array.from({ length: 60 }, (_, i) => {
    const long = 300 + ((i * 7919 + seed * 104_729) % 500)
    const left = i % 7 < 4 ? 60 : 1020 - long
    return `<rect x="${left}" y="${160 + i * 35}" width="${long}" height="${14 + (i % 3) * 4}" fill="#${i % 5 === 0 ? '2a6f97' : '333333'}"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fff"/><rect width="100%" height="120" fill="#075e54"/>${lines.join('')}</svg>`
  const picture = await (await photo({ width: 640, height: 480 }, seed, false)).png().toBuffer()
  return sharp(Buffer.from(svg))
    .removeAlpha()
    .composite([{ input: picture, left: 80, top: 900 }])
    .png()
    .toBuffer()
}

export async function webp(seed: number, calling: boolean): Promise<Buffer> {
  return (await photo({ width: 512, height: 512 }, seed, calling)).webp({ quality: 80 }).toBuffer()
}

/** Of a gallery's cache. */
export async function cachedJpeg(seed: number, calling: boolean): Promise<Buffer> {
  return (await photo({ width: 320, height: 240 }, seed, calling)).jpeg({ quality: 80 }).toBuffer()
}

const GIF_FRAMES = 12

export async function animatedGif(seed: number): Promise<Buffer> {
  const sides = { width: 320, height: 240 }
  const frames = await Promise.all(
    Array.from({ length: GIF_FRAMES }, async (_, i) =>
      (await photo(sides, seed + i, false)).raw().toBuffer(),
    ),
  )
  const raw = { width: sides.width, height: sides.height * GIF_FRAMES, channels: 3, pageHeight: sides.height }
  return sharp(Buffer.concat(frames), { raw: raw as CreateRaw })
    .gif({ delay: Array(GIF_FRAMES).fill(100), colours: 64 })
    .toBuffer()
}

async function drawing(seed: number): Promise<Buffer> {
  const sides = { width: 1152, height: 864 }
  const rgb = drawRgb({ seed, ...sides })
  addGrain(rgb, seed, DRAWN_GRAIN)
  const raw = { raw: { ...sides, channels: 3 as const } }
  return sharp(rgb, raw).blur(1.2).png({ compressionLevel: 1 }).toBuffer()
}

/** Changes each value by at most so much, up or down. */
function addGrain(rgb: Buffer, seed: number, most: number): void {
  let state = seed * 2654435761 + 1
  for (let i = 0; i < rgb.length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    rgb[i] = Math.max(0, Math.min(255, rgb[i]! + ((state >>> 16) % (2 * most)) - most))
  }
}
