/** Recognises the library of Shareaza, which has no signature, by plausible numbers in its first bytes. */
import type { Sample } from '../../../media-types/sample.ts'

export function signature({ head }: Sample): string | null {
  return isShareaza(head) ? 'application/x-shareaza-library' : null
}

/** FILETIME between 1998 and 2044, a version, counts, and the path of the first folder in UTF-16. */
function isShareaza(head: Buffer): boolean {
  if (head.length < 64) return false
  const high = head.readUInt32LE(4)
  const version = head.readUInt32LE(8)
  return (
    high >= 0x01bd0000 &&
    high < 0x01f00000 &&
    version >= 29 &&
    version < 64 &&
    head.readUInt16LE(32) > 0 &&
    head.readUIntBE(34, 3) === 0xfffeff
  )
}
