/** Combines the results of several frames of one content. No frame lowers the result of another frame. */

import { canonicalJson } from '../../../base/canonical-json.ts'
import type { NotJudged } from '../../../classify/judged.ts'
import { type Attribute, attribute } from '../../../contracts/attribute.ts'
import type { Pixels } from '../../../contracts/content.ts'
import type { PerceptualHash, Preview, Score } from '../../../contracts/finding.ts'
import { framePart } from '../../../contracts/frame-part.ts'
import { toPixels } from '../../../formats/media/pixels/scale.ts'
import { inFrames, withinBounds } from './frame-attributes.ts'
import type { LookParts, Opinion } from './look-parts.ts'
import { previewOfPixels } from './preview.ts'
import { sameThing } from './same-frame.ts'

/**
 * Distinct frames that classifiers see, as many as a long video is sampled at (0.1 to 0.3 s of CPU each with every
 * model); the hash is cheap and made of every sampled frame.
 */
const CLASSIFIED_FRAMES = 72
/**
 * Frames for the expensive models: those with the highest scores of the fast models. Measured on 720p: 230 ms a frame
 * with every model, 55 ms with the fast ones.
 */
const DEAR_FRAMES = 16

export interface RawFrame {
  readonly number: number
  readonly timeMs: number
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
  readonly orientation: number
  /** Second in which its hash counts when videos are compared; absent for single samples and animations. */
  readonly second?: number
}

type FrameTime = Pick<RawFrame, 'number' | 'timeMs'>
const NO_OPINION: Opinion = { scores: [], attributes: [] }

interface Seen {
  readonly number: number
  readonly hash: Uint8Array | null
}

interface Tally {
  readonly score: Score
  readonly timeMs: number
  readonly all: number[]
}

export class FrameSet {
  /** Hashes of the stream that players show. Frames of other streams would dilute it, and lists have none. */
  readonly hashes: PerceptualHash[] = []
  /** Frames that were added, of every stream. */
  sampled = 0
  classified = 0
  /** Distinct frames that were left out because of the cap. */
  leftOut = 0
  readonly #parts: LookParts
  readonly #algorithm: 'pdq' | 'vpdq'
  readonly #keepPreview: boolean
  readonly #seen = new Map<number, Seen>()
  readonly #distinct: Seen[] = []
  #waiting: { readonly at: FrameTime; readonly pixels: Pixels; readonly opinion: Opinion }[] = []
  #byFastModels = 0
  readonly #tallies = new Map<string, Tally>()
  #notJudged: NotJudged | null = null
  #framesWithFaces = 0
  readonly #ageBands = new Map<string, number>()
  readonly #attributes = new Map<string, { attribute: Attribute; frames: number }>()
  #best: { readonly margin: number; readonly pixels: Pixels } | null = null

  constructor(parts: LookParts, algorithm: 'pdq' | 'vpdq', keepPreview: boolean) {
    this.#parts = parts
    this.#algorithm = algorithm
    this.#keepPreview = keepPreview
  }

