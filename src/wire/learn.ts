/** Messages about the training of a head: features of one picture, and the training itself. */
import * as v from 'valibot'
import { checked, countUpTo, type Message } from './checks.ts'

export interface FeaturesHeader {
  readonly mediaType: string
  readonly pixels: number
  readonly leastModelSide?: number
}

const HEX_PDQ = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))

const FEATURES_REPLY = v.object({
  /** Why there are no features; null: the payload has them. */
  refused: v.nullable(v.picklist(['not-decoded', 'not-judged'])),
  pdq: v.nullable(HEX_PDQ),
})
export type FeaturesReply = Message<typeof FEATURES_REPLY>

export const featuresReply = (header: unknown): FeaturesReply =>
  checked(FEATURES_REPLY, header, 'the features of a picture')

/** Cells of the colour histogram that follows the features: the baseline of a training. */
export const COLOURS = 64

/** The job of a training. Its payload is the rows as JSON, `rowsBytes` long, then their features as float32. */
export interface LearnHeader {
  readonly rowsBytes: number
  readonly width: number
}

const share = v.pipe(v.number(), v.finite())
const INTERVAL = v.object({ value: share, low: share, high: share })
const RECALLS = v.pipe(v.array(v.object({ rate: share, recall: INTERVAL })), v.maxLength(2))
const AS_USED = { recall: v.nullable(INTERVAL), falsePositiveRate: v.nullable(INTERVAL) }
const PER_10K = countUpTo(10_000)
const COUNT = countUpTo(10_000_000)

/** The payload of the reply is the ONNX file of the head. */
const LEARN_REPLY = v.variant('done', [
  v.object({ done: v.literal(false), why: v.pipe(v.string(), v.maxLength(400)) }),
  v.object({
    done: v.literal(true),
    leadPer10k: PER_10K,
    alertPer10k: v.nullable(PER_10K),
    positives: COUNT,
    clusters: COUNT,
    measured: v.object({
      groups: COUNT,
      folds: COUNT,
      ridge: share,
      ridges: v.pipe(v.array(share), v.maxLength(10)),
      areaUnderCurve: v.nullable(INTERVAL),
      recallAt: v.pipe(RECALLS, v.minLength(1)),
      asUsed: v.object(AS_USED),
      byGroup: v.pipe(
        v.array(
          v.object({
            group: v.pipe(v.string(), v.maxLength(200)),
            value: v.pipe(v.string(), v.maxLength(200)),
            ...AS_USED,
          }),
        ),
        v.maxLength(100),
      ),
      calibration: v.pipe(
        v.array(
          v.object({
            from: share,
            to: share,
            rows: COUNT,
            estimated: v.nullable(share),
            observed: v.nullable(share),
          }),
        ),
        v.maxLength(20),
      ),
      learningCurve: v.pipe(v.array(v.object({ share, recallAt: RECALLS })), v.maxLength(10)),
      coloursAlone: RECALLS,
      withoutGroups: RECALLS,
    }),
  }),
])
export type LearnReply = Message<typeof LEARN_REPLY>

export const learnReply = (header: unknown): LearnReply => checked(LEARN_REPLY, header, 'a training')
