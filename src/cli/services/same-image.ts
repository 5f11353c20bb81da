/** Compares two exhibits. Images are compared by what they state about themselves: their files may have been copied to another disk meanwhile. */
import { canonicalJson } from '../../base/canonical-json.ts'
import type { Exhibit } from '../../contracts/case.ts'
import { withoutDamageRemarks } from '../../source/image/damage-remarks.ts'

function sameImage(before: Exhibit, now: Exhibit): boolean {
  return (
    before.image != null &&
    now.image != null &&
    canonicalJson(withoutDamageRemarks(before.image)) === canonicalJson(withoutDamageRemarks(now.image))
  )
}

/** A mount is compared by its file system, identifier and root. */
export function sameExhibit(before: Exhibit, now: Exhibit): boolean {
  return (
    before.uuid === now.uuid &&
    before.fileSystem === now.fileSystem &&
    (now.image ? sameImage(before, now) : before.rootInode === now.rootInode)
  )
}
