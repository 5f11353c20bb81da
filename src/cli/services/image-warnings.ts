/** Warnings about the image before anything is examined. */
import type { Exhibit } from '../../contracts/case.ts'
import type { ImageState, ImageStateKind } from '../../contracts/image-state.ts'
import { imageStateText } from '../../report/model/image-words.ts'
import { ENGLISH } from '../../report/texts/index.ts'

/** A hash that agrees needs no warning; the report states when no hash was computed. */
const WARNED: ReadonlySet<ImageStateKind> = new Set(['differs', 'not-readable-whole'])

/** Limit of ranges in the warning; page one and the ledger name all of them. */
const MOST_RANGES = 5

/** @param state null when the exhibit is a mount */
export function imageWarnings({ image }: Pick<Exhibit, 'image'>, state: ImageState | null): string[] {
  const remarks = image?.remarks ?? []
  const ranges = remarks.filter(({ code }) => code === 'damaged-range')
  const shown = remarks.filter((one) => one.code !== 'damaged-range' || ranges.indexOf(one) < MOST_RANGES)
  const more = ranges.length - MOST_RANGES
  return [
    ...(state && WARNED.has(state.kind) ? [imageStateText(state)] : []),
    ...shown.map(({ code, params }) => ENGLISH.sentence('image-remark', code, params)),
    ...(more > 0 ? [ENGLISH.sentence('exhibit', 'damaged-ranges-more', { ranges: more })] : []),
  ]
}