  /** @param hash whether its hash is one of the content's */
  async add(frame: RawFrame, hash = true): Promise<void> {
    this.sampled++
    const picture = { ...frame, channels: 3, data: frame.rgb } as const
    this.#parts.sampledFrame?.(picture, framePart(frame.number, null))
    const seen = { number: frame.number, hash: this.#hash(frame, hash) }
    this.#seen.set(frame.number, seen)
    if (this.#distinct.some((other) => sameThing(other.hash, seen.hash))) return
    if (this.classified >= CLASSIFIED_FRAMES) {
      this.leftOut++
      return
    }
    this.#distinct.push(seen)
    this.classified++
    const pixels = await toPixels(picture)
    const opinion = (await this.#parts.classify?.(pixels, 'fast')) ?? NO_OPINION
    this.#notJudged ??= opinion.notJudged ?? null
    const at = { number: frame.number, timeMs: frame.timeMs }
    if (opinion.leftOut) this.#waiting.push({ at, pixels, opinion })
    else this.#count(at, pixels, opinion)
  }

  /** Call after the last frame: expensive models analyse the frames with the highest scores of the fast models. */
  async finish(): Promise<void> {
    const order = [...this.#waiting].sort(
      (a, b) => marginOf(b.opinion) - marginOf(a.opinion) || a.at.number - b.at.number,
    )
    this.#waiting = []
    for (const [i, { at, pixels, opinion }] of order.entries()) {
      const whole = i < DEAR_FRAMES ? await this.#parts.classify?.(pixels, 'whole') : undefined
      if (!whole) this.#byFastModels++
      this.#count(at, pixels, whole ?? opinion)
    }
  }

  /** Whether two added frames, by number, are not near-duplicates of each other. */
  differ(a: number, b: number): boolean {
    const [first, second] = [this.#seen.get(a)?.hash ?? null, this.#seen.get(b)?.hash ?? null]
    return !sameThing(first, second)
  }

  /** The highest score of each label over the whole video. */
  get scores(): Score[] {
    return [...this.#tallies.values()].map(({ score }) => score)
  }

  /** Why no model judged any frame; null if one was judged. */
  get notJudged(): NotJudged | null {
    return this.#tallies.size === 0 ? this.#notJudged : null
  }

  /** Counts above the threshold with highest and lowest score, one line per label, and other attributes. */
  get summary(): Attribute[] {
    const counts = [...this.#tallies.values()].flatMap(({ score, timeMs, all }) => {
      const { label, thresholdPer10k, scorePer10k } = score
      if (thresholdPer10k === null) return []
      const above = all.filter((value) => value >= thresholdPer10k).length
      return [
        attribute('frames-over-threshold', {
          label,
          above,
          distinct: all.length,
          thresholdPer10k,
          highestPer10k: scorePer10k,
          highestMs: Math.round(timeMs),
          lowestPer10k: Math.min(...all),
        }),
      ]
    })
    const found = [...this.#attributes.values()].map(({ attribute, frames }) =>
      inFrames(attribute, frames, this.classified),
    )
    const fast =
      this.#byFastModels === 0
        ? []
        : [
            attribute('frames-by-quick-models-only', {
              frames: this.#byFastModels,
              distinct: this.classified,
              slow: DEAR_FRAMES,
            }),
          ]
    return [...counts, ...fast, ...this.#faces, ...withinBounds(found)]
  }

  /** Faces per frame would be hundreds of lines; the number of frames per apparent age orders the review. */
  get #faces(): Attribute[] {
    if (this.#framesWithFaces === 0) return []
    const framesOf = (band: string) => this.#ageBands.get(band) ?? 0
    return [
      attribute('faces-in-frames', {
        frames: this.#framesWithFaces,
        distinct: this.classified,
        likely: framesOf('likely'),
        possible: framesOf('possible'),
        belowBoth: framesOf('below-both'),
      }),
    ]
  }

  /** Preview of the frame that is furthest above (or nearest below) a threshold. */
  get preview(): Preview | null {
    return this.#best && previewOfPixels(this.#best.pixels)
  }

  #hash(frame: RawFrame, keep: boolean): Uint8Array | null {
    if (!this.#parts.pdq) return null
    const { hex, quality } = this.#parts.pdq(frame.rgb, frame.width, frame.height, 3)
    if (keep)
      this.hashes.push({
        kind: 'perceptual-hash',
        algorithm: this.#algorithm,
        hex,
        quality,
        flavour: 'full',
        part: framePart(frame.number, frame.second ?? null),
      })
    return Buffer.from(hex, 'hex')
  }

  #count(frame: FrameTime, pixels: Pixels, opinion: Opinion): void {
    const { scores, attributes } = opinion
    for (const score of scores) {
      const key = `${score.classifier}\0${score.label}`
      const tally = this.#tallies.get(key)
      tally?.all.push(score.scorePer10k)
      if (!tally) this.#tallies.set(key, { score, timeMs: frame.timeMs, all: [score.scorePer10k] })
      else if (score.scorePer10k > tally.score.scorePer10k) {
        this.#tallies.set(key, { score, timeMs: frame.timeMs, all: tally.all })
      }
    }
    const faces = attributes.filter((one) => one.code === 'face')
    if (faces.length > 0) this.#framesWithFaces++
    for (const band of new Set(faces.flatMap(({ params }) => params.ageBand ?? []))) {
      this.#ageBands.set(band, (this.#ageBands.get(band) ?? 0) + 1)
    }
    for (const attribute of attributes.filter(({ code }) => code !== 'face')) {
      const key = canonicalJson(attribute)
      const known = this.#attributes.get(key)
      this.#attributes.set(key, { attribute, frames: (known?.frames ?? 0) + 1 })
    }
    const margin = marginOf(opinion)
    if (this.#keepPreview && (this.#best === null || margin > this.#best.margin)) {
      this.#best = { margin, pixels }
    }
  }
}

/** Distance of the strongest score above (or below) its threshold. */
function marginOf({ scores }: Opinion): number {
  return Math.max(
    Number.NEGATIVE_INFINITY,
    ...scores.flatMap(({ scorePer10k, thresholdPer10k }) =>
      thresholdPer10k === null ? [] : [scorePer10k - thresholdPer10k],
    ),
  )
}
