/**
 * Recognises row values that hold a picture inside: ZIP, GZIP and binary property list. Databases store millions of
 * small property lists and GZIP values (messages, map tiles). Each entry costs budget, so a value is one only when its
 * bytes show a picture or a container.
 */
import { constants, gunzipSync } from 'node:zlib'
import { holdsOthers } from '../../media-types/applies.ts'
import { hasMark } from '../signatures/embedded/marks.ts'
import { identify } from '../signatures/index.ts'
import { isPicture } from './stored-picture.ts'

const ZIP = Buffer.from('PK\x03\x04', 'latin1')
const PROPERTY_LIST = Buffer.from('bplist00')
const GZIP = Buffer.from('1f8b08', 'hex')

const HEAD_BYTES = 4096
/** Deflate expands at most 1032 times (zlib, "Technical Details", maximum compression factor). */
const MOST_INFLATED_BYTES = HEAD_BYTES * 1032

export function isContainer(bytes: Buffer): boolean {
  return isArchive(bytes) || (startsWith(bytes, GZIP) && isPacked(inflatedHead(bytes)))
}

function isArchive(bytes: Buffer): boolean {
  if (startsWith(bytes, ZIP)) return holdsOthers(typeOf(bytes))
  return startsWith(bytes, PROPERTY_LIST) && hasMark(bytes)
}

function isPacked(head: Buffer | null): boolean {
  return head !== null && (isPicture(head) || isArchive(head) || holdsOthers(typeOf(head)))
}

/** Null when the bytes are not GZIP. */
function inflatedHead(bytes: Buffer): Buffer | null {
  try {
    return gunzipSync(bytes.subarray(0, HEAD_BYTES), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: MOST_INFLATED_BYTES,
    })
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null
    throw error
  }
}

function typeOf(bytes: Buffer): string {
  return identify(bytes.subarray(0, HEAD_BYTES), bytes.length).mediaType
}

function startsWith(bytes: Buffer, begins: Buffer): boolean {
  return bytes.subarray(0, begins.length).equals(begins)
}
