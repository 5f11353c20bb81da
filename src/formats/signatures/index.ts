/**
 * Determines the media type from the content, never from the name.
 *
 * The program's own detectors run first, because they are synchronous and cost microseconds. The file-type library is
 * asked when they find no type. Unrecognised content is application/octet-stream. That is common, because encrypted
 * data has no signature.
 */

import {
  EMPTY,
  HEAD_BYTES,
  type Identified,
  type Sample,
  TAIL_BYTES,
  UNRECOGNISED,
} from '../../media-types/sample.ts'
import { hasAresState } from '../artefacts/ares/signature.ts'
import { endRecordIn, mayHaveAppended } from './appended.ts'
import { isNoIcon } from './closer.ts'
import { noticeOf } from './embedded/notice.ts'
import { WalkAsItPasses, walkedIn } from './embedded/walk.ts'
import { firefoxMetadata } from './firefox-cache.ts'
import { libraryBeginsWith } from './library-beginnings.ts'
import { maskedType } from './masked.ts'
import { looksEncrypted } from './noise.ts'
import { overlayOf } from './program-overlay.ts'
import { bySignature } from './signatures.ts'
import { byStructure, targaType } from './structures.ts'
import { hasControls, textType } from './text.ts'
import { yencType } from './yenc.ts'

/**
 * @param head the first HEAD_BYTES, or all bytes of a smaller content
 * @param tail the last TAIL_BYTES: some formats have their signature only there
 */
export function identify(head: Buffer, sizeBytes: number | bigint, tail?: Buffer): Identified {
  return identified(detect(head, Number(sizeBytes), tail), head, Number(sizeBytes), tail)
}

/** Like {@link identify}, and asks the library when no own detector finds a type. Used for entries of the exhibit. */
export async function identifyFully(
  head: Buffer,
  sizeBytes: number | bigint,
  tail?: Buffer,
  whole?: Buffer,
): Promise<Identified> {
  const mediaType =
    detect(head, Number(sizeBytes), tail, whole) ?? (isNoise(head) ? null : await byLibrary(head))
  return identified(mediaType, head, Number(sizeBytes), tail, whole)
}

/** Whether a content of this type is checked for embedded data while it is read. */
export function mayHoldMore(mediaType: string): boolean {
  return noticeOf(mediaType, 0) !== null
}

/**
 * Checks, over a stream of chunks, whether a content may contain more than its media type states. Null: no check
 * exists for the type.
 */
export function noticeAsItPasses(head: Buffer, sizeBytes: number): WalkAsItPasses<boolean> | null {
  const walk = noticeOf(identify(head, sizeBytes).mediaType, sizeBytes)
  return walk && new WalkAsItPasses(walk)
}

function identified(
  found: string | null,
  head: Buffer,
  sizeBytes: number,
  tail?: Buffer,
  whole = head.length >= sizeBytes ? head : null,
): Identified {
  const mediaType = found ?? UNRECOGNISED
  const last = tail ?? (head.length >= sizeBytes ? head : null)
  const hasZip = last !== null && mayHaveAppended(mediaType) && endRecordIn(last, sizeBytes) !== null
  const hasState = last !== null && hasAresState(last, sizeBytes)
  const hasOverlay = mediaType === PROGRAM && overlayOf(head, sizeBytes) !== null
  const isNoise = mediaType === UNRECOGNISED && looksEncrypted(head, last, sizeBytes)
  return hasZip || hasState || hasOverlay || isNoise || (whole !== null && holdsMore(mediaType, whole))
    ? { mediaType, hasAppended: true }
    : { mediaType }
}

function holdsMore(mediaType: string, whole: Buffer): boolean {
  const walk = noticeOf(mediaType, whole.length)
  return walk !== null && walkedIn(walk, whole)
}

/** Like {@link identifyFully}, for a content completely in memory. */
export function identifyContent(content: Buffer): Promise<Identified> {
  return identifyFully(
    content.subarray(0, HEAD_BYTES),
    content.length,
    content.subarray(Math.max(0, content.length - TAIL_BYTES)),
    content,
  )
}

/**
 * Whether a content that claims to be text is certainly none: it has a signature or a strict structure, and bytes that
 * no text has. A text may begin with the letters of a signature (`MZ`, `GIF89a`). A PDF may consist of letters only.
 *
 * @param content all of it, or its beginning
 */
export function isNoText(content: Buffer, sizeBytes = content.length): boolean {
  if (content.length === 0) return false
  const head = content.subarray(0, HEAD_BYTES)
  if (/^%PDF-\d\.\d/.test(head.toString('latin1', 0, 8))) return true
  if (!hasControls(head)) return false
  if (yencType({ head }) !== null) return true
  const isWhole = content.length >= sizeBytes
  const tail = isWhole ? content.subarray(Math.max(0, content.length - TAIL_BYTES)) : NOTHING
  const sample: Sample = { head, sizeBytes, tail, whole: isWhole ? content : null }
  return (bySignature(sample) ?? byStructure(sample)) !== null && textType(sample) === null
}

const NOTHING = Buffer.alloc(0)
const PROGRAM = 'application/x-msdownload'

function detect(head: Buffer, sizeBytes: number, tail?: Buffer, whole?: Buffer): string | null {
  if (sizeBytes === 0) return EMPTY
  const last = tail ?? (head.length >= sizeBytes ? head : head.subarray(0, 0))
  if (firefoxMetadata(last, sizeBytes) !== null) return 'application/x-firefox-cache-entry'
  const sample: Sample = { head, sizeBytes, tail: last, whole: whole ?? null }
  return (
    bySignature(sample) ??
    byStructure(sample) ??
    textType(sample) ??
    yencType(sample) ??
    targaType(sample) ??
    maskedType(sample)
  )
}

/**
 * Whether the library need not be asked. No signature of the library starts with these bytes; or the first sixteen
 * bytes contain neither four consecutive letters nor 0 nor 0xff. (Signatures further in are found by our own table
 * before.) Most unrecognised contents are encrypted or compressed. A call costs as much as hashing 20 KB. The first
 * hundred calls cost a fifth of a second in each process, while the engine compiles the library.
 */
function isNoise(head: Buffer): boolean {
  if (head.length < 512) return false
  if (!libraryBeginsWith(head[0]!, head[1]!)) return true
  let letters = 0
  for (let i = 0; i < 16; i++) {
    const byte = head[i]!
    if (byte === 0 || byte === 0xff) return false
    letters = byte >= 0x20 && byte < 0x7f ? letters + 1 : 0
    if (letters === 4) return false
  }
  return true
}

/** Loads the library early: after a process has given up root, it may be unable to read the library. */
export async function prepareIdentification(): Promise<void> {
  await import('file-type')
}

async function byLibrary(head: Buffer): Promise<string | null> {
  let found: string | null = null
  // Loading the library takes a tenth of the start time of a scan.
  const { fileTypeFromBuffer } = await import('file-type')
  try {
    found = (await fileTypeFromBuffer(head))?.mime.replace(/;.*/s, '').trim() ?? null
  } catch {
    // The content is too damaged for the library, so its type stays unknown.
  }
  if (found === 'image/x-icon' && isNoIcon(head)) return null
  // The library accepts two bytes anywhere in the first kilobytes as an MPEG frame. Most encrypted files would become
  // music.
  return found === 'audio/mpeg' ? null : found
}
