/** Looks at one content, inside a child: decode once, then perceptual hash, classifiers and preview from the same pixels. */
import type { Attribute, Examination, Pixels, Score } from '../contracts.ts'
import { decodePicture, loadDecoders } from './decode.ts'
import type { LookFinding, LookHeader, LookReply } from './look-request.ts'
import type { Decoded, Picture } from './picture.ts'
import { previewOf } from './preview.ts'
import { toPixels } from './scale.ts'

/** What a look needs from other stages; isolate/look-op.ts plugs them in. */
export interface LookParts {
  /** PDQ of full-resolution, un-rotated pixels (flavour A). */
  readonly pdq:
    | ((rgb: Uint8Array, width: number, height: number, channels: 3 | 4) => { hex: string; quality: number })
    | null
  readonly classify:
    | ((pixels: Pixels) => Promise<{ scores: readonly Score[]; attributes: readonly Attribute[] }>)
    | null
}

export type Look = (
  header: LookHeader,
  bytes: Buffer,
) => Promise<{ readonly reply: LookReply; readonly cells: Buffer }>

export async function prepareLook(parts: LookParts): Promise<Look> {
  await loadDecoders()
  return (header, bytes) => look(parts, header, bytes)
}

async function look(parts: LookParts, header: LookHeader, bytes: Buffer): ReturnType<Look> {
  const decoded = await decodePicture(bytes, header.mediaType, { pixels: header.pixels })
  if (!decoded.ok) return nothing({ result: 'not-done', reason: decoded.reason, detail: decoded.detail })
  const { picture } = decoded
  const findings: LookFinding[] = attributesOf(decoded)
  if (parts.pdq) findings.push(perceptualHash(parts.pdq, picture))
  const pixels = await toPixels(picture)
  const opinion = (await parts.classify?.(pixels)) ?? { scores: [], attributes: [] }
  findings.push(...opinion.scores, ...opinion.attributes)
  const wanted = header.preview === 'always' || (header.preview === 'leads' && opinion.scores.some(isLead))
  const preview = wanted ? previewOf(pixels) : null
  return {
    reply: {
      result: resultOf(decoded),
      findings,
      preview: preview && { width: preview.width, height: preview.height },
    },
    cells: preview?.cells ?? Buffer.alloc(0),
  }
}

function isLead({ scorePer10k, thresholdPer10k }: Score): boolean {
  return thresholdPer10k !== null && scorePer10k >= thresholdPer10k
}

function perceptualHash(pdq: NonNullable<LookParts['pdq']>, picture: Picture): LookFinding {
  const { hex, quality } = pdq(picture.data, picture.width, picture.height, picture.channels)
  return { kind: 'perceptual-hash', algorithm: 'pdq', hex, quality, flavour: 'A', part: 'original' }
}

function attributesOf({ picture, pages, leniently }: Extract<Decoded, { ok: true }>): Attribute[] {
  const { width, height, orientation } = picture
  return [
    attribute('dimensions', `${width}x${height}`),
    ...(orientation > 1 ? [attribute('exif-orientation', String(orientation))] : []),
    ...(pages > 1 ? [attribute('pages', String(pages))] : []),
    ...(leniently === null ? [] : [attribute('decode-warning', leniently)]),
  ]
}

function attribute(name: string, value: string): Attribute {
  return { kind: 'attribute', name, value }
}

function resultOf({ leniently }: Extract<Decoded, { ok: true }>): Examination['result'] {
  return leniently === null
    ? { result: 'done' }
    : { result: 'done-with-warnings', reason: 'decoded-leniently', detail: leniently }
}

function nothing(result: Examination['result']): Awaited<ReturnType<Look>> {
  return { reply: { result, findings: [], preview: null }, cells: Buffer.alloc(0) }
}
