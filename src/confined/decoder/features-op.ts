/**
 * The `features` operation: decodes one picture as a scan does, and returns the features that a head is trained on, its PDQ
 * and the histogram of its colours.
 */
import { MODELS_DIR } from '../../base/version.ts'
import { featuresOf, tappedRunner } from '../../classify/backbones.ts'
import type { Feature } from '../../classify/head-card.ts'
import { notJudged } from '../../classify/judged.ts'
import type { Pixels } from '../../contracts/content.ts'
import { decodePicture, loadDecoders } from '../../formats/media/picture/decode.ts'
import { release } from '../../formats/media/pixels/pixel-memory.ts'
import { toPixels } from '../../formats/media/pixels/scale.ts'
import { pdqFromRgb } from '../../hash/pdq.ts'
import { COLOURS, type FeaturesHeader, type FeaturesReply } from '../../wire/learn.ts'
import type { OpRun } from './op.ts'

export interface FeaturesConfig {
  readonly features: readonly Feature[]
}

/** PDQ of a lower quality says nothing about likeness. @see Facebook, "The TMK+PDQF…", 2019 */
const LEAST_QUALITY = 50

export async function prepareFeaturesOp(config: unknown): Promise<OpRun> {
  const { features } = config as FeaturesConfig
  await loadDecoders()
  const runners = features.map((feature) => tappedRunner(MODELS_DIR, feature))
  for (const runner of runners) await runner.ready()
  return async ({ header, bytes }) => {
    const { mediaType, pixels: most, leastModelSide } = header as FeaturesHeader
    const decoded = await decodePicture(bytes, mediaType, { pixels: most })
    if (!decoded.ok) return refused('not-decoded', null)
    const { data, width, height, channels } = decoded.picture
    const { hex, quality } = pdqFromRgb(data, width, height, channels)
    const pdq = quality < LEAST_QUALITY ? null : hex
    const pixels = await toPixels(decoded.picture)
    const isJudged = notJudged(pixels, leastModelSide) === null
    const numbers = isJudged ? [await featuresOf(runners, pixels), coloursOf(pixels)] : []
    for (const large of [data, pixels.rgb, bytes]) release(large)
    if (!isJudged) return refused('not-judged', pdq)
    const payload = Buffer.concat(
      numbers.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)),
    )
    return { header: { refused: null, pdq } satisfies FeaturesReply, bytes: payload }
  }
}

function refused(why: NonNullable<FeaturesReply['refused']>, pdq: string | null) {
  return { header: { refused: why, pdq } satisfies FeaturesReply, bytes: Buffer.alloc(0) }
}

/** Shares of 4 × 4 × 4 colours, as square roots: no colour outweighs the others. */
function coloursOf({ width, height, rgb }: Pixels): Float32Array {
  const counts = new Float32Array(COLOURS)
  for (let at = 0; at < width * height * 3; at += 3)
    counts[((rgb[at]! >> 6) << 4) | ((rgb[at + 1]! >> 6) << 2) | (rgb[at + 2]! >> 6)]!++
  return counts.map((count) => Math.sqrt(count / (width * height)))
}
