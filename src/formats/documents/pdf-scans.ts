/**
 * A page of a PDF that is a scan: the pictures that it paints, laid on one sheet as the page lays them. A scan in strips is
 * whole again. pdf.js unpacks the pictures; letters, lines and fillings are not drawn. Tried: JPEG, Flate, one bit a point.
 *
 * @see ISO 32000-1, 8.3.3 (transformations), 8.9.5 (an image fills the unit square)
 */
import type { Picture } from '../media/pixels/picture.ts'
import { at, type Matrix, type Painted, paint, times } from './pdf-sheet.ts'

type PdfJs = typeof import('pdfjs-dist')
type Page = Awaited<ReturnType<Awaited<ReturnType<PdfJs['getDocument']>['promise']>['getPage']>>

/** A4 at 600 points an inch; pdf.js leaves larger ones out. */
export const MOST_IMAGE_POINTS = 36_000_000
/** Shorter side of the sheet, and its points: words are read at no larger size. */
const SHORT_SIDE = 1440
const MOST_POINTS = 8_000_000
/** Pictures of one page: scanners cut a page into some strips or layers. */
const MOST_PICTURES = 256
/** Of the page: a mark or a logo is no scan. */
const LEAST_SHARE = 0.05

interface Sheet {
  readonly picture: Picture
  /** Points of the page (1/72 inch) for one of the sheet. */
  readonly unit: number
}

/**
 * @returns null: the page paints no picture worth reading
 * @throws Error where the page or all of its pictures cannot be unpacked
 */
export async function scannedSheet(page: Page, pdfjs: PdfJs): Promise<Sheet | null> {
  const { width, height, transform } = page.getViewport({ scale: 1 })
  const area = width * height
  if (!(area > 0 && Number.isFinite(area))) return null
  const { painted, damaged } = await picturesOf(page, pdfjs, transform as unknown as Matrix)
  const covered = painted.reduce((sum, { to }) => sum + Math.abs(to[0] * to[3] - to[1] * to[2]), 0)
  if (painted.length === 0 && damaged > 0) throw new Error('no picture of the page could be unpacked')
  if (covered < LEAST_SHARE * area) return null
  const finest = Math.max(
    ...painted.map(({ image, to }) => image.width / Math.max(1e-6, Math.hypot(to[0], to[1]))),
  )
  const scale = Math.min(finest, SHORT_SIDE / Math.min(width, height), Math.sqrt(MOST_POINTS / area))
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))]
  const data = new Uint8Array(w * h * 3).fill(255)
  for (const one of painted)
    paint({ width: w, height: h, data }, { ...one, to: times([scale, 0, 0, scale, 0, 0], one.to) })
  return { picture: { width: w, height: h, channels: 3, data, orientation: 1 }, unit: 1 / scale }
}

async function picturesOf(page: Page, { OPS, AnnotationMode }: PdfJs, start: Matrix) {
  const { fnArray, argsArray } = await page.getOperatorList({ annotationMode: AnnotationMode.DISABLE })
  const painted: Painted[] = []
  const above: Matrix[] = []
  let now = start
  let damaged = 0
  for (const [i, op] of fnArray.entries()) {
    const args = (argsArray[i] ?? []) as readonly unknown[]
    if (op === OPS.save) above.push(now)
    else if (op === OPS.restore || op === OPS.paintFormXObjectEnd) now = above.pop() ?? now
    else if (op === OPS.transform) now = times(now, args as unknown as Matrix)
    else if (op === OPS.paintFormXObjectBegin) {
      above.push(now)
      if (args[0]) now = times(now, args[0] as Matrix)
    } else if (
      op === OPS.paintImageXObject ||
      op === OPS.paintInlineImageXObject ||
      op === OPS.paintImageMaskXObject
    ) {
      if (painted.length >= MOST_PICTURES) break
      const image = imageOf(await objectOf(page, args[0]))
      if (image === null) damaged++
      else if (now.every(Number.isFinite) && at(now, 0, 0).every(Number.isFinite))
        painted.push({ image, isMask: op === OPS.paintImageMaskXObject, to: now })
    }
  }
  return { painted, damaged }
}

/** Images that several pages share lie with the document. */
async function objectOf(page: Page, named: unknown): Promise<unknown> {
  const id = typeof named === 'string' ? named : (named as { readonly data?: unknown } | null)?.data
  if (typeof id !== 'string') return named
  const objects = id.startsWith('g_') ? page.commonObjs : page.objs
  const object: unknown = await new Promise((resolve) => objects.get(id, resolve))
  return typeof named === 'string' ? object : { ...(named as object), ...(object as object) }
}

const BITS = [1, 24, 32] as const

/** Null: not unpacked, or its data are not as long as its sides say. */
function imageOf(object: unknown): Painted['image'] | null {
  if (typeof object !== 'object' || object === null) return null
  const { width, height, data, kind = 1 } = object as Readonly<Record<string, unknown>>
  const bits = BITS[Number(kind) - 1]
  if (typeof width !== 'number' || typeof height !== 'number' || bits === undefined) return null
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray)) return null
  const rowBytes = Math.ceil((width * bits) / 8)
  return width > 0 && height > 0 && data.length >= rowBytes * height
    ? { width, height, bits, rowBytes, data }
    : null
}

const WIDTH = Buffer.from('/Width')
const HEIGHT = Buffer.from('/Height')
/** A dictionary of an image is short. */
const DICTIONARY = 1000

/** Whether the file states an image that is too large to be unpacked: dictionaries of streams are never packed. */
export function statesHugeImage(file: Buffer): boolean {
  for (let from = file.indexOf(WIDTH); from !== -1; from = file.indexOf(WIDTH, from + WIDTH.length)) {
    const near = file.subarray(Math.max(0, from - DICTIONARY), from + DICTIONARY)
    const height = near.indexOf(HEIGHT)
    if (height === -1) continue
    const sides = [numberAt(file, from + WIDTH.length), numberAt(near, height + HEIGHT.length)]
    if (sides[0]! * sides[1]! > MOST_IMAGE_POINTS) return true
  }
  return false
}

function numberAt(bytes: Buffer, at: number): number {
  return Number(/^\s*(\d{1,9})/.exec(bytes.toString('latin1', at, at + 16))?.[1] ?? 0)
}
