/**
 * A ZIP archive behind something else: `cat picture.jpg archive.zip` shows the picture and opens as the archive.
 *
 * Its end-of-central-directory record says how long the directory before it is and where the archive takes itself to begin,
 * so that the true beginning follows. @see APPNOTE.TXT 6.3.10, 4.3.16
 */
import { UNRECOGNISED } from '../../media-types/sample.ts'

export interface EndRecord {
  /** Offset of the record in the bytes that were searched. */
  readonly at: number
  /** Bytes of the record with its comment. */
  readonly length: number
  readonly entries: number
  readonly directoryBytes: number
  /** Of the directory, as counted from where the archive takes itself to begin. */
  readonly directoryOffset: number
}

const SIGNATURE = Buffer.from('PK\x05\x06', 'latin1')
const RECORD_BYTES = 22
/** A directory names each member in at least so many bytes. */
const ENTRY_BYTES = 46
/** More than this many false records are hostile: none of them is believed. */
const MOST_TRIES = 16

/** What may have an archive behind it and is not one of the kinds that are opened as archives anyhow. */
export function mayHaveAppended(mediaType: string): boolean {
  return /^(image|video|audio)\//.test(mediaType) || OTHERS.has(mediaType)
}

const OTHERS = new Set(['application/pdf', 'application/x-msdownload', UNRECOGNISED])

/**
 * The last end record in the last bytes of a content. What follows it (the end of the picture around it, for one) is
 * left out; ZIP64, archives of several parts and empty ones are none of it.
 * @param tail  the last bytes, at most 64 KiB of them
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
