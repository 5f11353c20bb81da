/**
 * Media analysis of one content, in a child: decodes once, then makes perceptual hash, scores and preview from the same
 * pixels.
 */

import type { NotJudged } from '../../../classify/judged.ts'
import { type Attribute, attribute } from '../../../contracts/attribute.ts'
import type { Score } from '../../../contracts/finding.ts'
import { notDone, type StageResult, withWarnings } from '../../../contracts/stage.ts'
import { type ByteSource, sha256Of, sourceOfBuffer } from '../../../formats/bytes/byte-source.ts'
import { inShort } from '../../../formats/bytes/coded-error.ts'
import { metadataOf } from '../../../formats/media/metadata/metadata.ts'
import { statedOrigin } from '../../../formats/media/metadata/stated-origin.ts'
import { decodePicture, loadDecoders } from '../../../formats/media/picture/decode.ts'
import type { Decoded, Picture } from '../../../formats/media/pixels/picture.ts'
import { release } from '../../../formats/media/pixels/pixel-memory.ts'
import { toPixels } from '../../../formats/media/pixels/scale.ts'
import { embeddedThumbnails } from '../../../formats/media/thumbnails/embedded-thumbnails.ts'
import { digestsOf } from '../../../hash/digest.ts'
import { lookOf } from '../../../media-types/applies.ts'
import type { LookHeader } from '../../../wire/look.ts'
import type { LookFinding, LookReply } from '../../../wire/look-reply.ts'
import type { Embedded, EmbeddedThumbnails } from '../../../wire/thumbnail-entry.ts'
import { AgencyHashes } from './agency-hashes.ts'
import { animationFrames } from './animation.ts'
import { FrameSet } from './frame-set.ts'
import { type LookParts, type Opinion, partsOf } from './look-parts.ts'
import { previewOf, previewOfPixels } from './preview.ts'
import { thumbnailAttributes } from './thumbnail.ts'
import { lookAtVideo } from './video.ts'

export type Look = (
  header: LookHeader,
  bytes: Buffer,
  lent: ByteSource | null,
) => Promise<{ readonly reply: LookReply; readonly cells: Buffer }>

export async function prepareLook(all: LookParts): Promise<Look> {
  await loadDecoders()
  return async (header, bytes, lent) => {
    const parts = partsOf(all, header.leastModelSide)
    const source = lent ?? sourceOfBuffer(bytes)
    // Bytes from the pipe are already verified; bytes from a descriptor are verified here.
    if (lent !== null && header.sha256 !== null && sha256Of(source) !== header.sha256) {
      return nothing(notDone('digest-mismatch'))
    }
    if (lookOf(header.mediaType) === 'video') return video(parts, header, source)
    const whole = lent === null ? bytes : source.read(0, source.sizeBytes)
    return picture(parts, header, whole)
  }
}

async function video(parts: LookParts, header: LookHeader, source: ByteSource): ReturnType<Look> {
  const agency = new AgencyHashes(parts)
  const seen = { ...parts, sampledFrame: agency.add.bind(agency) }
  const { result, attributes, hashes, frames } = await lookAtVideo(seen, header, source)
  if (!frames) return nothing(result)
  const findings = [...attributes, ...hashes, ...agency.hashes]
  return answer(header, agency.resultOr(result), findings, frames.scores, () => frames.preview)
}

