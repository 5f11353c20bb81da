/** Random access to a content through passed descriptors. */

import { type ByteSource, sourceOfDescriptor } from '../../formats/bytes/byte-source.ts'
import type { PassedContent } from '../../wire/passed-content.ts'
import { PASSED_FD } from '../../wire/session.ts'

export type SourceOfPassed = (passed: PassedContent) => ByteSource

/**
 * Loads the code that reads images only for a child that inherits one: most children get their contents as bytes.
 * @param inherits what the child inherited; null: nothing
 */
export async function sourceOfInherited(inherits: PassedContent['kind'] | null): Promise<SourceOfPassed> {
  const image = inherits === 'image' ? await import('./passed-image.ts') : null
  return (passed) => {
    if (passed.kind === 'file') return sourceOfDescriptor(PASSED_FD)
    if (image === null) throw new Error('this child inherited no image')
    return image.sourceInImage(passed)
  }
}
