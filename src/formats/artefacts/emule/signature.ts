/** Recognises program catalogues without a signature, from the first byte and plausible numbers behind it. */
import type { Sample } from '../../../media-types/sample.ts'

export function deviceRecordsType(sample: Sample): string | null {
  switch (sample.head[0]) {
    case 0x0e:
    case 0x0f:
      return cancelledType(sample) ?? knownType(sample)
    case 0xe0:
    case 0xe1:
    case 0xe2:
      return isFileRecord(sample.head, 1) ? 'application/x-emule-part' : null
    case 0x64:
      return bencodedType(sample)
    default:
      return isShareaza(sample.head) ? 'application/x-shareaza-library' : null
  }
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

/** A BitTorrent dictionary whose keys are near the start of the file. */
function bencodedType({ head }: Sample): string | null {
  const begins = /^d(\d{1,3}):/.exec(head.toString('latin1', 0, 5))
  if (!begins) return null
  // The keys of a dictionary are sorted, so `info` of a torrent may follow long lists of trackers.
  if (head.includes('4:infod') && head.includes(':piece length')) return 'application/x-bittorrent'
  const isResume =
    head.includes('22:libtorrent resume file') ||
    head.includes('10:.fileguard40:') ||
    head.includes('8:added_oni') ||
    (head.includes('10:added-datei') && head.includes('11:destination'))
  return isResume ? 'application/x-bittorrent-resume' : null
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