async function picture(parts: LookParts, header: LookHeader, bytes: Buffer): ReturnType<Look> {
  // First, before anything can fail: the thumbnail may be the only readable part of a damaged picture.
  const inside = header.thumbnails ? await embeddedThumbnails(bytes, header.mediaType) : NO_THUMBNAILS
  const thumbnails = inside.found.map(thumbnailEntry)
  const decoded = await decodePicture(bytes, header.mediaType, { pixels: header.pixels })
  if (!decoded.ok) {
    return nothing(notDone(decoded.reason, decoded.detail), thumbnails)
  }
  const findings: LookFinding[] = attributesOf(decoded)
  const { data, width, height, channels } = decoded.picture
  const hash = parts.pdq?.(data, width, height, channels) ?? null
  if (hash) findings.push(...perceptualHashes(parts, hash, decoded.picture, header.orientations))
  const agency = new AgencyHashes(parts)
  agency.add(decoded.picture, 'original')
  // Downscaled for classifiers alone: it costs twice as much as all other steps without decoding.
  const pixels = parts.classify === null ? null : await toPixels(decoded.picture)
  const opinion = (pixels && (await parts.classify?.(pixels))) || NO_OPINION
  findings.push(
    ...opinion.attributes,
    ...(await metadataOf(bytes, header.mediaType, header)),
    ...statedOrigin(bytes, parts.trusted ?? null),
  )
  const seen = { ...parts, sampledFrame: agency.add.bind(agency) }
  const animation = await animated(seen, header, bytes, decoded)
  findings.push(...agency.hashes)
  const outer = { picture: decoded.picture, mediaType: header.mediaType, hash }
  findings.push(...(await thumbnailAttributes(parts, outer, inside)), ...animation.findings)
  const scores = strongest([...withoutOpinions(opinion.scores, animation.scores), ...animation.scores])
  const why = scores.length === 0 ? (opinion.notJudged ?? null) : null
  const result = agency.resultOr(animation.result ?? resultOf(decoded, why))
  // The result has room for one of two warnings.
  if (animation.result && decoded.leniently)
    findings.push(attribute('decode-warning', { said: inShort(decoded.leniently) }))
  // Of the copy for models where there is one; made for a preview alone, it would cost four times as much as the preview.
  const preview = () => (pixels ? previewOfPixels(pixels) : previewOf(decoded.picture))
  const answered = answer(header, result, findings, scores, preview, thumbnails)
  for (const large of [data, ...(pixels ? [pixels.rgb] : [])]) release(large)
  return answered
}

const NO_OPINION: Opinion = { scores: [], attributes: [] }
const NO_THUMBNAILS: EmbeddedThumbnails = { found: [], notes: [] }

function thumbnailEntry({ name, mediaType, bytes }: Embedded): LookReply['thumbnails'][number] {
  return { name, mediaType, digests: digestsOf(bytes), sizeBytes: bytes.length }
}

/** Later frames of an animation: the first one may be harmless on purpose. */
async function animated(
  parts: LookParts,
  header: LookHeader,
  bytes: Buffer,
  decoded: Extract<Decoded, { ok: true }>,
): Promise<{ findings: LookFinding[]; scores: readonly Score[]; result: StageResult | null }> {
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
  result: StageResult,
  findings: readonly LookFinding[],
  scores: readonly Score[],
  preview: () => ReturnType<typeof previewOf> | null,
  thumbnails: LookReply['thumbnails'] = [],
): Awaited<ReturnType<Look>> {
  const wanted = header.preview === 'always' || (header.preview === 'leads' && scores.some(isLead))
  const made = wanted ? preview() : null
  return {
    reply: {
      result,
      findings: [...findings, ...scores],
      preview: made && { width: made.width, height: made.height },
      thumbnails,
    },
    cells: made?.cells ?? Buffer.alloc(0),
  }
}

const OF_FIRST_ALONE: readonly string[] = [
  'person',
  'person-at-face',
  'covered-face',
  'face-again',
  'close-up-hand',
]

/** Second opinions are of the first picture alone: they say nothing about leads of others. */
function withoutOpinions(first: readonly Score[], others: readonly Score[]): readonly Score[] {
  return others.some(isLead) ? first.filter(({ label }) => !OF_FIRST_ALONE.includes(label)) : first
}

/** The highest score per classifier and label. */
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
  { hex, quality }: { readonly hex: string; readonly quality: number },
  { data, width, height, channels }: Picture,
  orientations: boolean,
): LookFinding[] {
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

function attributesOf({ picture, pages }: Extract<Decoded, { ok: true }>): Attribute[] {
  const { width, height, orientation } = picture
  return [
    attribute('dimensions', { width, height }),
    ...(orientation > 1 ? [attribute('exif-orientation', { orientation })] : []),
    ...(pages > 1 ? [attribute('pages', { pages })] : []),
  ]
}

function resultOf({ leniently }: Extract<Decoded, { ok: true }>, why: NotJudged | null): StageResult {
  if (leniently !== null) return withWarnings('decoded-leniently', leniently)
  return why === null ? { result: 'done' } : withWarnings(why)
}

function nothing(result: StageResult, thumbnails: LookReply['thumbnails'] = []): Awaited<ReturnType<Look>> {
  return { reply: { result, findings: [], preview: null, thumbnails }, cells: Buffer.alloc(0) }
}
