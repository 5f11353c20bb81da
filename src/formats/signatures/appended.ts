/**
 * Finds the end record of a ZIP archive behind other data: after `cat picture.jpg archive.zip`, the file shows the
 * picture and opens as the archive.
 *
 * The end-of-central-directory record states the length of the directory and the assumed start of the archive. Both
 * give the true start. @see APPNOTE.TXT 6.3.10, 4.3.16
 */
import { UNRECOGNISED } from '../../media-types/sample.ts'

export interface EndRecord {
  /** Offset of the record in the searched bytes. */
  readonly at: number
  /** Length of the record with its comment, in bytes. */
  readonly length: number
  readonly entries: number
  readonly directoryBytes: number
  /** Offset of the directory, counted from the assumed start of the archive. */
  readonly directoryOffset: number
}

const SIGNATURE = Buffer.from('PK\x05\x06', 'latin1')
const RECORD_BYTES = 22
/** Minimum length of a member's row in the directory. */
const ENTRY_BYTES = 46
/** More false records than this are hostile; the search then gives up. */
const MOST_TRIES = 16

/** Media types that may have an appended archive and that no archive extractor opens anyway. */
export function mayHaveAppended(mediaType: string): boolean {
  return /^(image|video|audio)\//.test(mediaType) || OTHERS.has(mediaType)
}

const OTHERS = new Set(['application/pdf', 'application/x-msdownload', UNRECOGNISED])

/**
 * The last end record in the last bytes of a content. Data behind the record (for example the end of the surrounding
 * picture) is allowed. ZIP64, multi-volume and empty archives are not supported.
 * @param tail the last bytes, at most 64 KiB
 */
export function endRecordIn(tail: Buffer, sizeBytes: number): EndRecord | null {
  const before = sizeBytes - tail.length
  let at = tail.lastIndexOf(SIGNATURE)
  for (let tries = 0; at !== -1 && tries < MOST_TRIES; tries += 1) {
    const record = recordAt(tail, at)
    if (record && record.directoryOffset + record.directoryBytes <= before + at) return record
    at = at === 0 ? -1 : tail.lastIndexOf(SIGNATURE, at - 1)
  }
  return null
}

function recordAt(tail: Buffer, at: number): EndRecord | null {
  if (at + RECORD_BYTES > tail.length) return null
  const [disk, directoryDisk, here, entries] = [4, 6, 8, 10].map((offset) => tail.readUInt16LE(at + offset))
  const directoryBytes = tail.readUInt32LE(at + 12)
  const directoryOffset = tail.readUInt32LE(at + 16)
  const length = RECORD_BYTES + tail.readUInt16LE(at + 20)
  const isPlain = disk === 0 && directoryDisk === 0 && here === entries && entries! > 0 && entries! < 0xffff
  if (!isPlain || directoryBytes < entries! * ENTRY_BYTES || at + length > tail.length) return null
  return { at, length, entries: entries!, directoryBytes, directoryOffset }
}
