/**
 * Reads QR codes and bar codes in a picture with ZXing-C++, compiled to WebAssembly. Every code that is read has checked
 * itself (ISO/IEC 18004 and the others have check characters), except Code 39, which has none.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Pixels } from '../../contracts/content.ts'
import { toPixels } from '../media/pixels/scale.ts'
import type { Place } from './text-line.ts'

/** Name of a kind of code as ZXing has it, and as its standard has it. */
export const SYMBOLOGIES: Readonly<Record<string, string>> = {
  QRCode: 'QR Code',
  MicroQRCode: 'Micro QR Code',
  DataMatrix: 'Data Matrix',
  Aztec: 'Aztec Code',
  PDF417: 'PDF417',
  EAN13: 'EAN-13',
  EAN8: 'EAN-8',
  UPCA: 'UPC-A',
  UPCE: 'UPC-E',
  Code128: 'Code 128',
  Code39: 'Code 39',
}

export interface ReadCode {
  /** As its standard calls it. */
  readonly symbology: string
  readonly text: string
  readonly place: Place
}

export interface ReadCodes {
  /** From top to bottom. */
  readonly codes: readonly ReadCode[]
  /** The search ended at the most codes that are read of a picture. */
  readonly isAtLimit: boolean
}

export type CodeReader = (pixels: Pixels) => Promise<ReadCodes>

/** Pixels of the longer side: the bars of a goods label on half of a picture need two each. */
const LONGEST_SIDE = 1600
/** The smallest code has 11 squares. */
const LEAST_SIDE = 24
export const MOST_CODES = 32
/** The largest code that a standard has holds 7,089 digits (ISO/IEC 18004). */
const MOST_CHARACTERS = 7089
/** Bars that cross a pattern of stripes by chance are seldom read as a long text. */
const LEAST_CODE_39 = 5

interface Point {
  readonly x: number
  readonly y: number
}

interface Found {
  readonly isValid: boolean
  /** The kind, or a variant of it. */
  readonly symbology: string
  readonly format: string
  readonly text: string
  readonly position: Readonly<Record<'topLeft' | 'topRight' | 'bottomLeft' | 'bottomRight', Point>>
}

interface Reader {
  readonly prepareZXingModule: (options: {
    readonly overrides: { readonly wasmBinary: Uint8Array }
    readonly fireImmediately: true
  }) => Promise<unknown>
  readonly readBarcodes: (
    picture: { readonly data: Uint8ClampedArray; readonly width: number; readonly height: number },
    options: Readonly<Record<string, unknown>>,
  ) => Promise<readonly Found[]>
}

const OPTIONS = {
  formats: Object.keys(SYMBOLOGIES),
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
  maxNumberOfSymbols: MOST_CODES,
  textMode: 'Plain',
}

/** Files are read now, because a child cannot open them later; the engine starts with the first picture. */
export function codeReader(): CodeReader {
  const { prepareZXingModule, readBarcodes } = createRequire(import.meta.url)('zxing-wasm/reader') as Reader
  const wasmBinary = readFileSync(
    createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'),
  )
  let started: Promise<unknown> | null = null
  return async (pixels) => {
    const picture = { ...pixels, data: pixels.rgb, channels: 3 as const, orientation: 1 }
    const { width, height, rgb } = await toPixels(picture, LONGEST_SIDE)
    if (Math.min(width, height) < LEAST_SIDE) return { codes: [], isAtLimit: false }
    started ??= prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true })
    await started
    const found = await readBarcodes({ data: withAlpha(rgb), width, height }, OPTIONS)
    const codes = found
      .flatMap((one) => codeOf(one, pixels.width / width, pixels.height / height))
      .sort((a, b) => a.place.top - b.place.top || a.place.left - b.place.left)
    return { codes, isAtLimit: found.length >= MOST_CODES }
  }
}

/** @param across pixels of the picture for a pixel that was searched */
function codeOf(
  { isValid, format, symbology, text, position }: Found,
  across: number,
  down: number,
): ReadCode[] {
  const name = SYMBOLOGIES[format] ?? SYMBOLOGIES[symbology]
  const isTooShort = symbology === 'Code39' && text.length < LEAST_CODE_39
  if (!isValid || name === undefined || text.trim() === '' || isTooShort) return []
  const corners = Object.values(position)
  const xs = corners.map(({ x }) => x * across)
  const ys = corners.map(({ y }) => y * down)
  const [left, top] = [Math.max(0, Math.min(...xs)), Math.max(0, Math.min(...ys))]
  return [
    {
      symbology: name,
      text: text.slice(0, MOST_CHARACTERS),
      place: { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top },
    },
  ]
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
