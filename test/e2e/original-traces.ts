/**
 * Looks for pictures in what the program wrote: the files' own bytes, their pixels, and anything that a viewer would show,
 * also behind base64, hexadecimal and deflate.
 */
import { inflateRawSync, inflateSync } from 'node:zlib'
import sharp from 'sharp'

/** Runs that are this long and equal are no accident. */
const RUN = 16
/** What a preview may have on its longest side. */
const PREVIEW_CELLS = 16

export class Originals {
  readonly #runs = new Set<string>()

  /** @param bytes as stored, or as pixels in any order of channels */
  add(bytes: Uint8Array): void {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let at = 0; at + RUN <= buffer.length; at += RUN) {
      const run = buffer.subarray(at, at + RUN)
      // Plain runs are everywhere.
      if (new Set(run).size >= 10) this.#runs.add(run.toString('latin1'))
    }
  }

  /** The picture as pixels that a program would hold: in colour and in grey, at full size and as models get it. */
  async addPixels(file: Buffer): Promise<void> {
    for (const longest of [null, 1536, 299, 224, 160, 64]) {
      const sized = () =>
        longest === null
          ? sharp(file)
          : sharp(file).resize(longest, longest, { fit: 'inside', withoutEnlargement: true })
      this.add(await sized().removeAlpha().raw().toBuffer())
      this.add(await sized().ensureAlpha().raw().toBuffer())
      this.add(await sized().greyscale().raw().toBuffer())
    }
  }

  /** @returns what was found, in words; empty: nothing */
  async tracesIn(name: string, written: Buffer): Promise<string[]> {
    const found: string[] = []
    for (const { how, bytes } of layersOf(written)) {
      const at = this.#firstRun(bytes)
      if (at !== null) found.push(`${name}: original bytes ${how} at ${at}`)
      for (const { type, at: place } of picturesIn(bytes)) {
        const size = await sizeOf(bytes.subarray(place))
        if (size !== null && Math.max(size.width, size.height) > PREVIEW_CELLS)
          found.push(`${name}: a ${type} of ${size.width} × ${size.height} ${how} at ${place}`)
      }
    }
    return found
  }

  #firstRun(bytes: Buffer): number | null {
    const text = bytes.toString('latin1')
    for (let at = 0; at + RUN <= text.length; at++) {
      if (this.#runs.has(text.slice(at, at + RUN))) return at
    }
    return null
  }
}

interface Layer {
  readonly how: string
  readonly bytes: Buffer
}

function layersOf(written: Buffer): Layer[] {
  const text = written.toString('latin1')
  const plain: Layer[] = [{ how: 'as they are', bytes: written }]
  for (const [run] of text.matchAll(/[A-Za-z0-9+/]{40,}={0,2}/g))
    plain.push({ how: 'in base64', bytes: Buffer.from(run, 'base64') })
  for (const [run] of text.matchAll(/(?:[0-9a-fA-F]{2}){40,}/g))
    plain.push({ how: 'in hexadecimal', bytes: Buffer.from(run, 'hex') })
  return [...plain, ...plain.flatMap(({ how, bytes }) => inflated(how, bytes))]
}

function inflated(how: string, bytes: Buffer): Layer[] {
  const layers: Layer[] = []
  for (let at = 0; at + 2 < bytes.length; at++) {
    const zlib = bytes[at] === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(bytes[at + 1] as number)
    const gzip = bytes[at] === 0x1f && bytes[at + 1] === 0x8b
    if (!zlib && !gzip) continue
    try {
      const out = zlib
        ? inflateSync(bytes.subarray(at), LENIENT)
        : inflateRawSync(bytes.subarray(at + 10), LENIENT)
      layers.push({ how: `${how}, deflated`, bytes: out })
    } catch (error) {
      if (!(error instanceof Error)) throw error
      // No stream begins here.
    }
  }
  return layers
}

/** What comes after a stream, or breaks it off, is not an error: the stream is looked for in the middle of a file. */
const LENIENT = { finishFlush: 2, maxOutputLength: 64 * 1024 * 1024 } as const

const SIGNATURES: readonly (readonly [string, Buffer, number])[] = [
  ['JPEG', Buffer.from('ffd8ff', 'hex'), 0],
  ['PNG', Buffer.from('89504e470d0a1a0a', 'hex'), 0],
  ['GIF', Buffer.from('GIF8'), 0],
  ['WebP', Buffer.from('WEBP'), 8],
  ['HEIF', Buffer.from('ftyp'), 4],
  ['TIFF', Buffer.from('II*\0', 'latin1'), 0],
  ['TIFF', Buffer.from('MM\0*', 'latin1'), 0],
]

function picturesIn(bytes: Buffer): { readonly type: string; readonly at: number }[] {
  return SIGNATURES.flatMap(([type, signature, before]) => {
    const places = []
    for (let at = bytes.indexOf(signature); at !== -1; at = bytes.indexOf(signature, at + 1))
      if (at >= before) places.push({ type, at: at - before })
    return places
  })
}

/** @returns null when no viewer would take it for a picture */
async function sizeOf(bytes: Buffer): Promise<{ readonly width: number; readonly height: number } | null> {
  try {
    const { width, height } = await sharp(bytes).metadata()
    return { width, height }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return null
  }
}
