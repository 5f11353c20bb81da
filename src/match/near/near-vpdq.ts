/**
 * vPDQ: two videos are alike when many frames of one have a frame of the other within PDQ distance.
 *
 * Distances count up to and including the limit, as for pictures. (The reference's C++ compares videos with "less than"
 * and pictures with "at most"; one rule is easier to explain.)
 *
 * @see https://github.com/facebook/ThreatExchange/tree/main/vpdq
 */
import { NearIndex, PDQ_MAX_DISTANCE_BITS } from './near-index.ts'
import { PDQ_MIN_QUALITY } from './near-matcher.ts'

export interface VpdqFrame {
  /** 32 bytes, most significant first. */
  readonly hash: Uint8Array
  /** 0–100. */
  readonly quality: number
}

export interface VpdqOptions {
  /** Frames below are left out on both sides. */
  readonly minQuality?: number
  readonly maxDistance?: number
}

export interface VpdqSide {
  /** Distinct frame hashes of sufficient quality. */
  readonly frames: number
  /** Of those, how many have a partner in the other video. */
  readonly matched: number
  /** 0–100; 0 without frames. */
  readonly percent: number
}

export interface VpdqComparison {
  readonly query: VpdqSide
  readonly target: VpdqSide
}

export function vpdqCompare(
  query: readonly VpdqFrame[],
  target: readonly VpdqFrame[],
  { minQuality = PDQ_MIN_QUALITY, maxDistance = PDQ_MAX_DISTANCE_BITS }: VpdqOptions = {},
): VpdqComparison {
  const [ours, theirs] = [distinctHashes(query, minQuality), distinctHashes(target, minQuality)]
  return { query: sideOf(ours, theirs, maxDistance), target: sideOf(theirs, ours, maxDistance) }
}

/** Whether a comparison reaches the shares asked for; the reference's defaults: 80 % of the query, any of the target. */
export function vpdqAlike(
  { query, target }: VpdqComparison,
  {
    queryPercent = 80,
    targetPercent = 0,
  }: { readonly queryPercent?: number; readonly targetPercent?: number } = {},
): boolean {
  return query.matched > 0 && query.percent >= queryPercent && target.percent >= targetPercent
}

/** One after the other, in order of first appearance. */
function distinctHashes(frames: readonly VpdqFrame[], minQuality: number): Uint8Array {
  const distinct = new Map<string, Uint8Array>()
  for (const { hash, quality } of frames) {
    if (quality >= minQuality) distinct.set(Buffer.from(hash).toString('latin1'), hash)
  }
  return Buffer.concat([...distinct.values()])
}

function sideOf(hashes: Uint8Array, others: Uint8Array, maxDistance: number): VpdqSide {
  const frames = hashes.length / 32
  const index = NearIndex.build(others)
  let matched = 0
  for (let k = 0; k < frames; k++) {
    if (index.query(hashes.subarray(32 * k, 32 * (k + 1)), maxDistance).length > 0) matched++
  }
  return { frames, matched, percent: frames === 0 ? 0 : (100 * matched) / frames }
}
