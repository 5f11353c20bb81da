/** Compares two images by what they state about themselves; their files may have been copied to another disk meanwhile. */
import { canonicalJson } from '../../base/canonical-json.ts'
import type { Exhibit } from '../../contracts/case.ts'
import { withoutDamageRemarks } from '../../source/image/damage-remarks.ts'

export function sameImage(before: Exhibit, now: Exhibit): boolean {
  return (
    before.image != null &&
    now.image != null &&
    canonicalJson(withoutDamageRemarks(before.image)) === canonicalJson(withoutDamageRemarks(now.image))
  )
}
