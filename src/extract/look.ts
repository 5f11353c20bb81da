/** Looks at one content, inside a child: decode once, then perceptual hash, classifiers and preview from the same pixels. */
import type { Attribute, Examination, Score } from '../contracts.ts'
import { digestsOf } from '../hash/digest.ts'
import { animationFrames } from './animation.ts'
import { type ByteSource, sha256Of, sourceOfBuffer, sourceOfDescriptor } from './byte-source.ts'
import { decodePicture, loadDecoders } from './decode.ts'
import { FrameSet } from './frame-set.ts'
import type { LookParts } from './look-parts.ts'
import type { LookFinding, LookHeader, LookReply } from './look-request.ts'
import { embeddedThumbnail, metadataOf } from './metadata.ts'
import type { Decoded, Picture } from './picture.ts'
import { previewOf } from './preview.ts'
import { toPixels } from './scale.ts'
import { thumbnailAttributes } from './thumbnail.ts'
import { THUMBNAIL_TYPE } from './thumbnail-entry.ts'
import { lookAtVideo } from './video.ts'
import { isVideoType } from './video-types.ts'

export type Look = (
  header: LookHeader,
  bytes: Buffer,
  fd: number | null,
) => Promise<{ readonly reply: LookReply; readonly cells: Buffer }>

export async function prepareLook(parts: LookParts): Promise<Look> {
  await loadDecoders()
  return async (header, bytes, fd) => {
    const source = fd === null ? sourceOfBuffer(bytes) : sourceOfDescriptor(fd)
    // Bytes over the pipe were checked already; what a descriptor reads is checked here.
    if (fd !== null && header.sha256 !== null && sha256Of(source) !== header.sha256) {
      return nothing({ result: 'not-done', reason: 'digest-mismatch' })
    }
    if (isVideoType(header.mediaType)) return video(parts, header, source)
    return picture(parts, header, fd === null ? bytes : source.read(0, source.sizeBytes))
  }
}

async function video(parts: LookParts, header: LookHeader, source: ByteSource): ReturnType<Look> {
  const { result, attributes, frames } = await lookAtVideo(parts, header, source)
  if (!frames) return nothing(result)
  return answer(header, result, [...attributes, ...frames.hashes], frames.scores, () => frames.preview)
}

async function picture(parts: LookParts, header: LookHeader, bytes: Buffer): ReturnType<Look> {
  // Before anything can fail: of a damaged picture the thumbnail may be all that is left.
  const inside = header.thumbnail ? await embeddedThumbnail(bytes, header.mediaType) : null
  const thumbnail = inside && { digests: digestsOf(inside), sizeBytes: inside.length }
  const decoded = await decodePicture(bytes, header.mediaType, { pixels: header.pixels })
  if (!decoded.ok) {
    return nothing({ result: 'not-done', reason: decoded.reason, detail: decoded.detail }, thumbnail)
  }
  const findings: LookFinding[] = attributesOf(decoded)
  if (parts.pdq) findings.push(...perceptualHashes(parts, parts.pdq, decoded.picture, header.orientations))
  const pixels = await toPixels(decoded.picture)
  const opinion = (await parts.classify?.(pixels)) ?? { scores: [], attributes: [] }
  findings.push(...opinion.attributes, ...(await metadataOf(bytes, header.mediaType, header)))
  const animation = await animated(parts, header, bytes, decoded)
  findings.push(...(await thumbnailFindings(parts, inside, decoded.picture)), ...animation.findings)
  const scores = strongest([...opinion.scores, ...animation.scores])
  const result = animation.result ?? resultOf(decoded)
  return answer(header, result, findings, scores, () => previewOf(pixels), thumbnail)
}

/** Whether the thumbnail inside shows the same. It is looked at as an entry of its own, so nothing is scored here. */
async function thumbnailFindings(
  parts: LookParts,
  thumbnail: Buffer | null,
  outer: Picture,
): Promise<LookFinding[]> {
  if (thumbnail === null) return []
  const decoded = await decodePicture(thumbnail, THUMBNAIL_TYPE, { pixels: THUMBNAIL_PIXELS })
  if (!decoded.ok) return [attribute('embedded-thumbnail', decoded.reason)]
  const { width, height } = decoded.picture
  return [
    attribute('embedded-thumbnail', `${width}x${height}`),
    ...(parts.pdq ? thumbnailAttributes(parts.pdq, outer, decoded.picture) : []),
  ]
}

/** Larger ones are no thumbnails; cameras' previews of 1620 × 1080 still pass. */
const THUMBNAIL_PIXELS = 4_000_000

/** Later frames of an animation: the first one may be harmless on purpose. */
async function animated(
  parts: LookParts,
  header: LookHeader,
  bytes: Buffer,
  decoded: Extract<Decoded, { ok: true }>,
): Promise<{ findings: LookFinding[]; scores: readonly Score[]; result: Examination['result'] | null }> {
  const frames = new FrameSet(parts, 'pdq', false)
  const ending = await animationFrames(bytes, header, decoded, (frame) => frames.add(frame))
  if (ending === null) return { findings: [], scores: [], result: null }
  await frames.finish()
  return {
    findings: [...frames.hashes, ...frames.summary],
    scores: frames.scores,
    result: ending.result === 'done' ? null : ending,
  }
}

function answer(
  header: LookHeader,
  result: Examination['result'],
  findings: readonly LookFinding[],
  scores: readonly Score[],
  preview: () => ReturnType<typeof previewOf>,
  thumbnail: LookReply['thumbnail'] = null,
): Awaited<ReturnType<Look>> {
  const wanted = header.preview === 'always' || (header.preview === 'leads' && scores.some(isLead))
  const made = wanted ? preview() : null
  return {
    reply: {
      result,
      findings: [...findings, ...scores],
      preview: made && { width: made.width, height: made.height },
      thumbnail,
    },
    cells: made?.cells ?? Buffer.alloc(0),
  }
}

/** One score a classifier and label: the highest. */
function strongest(scores: readonly Score[]): Score[] {
  const best = new Map<string, Score>()
  for (const score of scores) {
    const key = `${score.classifier}\0${score.label}`
    const known = best.get(key)
    if (!known || score.scorePer10k > known.scorePer10k) best.set(key, score)
  }
  return [...best.values()]
}

function isLead({ scorePer10k, thresholdPer10k }: Score): boolean {
  return thresholdPer10k !== null && scorePer10k >= thresholdPer10k
}

function perceptualHashes(
  parts: LookParts,
  pdq: NonNullable<LookParts['pdq']>,
  { data, width, height, channels }: Picture,
  orientations: boolean,
): LookFinding[] {
  const { hex, quality } = pdq(data, width, height, channels)
  const turned = orientations ? (parts.pdqOrientations?.(data, width, height, channels) ?? {}) : {}
  return Object.entries({ ...turned, original: hex }).map(([part, hash]) => ({
    kind: 'perceptual-hash',
    algorithm: 'pdq',
    hex: hash,
    quality,
    flavour: 'full',
    part,
  }))
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

function nothing(
  result: Examination['result'],
  thumbnail: LookReply['thumbnail'] = null,
): Awaited<ReturnType<Look>> {
  return { reply: { result, findings: [], preview: null, thumbnail }, cells: Buffer.alloc(0) }
}
