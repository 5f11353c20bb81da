/** Recognises eMule's catalogues, which have no signature, from the first byte and plausible numbers behind it. */
import type { Sample } from '../../../media-types/sample.ts'

export function signature(sample: Sample): string | null {
  switch (sample.head[0]) {
    case 0x0e:
    case 0x0f:
      return cancelledType(sample) ?? knownType(sample)
    case 0xe0:
    case 0xe1:
    case 0xe2:
      return isFileRecord(sample.head, 1) ? 'application/x-emule-part' : null
    default:
      return null
  }
}

/** eMule's known.met: a record count, then records; only the first record is checked. */
function knownType({ head, sizeBytes }: Sample): string | null {
  if (head.length < 5) return null
  const count = head.readUInt32LE(1)
  return count > 0 && count <= sizeBytes / LEAST_RECORD && isFileRecord(head, 5)
    ? 'application/x-emule-known'
    : null
}

/** Date, digest, parts and tags; one of the tags is the file name. */
const LEAST_RECORD = 26
const FIRST_DATE = Date.UTC(2000, 0) / 1000
const NAME = 0x01

/** Date of a file, digest, part digests, and tags. The first tag must be the file name. */
function isFileRecord(head: Buffer, at: number): boolean {
  if (at + LEAST_RECORD > head.length) return false
  const modified = head.readUInt32LE(at)
  if (modified !== 0 && modified < FIRST_DATE) return false
  const tagsAt = at + 22 + head.readUInt16LE(at + 20) * 16
  if (tagsAt + 8 > head.length) return false
  const tags = head.readUInt32LE(tagsAt)
  return tags > 0 && tags < 200 && isNameTag(head, tagsAt + 4)
}

/** A text tag for the file name, with either a one-byte id or a name of one byte. */
function isNameTag(head: Buffer, at: number): boolean {
  const type = head[at]!
  const kind = type & 0x7f
  if (kind !== 0x02 && !(kind >= 0x11 && kind <= 0x20)) return false
  return type >= 0x80
    ? head[at + 1] === NAME
    : at + 4 <= head.length && head.readUInt16LE(at + 1) === 1 && head[at + 3] === NAME
}

/** eMule's cancelled.met: digests, each with a tag count of zero. The count of digests determines the file length. */
function cancelledType({ head, sizeBytes }: Sample): string | null {
  const at = head[0] === 0x0f && head[1] === 1 ? 6 : 1
  if (head.length < at + 4) return null
  const count = head.readUInt32LE(at)
  return count > 0 && sizeBytes === at + 4 + count * 17 && head[at + 4 + 16] === 0
    ? 'application/x-emule-cancelled'
    : null
}
