/**
 * Rules for reused analyses: a near-exact copy with the same shape may reuse the analysis of a picture without
 * findings.
 *
 * Only an analysis without findings is reused. A copy is analysed by itself if the original scores at or near a
 * threshold, shows a face or is not a photograph (two screenshots of one program are alike to PDQ). The same holds if a
 * model with unmeasured error on copies scored the original, or if the quick detector finds a face in the copy.
 * Measurements: docs/evidence/models.md.
 */
import type { Finding, PerceptualHash } from '../contracts/finding.ts'
import type { LookQuestion } from '../wire/look-reply.ts'
import { THRESHOLDS } from './thresholds.ts'

/** Width to height may differ by so much: copies of another size are rounded to whole pixels. */
const SHAPE = 0.01

/** The hash of a plain picture is not distinctive. */
export function isDistinctive({ quality }: LookQuestion): boolean {
  return quality >= THRESHOLDS.sharing.quality
}

export function isNearExact(a: LookQuestion, b: LookQuestion): boolean {
  if (!isDistinctive(a) || !isDistinctive(b) || !isOneShape(a, b)) return false
  return bitsBetween(Buffer.from(a.hex, 'hex'), Buffer.from(b.hex, 'hex')) <= THRESHOLDS.sharing.bits
}

type Shape = Pick<LookQuestion, 'width' | 'height' | 'orientation'>

export function isOneShape(a: Shape, b: Shape): boolean {
  const [first, second] = [a.width * b.height, b.width * a.height]
  return a.orientation === b.orientation && Math.abs(first - second) <= SHAPE * Math.max(first, second)
}

/** @param first hash, 32 bytes, as `second` */
export function bitsBetween(first: Uint8Array, second: Uint8Array): number {
  let bits = 0
  for (let i = 0; i < first.length; i++) for (let x = first[i]! ^ second[i]!; x !== 0; x &= x - 1) bits++
  return bits
}

/** The child's question about the picture with these findings; null: the findings allow no question. */
export function questionOf(findings: readonly Finding[]): LookQuestion | null {
  let hash: PerceptualHash | null = null
  let size: { readonly width: number; readonly height: number } | null = null
  let orientation = 1
  for (const finding of findings) {
    if (finding.kind === 'perceptual-hash' && finding.algorithm === 'pdq' && finding.part === 'original')
      hash = finding
    if (finding.kind !== 'attribute') continue
    if (finding.code === 'dimensions') size = finding.params
    if (finding.code === 'exif-orientation') orientation = finding.params.orientation
  }
  if (hash === null || size === null) return null
  const { hex, quality } = hash
  return { hex, quality, width: size.width, height: size.height, orientation }
}

/** @param findings of the media analysis only @returns whether near-exact copies may reuse the analysis */
export function mayLend(findings: readonly Finding[]): boolean {
  const { explicitness, sharing } = THRESHOLDS
  let [isPhotograph, isScored] = [false, false]
  for (const finding of findings) {
    if (finding.kind === 'near') return false
    if (finding.kind === 'attribute') {
      if (finding.code === 'face' || finding.code === 'faces') return false
      if (finding.code === 'picture-kind') isPhotograph = finding.params.kind === 'photograph'
    }
    if (finding.kind !== 'score' || finding.thresholdPer10k === null) continue
    if (finding.classifier !== 'explicitness') return false
    if (finding.scorePer10k >= explicitness.possible - sharing.lead) return false
    isScored = true
  }
  return isPhotograph && isScored
}

/** @param findings findings of the analysis alone @returns true where models did more than check for a face */
export function wasLookedAt(findings: readonly Finding[]): boolean {
  return findings.some(({ kind }) => kind === 'score')
}
