/**
 * Decodes HEIC and HEIF with libheif, compiled to WebAssembly (sharp's prebuilt libvips has no HEVC). A faster
 * decoder reads files of the common kind (decode-hevc.ts).
 *
 * libheif applies the rotation and mirroring of the file, so the EXIF orientation must not be applied again. After a
 * trap, a WebAssembly instance is in an unknown state and is discarded.
 */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { compileFunction } from 'node:vm'
import type { Detail } from '../../../contracts/detail.ts'
import { detailOf, inShort, libraryText } from '../../bytes/coded-error.ts'
import { isMemoryError } from '../../bytes/memory-error.ts'
import { loadFfmpeg } from '../ffmpeg/ffmpeg.ts'
import { type Decoded, type DecodeLimits, type Decoder, overPixelLimit } from '../pixels/picture.ts'
import { decodeHevc } from './decode-hevc.ts'
import { decodeTrack } from './decode-track.ts'
import { hasTrack } from './heif-pictures.ts'

interface HeifImage {
  get_width(): number
  get_height(): number
  is_primary(): boolean
  display(
    target: { data: Uint8ClampedArray; width: number; height: number },
    done: (shown: { data: Uint8ClampedArray } | null) => void,
  ): void
  free(): void
}

interface Libheif {
  readonly ready: Promise<unknown>
  readonly HeifDecoder: new () => { decode(bytes: Buffer): HeifImage[]; decoder: { delete(): void } }
}

interface LibraryFile {
  readonly path: string
  readonly text: string
}

/** Read before the process gives up its rights; compiled at the first file that FFmpeg leaves, which most children never see. */
let library: LibraryFile | null = null
let create: (() => Libheif) | null = null
let instance: Libheif | null = null

export const heifDecoder: Decoder = {
  name: 'libheif',
  // For AVIF this decoder runs after sharp, which reads no tracks.
  mediaTypes: ['image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence', 'image/avif'],
  load: async () => {
    await loadFfmpeg()
    const path = createRequire(import.meta.url).resolve('libheif-js/libheif-wasm/libheif-bundle.js')
    library ??= { path, text: readFileSync(path, 'utf8') }
  },
  decode: async (bytes, mediaType, limits) => {
    if (mediaType === 'image/avif') return decodeTrack(bytes, mediaType, limits)
    const first = await decodeHevc(bytes, limits)
    if (first !== null && (first.ok || first.reason !== 'decode-failed')) return first
    const read = await decodeByLibheif(bytes, limits)
    const second = read.ok || !hasTrack(bytes) ? read : await decodeTrack(bytes, mediaType, limits)
    // libheif shows the undamaged part of a picture without reporting the damage.
    return first === null || !second.ok
      ? second
      : { ...second, leniently: { code: 'second-decoder', params: { said: inShort(first.detail) } } }
  },
}

/** Exported for comparison. */
export async function decodeByLibheif(bytes: Buffer, limits: DecodeLimits): Promise<Decoded> {
  const libheif = await ready()
  const said: string[] = []
  const restore = listen(said)
  let images: HeifImage[] = []
  let decoder: InstanceType<Libheif['HeifDecoder']> | null = null
  try {
    decoder = new libheif.HeifDecoder()
    images = decoder.decode(bytes)
    // A file may contain a series; the displayed picture need not be the first.
    const image = images.find((each) => each.is_primary()) ?? images[0]
    if (!image) return failed(said[0] ? libraryText(said[0]) : { code: 'no-picture-inside', params: {} })
    const decoded = await decodedOf(image, limits, images.length)
    return !decoded.ok && decoded.reason === 'decode-failed' && said[0]
      ? failed(libraryText(said[0]))
      : decoded
  } catch (error) {
    instance = null
    images = []
    decoder = null
    const detail = detailOf(error)
    return { ok: false, reason: isMemoryError(error) ? 'out-of-memory' : 'decode-failed', detail }
  } finally {
    restore()
    for (const image of images) image.free()
    decoder?.decoder?.delete()
  }
}

/** The pictures besides the displayed one, as libheif lists them, for example a series of a camera. */
export async function* otherHeifPictures(bytes: Buffer, limits: DecodeLimits): AsyncGenerator<Decoded> {
  const libheif = await ready()
  const restore = listen([])
  const decoder = new libheif.HeifDecoder()
  let images: HeifImage[] = []
  try {
    images = decoder.decode(bytes)
    const shown = images.find((each) => each.is_primary()) ?? images[0]
    for (const image of images) if (image !== shown) yield await decodedOf(image, limits, images.length)
  } finally {
    restore()
    for (const image of images) image.free()
    decoder.decoder?.delete()
  }
}

async function decodedOf(image: HeifImage, limits: DecodeLimits, pages: number): Promise<Decoded> {
  const width = image.get_width()
  const height = image.get_height()
  const over = overPixelLimit(width, height, limits)
  if (over) return over
  if (width < 1 || height < 1) return failed({ code: 'no-pixels', params: { width, height } })
  const data = await pixelsOf(image, width, height)
  if (!data) return failed({ code: 'no-picture-inside', params: {} })
  return {
    ok: true,
    picture: { width, height, channels: 4, data, orientation: 1 },
    leniently: null,
    pages,
    format: 'heif',
  }
}

async function ready(): Promise<Libheif> {
  if (library === null) throw new Error('libheif was not loaded')
  create ??= compiled(library)
  instance ??= create()
  await instance.ready
  return instance
}

/** As require() does it, without the disk. */
function compiled({ path, text }: LibraryFile): () => Libheif {
  const module: { exports: unknown } = { exports: {} }
  const parameters = ['module', 'exports', 'require', '__filename', '__dirname']
  const body = compileFunction(text, parameters, { filename: path })
  body.call(module.exports, module, module.exports, createRequire(path), path, dirname(path))
  return module.exports as () => Libheif
}

/** libheif-js reports errors only on the console. This child process does nothing else in the meantime. */
function listen(said: string[]): () => void {
  const { log, error } = console
  const note = (...words: unknown[]) =>
    said.push(words.map((word) => (word as { message?: string })?.message ?? String(word)).join(' '))
  console.log = note
  console.error = note
  return () => Object.assign(console, { log, error })
}

function pixelsOf(image: HeifImage, width: number, height: number): Promise<Uint8Array | null> {
  const data = new Uint8ClampedArray(width * height * 4)
  return new Promise((resolve) => {
    image.display({ data, width, height }, (shown) =>
      resolve(
        shown === null ? null : new Uint8Array(shown.data.buffer, shown.data.byteOffset, shown.data.length),
      ),
    )
  })
}

function failed(detail: Detail): Decoded {
  return { ok: false, reason: 'decode-failed', detail }
}
