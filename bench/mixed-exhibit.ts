/**
 * A seized phone in small, as a folder of files. The shares are this bench's assumption, not a measurement of phones; the
 * sizes are those that phones and messengers make.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { distinct } from './distinct.ts'
import {
  animatedGif,
  cachedJpeg,
  cameraHeic,
  cameraJpeg,
  MESSENGER,
  photo,
  screenshot,
  webp,
} from './phone-pictures.ts'
import { sceneVideo } from './scene-video.ts'

interface Kind {
  readonly name: string
  readonly per1000: number
  readonly mediaType: string
  /** With `#` for the number of the file. */
  readonly path: string
  /** Different pictures; the files of a kind are these, each file with other bytes. */
  readonly pictures: number
  readonly make: (seed: number, calling: boolean) => Promise<Buffer>
}

/** Sum 1,000. */
export const KINDS: readonly Kind[] = [
  {
    name: 'messenger JPEG, 1600 × 1200',
    per1000: 480,
    mediaType: 'image/jpeg',
    path: 'Android/media/com.example.messenger/Images/IMG-#.jpg',
    pictures: 10,
    make: async (seed, calling) => (await photo(MESSENGER, seed, calling)).jpeg({ quality: 80 }).toBuffer(),
  },
  {
    name: 'camera JPEG, 12 MP, with thumbnail',
    per1000: 160,
    mediaType: 'image/jpeg',
    path: 'DCIM/Camera/IMG_#.jpg',
    pictures: 7,
    make: cameraJpeg,
  },
  {
    name: 'camera HEIC, 12 MP, with thumbnail',
    per1000: 40,
    mediaType: 'image/heic',
    path: 'DCIM/100APPLE/IMG_#.HEIC',
    pictures: 3,
    make: cameraHeic,
  },
  {
    name: 'screenshot PNG, 1080 × 2340',
    per1000: 100,
    mediaType: 'image/png',
    path: 'Pictures/Screenshots/Screenshot_#.png',
    pictures: 5,
    make: screenshot,
  },
  {
    name: 'cached JPEG, 320 × 240',
    per1000: 100,
    mediaType: 'image/jpeg',
    path: 'Android/data/com.example.gallery/cache/#.jpg',
    pictures: 10,
    make: cachedJpeg,
  },
  {
    name: 'WebP, 512 × 512',
    per1000: 70,
    mediaType: 'image/webp',
    path: 'Android/media/com.example.messenger/Stickers/#.webp',
    pictures: 10,
    make: webp,
  },
  {
    name: 'damaged JPEG, the first half',
    per1000: 30,
    mediaType: 'image/jpeg',
    path: 'Download/#.jpg',
    pictures: 3,
    make: async (seed) => {
      const whole = await (await photo(MESSENGER, seed, false)).jpeg({ quality: 80 }).toBuffer()
      return whole.subarray(0, whole.length / 2)
    },
  },
  {
    name: 'animated GIF, 12 frames',
    per1000: 10,
    mediaType: 'image/gif',
    path: 'Android/media/com.example.messenger/Gifs/#.gif',
    pictures: 3,
    make: animatedGif,
  },
  {
    name: 'video MP4, 15 s of 720p',
    per1000: 10,
    mediaType: 'video/mp4',
    path: 'DCIM/Camera/VID_#.mp4',
    pictures: 1,
    make: () => sceneVideo({ width: 1280, height: 720, seconds: 15 }),
  },
]

/** This share of the pictures calls for the slow explicitness model: 27 % of neutral photographs did when that was measured. */
const CALLING = 0.3
/** Every so many files of a kind is an exact copy of the one before. */
const COPY_EVERY = 5

export interface MixedExhibit {
  readonly files: number
  readonly contents: number
  readonly bytes: number
  readonly kinds: readonly { readonly kind: string; readonly files: number; readonly 'MB each': number }[]
}

/** Writes about so many files (at least one of each kind) below `root`. */
export async function writeMixedExhibit(root: string, files: number): Promise<MixedExhibit> {
  const kinds = []
  let [all, contents, bytes] = [0, 0, 0]
  for (const { name, per1000, mediaType, path, pictures, make } of KINDS) {
    const count = Math.max(1, Math.round((files * per1000) / 1000))
    const made: Buffer[] = []
    for (let i = 0; i < pictures; i++) made.push(await make(i + 1, i < Math.round(pictures * CALLING)))
    let before: Buffer = Buffer.alloc(0)
    let ofKind = 0
    for (let i = 0; i < count; i++) {
      const isCopy = i % COPY_EVERY === COPY_EVERY - 1
      if (!isCopy) {
        before = distinct(made[(i - Math.floor(i / COPY_EVERY)) % made.length]!, mediaType, `file ${i}`)
        contents++
      }
      const file = join(root, path.replace('#', String(i).padStart(5, '0')))
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, before)
      ofKind += before.length
    }
    all += count
    bytes += ofKind
    kinds.push({ kind: name, files: count, 'MB each': Math.round(ofKind / count / 1e4) / 100 })
  }
  return { files: all, contents, bytes, kinds }
}
