/** Recognises a file in yEnc behind the words of an article. (One without words is known by its first bytes.) */
import type { Sample } from '../../media-types/sample.ts'
import { hasControls } from './text.ts'

const BEGIN = Buffer.from('\n=ybegin ')
const LOOKED_AT = 4096

/** Asked after mail, whose header comes before. What is all text only speaks of yEnc. */
export function yencType({ head }: Pick<Sample, 'head'>): string | null {
  const at = head.subarray(0, LOOKED_AT).indexOf(BEGIN)
  const isFile = at !== -1 && head.subarray(at, LOOKED_AT).includes('line=') && hasControls(head)
  return isFile ? 'application/x-yenc' : null
}
