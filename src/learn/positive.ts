/** Categories of a scale that are the positives of a training. */
import { UsageError } from '../base/errors.ts'

export interface Positive {
  readonly scale: string
  readonly categories: readonly string[]
}

/** @param text `vics-us:1,2`: every other category of the scale is a negative @throws UsageError */
export function parsePositive(text: string): Positive {
  const [scale = '', list = ''] = text.split(':')
  const categories = list.split(',').filter((one) => one !== '')
  if (scale === '' || categories.length === 0)
    throw new UsageError('--positive takes a scale and its positive categories, for example vics-us:1,2.')
  return { scale, categories }
}
