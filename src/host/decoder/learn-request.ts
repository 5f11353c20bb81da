/** Requests of the main process for the features of a picture and for a training, in confined processes. */
import type { Feature } from '../../classify/head-card.ts'
import type { Limits } from '../../contracts/case.ts'
import type { Content } from '../../contracts/content.ts'
import type { TrainingRow } from '../../learn/rows.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'
import {
  COLOURS,
  type FeaturesHeader,
  type FeaturesReply,
  featuresReply,
  type LearnHeader,
  type LearnReply,
  learnReply,
} from '../../wire/learn.ts'
import { JobPool } from './job-pool.ts'

export interface PictureFeatures {
  readonly pdq: string | null
  /** Null: it was not decoded, or has too little in it to be judged. */
  readonly values: Buffer | null
}

/** Children that return the features of pictures. Close it when the last picture was seen. */
export function featurePool(
  features: readonly Feature[],
  workers: number,
  limits: Limits,
  allowUnconfined: boolean,
): JobPool {
  return new JobPool({
    size: workers,
    ops: ['features'],
    config: { features: { features } },
    dataBytes: limits.childDataBytes,
    cpuMs: limits.decodeCpuMs,
    allowUnconfined,
  })
}

export async function featuresOfPicture(
  pool: JobPool,
  { mediaType, digests }: Content,
  bytes: Buffer,
  width: number,
  { pixels, leastModelSide }: Limits,
): Promise<PictureFeatures> {
  const header: FeaturesHeader = {
    mediaType,
    pixels,
    ...(leastModelSide !== undefined && { leastModelSide }),
  }
  const payloadBytes = 4 * width
  const check = (said: unknown, found: Buffer): FeaturesReply => {
    const reply = featuresReply(said)
    if (found.length !== (reply.refused === null ? payloadBytes : 0))
      throw new ImplausibleReply('features of another size')
    for (let at = 0; at < found.length; at += 4)
      if (!Number.isFinite(found.readFloatLE(at))) throw new ImplausibleReply('a feature that is no number')
    return reply
  }
  const outcome = await pool.run({
    op: 'features',
    header,
    bytes,
    sha256: digests.sha256,
    reply: { headerBytes: 4096, payloadBytes, totalBytes: payloadBytes + 8192 },
    check,
  })
  if (!outcome.done) return { pdq: null, values: null }
  const { refused, pdq } = check(outcome.header, outcome.bytes)
  return { pdq, values: refused === null ? outcome.bytes : null }
}

const LEARN_CPU_MS = 6 * 3_600_000
const MOST_ONNX_BYTES = 1 << 20

/** @param values the features of the rows, one after the other */
export async function learn(
  rows: readonly TrainingRow[],
  values: readonly Buffer[],
  width: number,
  limits: Limits,
  allowUnconfined: boolean,
): Promise<{ readonly reply: LearnReply; readonly onnx: Buffer }> {
  const text = Buffer.from(JSON.stringify(rows))
  const pool = new JobPool({
    size: 1,
    ops: ['learn'],
    dataBytes: limits.childDataBytes,
    cpuMs: LEARN_CPU_MS,
    allowUnconfined,
  })
  try {
    const outcome = await pool.run({
      op: 'learn',
      header: { rowsBytes: text.length, width } satisfies LearnHeader,
      bytes: Buffer.concat([text, ...values]),
      sha256: null,
      reply: { headerBytes: 1 << 16, payloadBytes: MOST_ONNX_BYTES, totalBytes: 2 * MOST_ONNX_BYTES },
      check: learnReply,
    })
    if (!outcome.done)
      return {
        reply: { done: false, why: `the training process ended (${outcome.reason})` },
        onnx: Buffer.alloc(0),
      }
    return { reply: learnReply(outcome.header), onnx: outcome.bytes }
  } finally {
    await pool.close()
  }
}

/** Numbers of a row: the features, then the colours of the baseline. */
export function widthOf(features: readonly Feature[]): number {
  return features.reduce((sum, { size }) => sum + size, COLOURS)
}
