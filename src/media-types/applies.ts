/**
 * Stages for a media type, from its row in the table. A type without a row is treated by its family, so a picture of an
 * unknown type is reported as unsupported and not skipped.
 */
import { MEDIA_TYPES, type MediaType } from './table.ts'

const ROWS: ReadonlyMap<string, MediaType> = new Map(MEDIA_TYPES.map((row) => [row.type, row]))

export function mediaTypeRow(type: string): MediaType {
  return ROWS.get(type) ?? rowOfFamily(type)
}

/** Null: no media analysis. */
export function lookOf(type: string): 'picture' | 'video' | null {
  return mediaTypeRow(type).look ?? null
}

/** Holds other contents: archives, mail, documents with embedded pictures. */
export function holdsOthers(type: string): boolean {
  return mediaTypeRow(type).holds === true
}

/** Holds text that a person wrote or read: plain text, documents, mail, chat databases. */
export function holdsText(type: string): boolean {
  return mediaTypeRow(type).text === true
}

/** Holds sound, or is a video, which may hold it. */
export function holdsSound(type: string): boolean {
  const { sound, look } = mediaTypeRow(type)
  return sound === true || look === 'video'
}

/** @returns FFmpeg's name of the container format; null: no demuxer, so a video of it is unsupported */
export function demuxerOf(type: string): string | null {
  return mediaTypeRow(type).demuxer ?? null
}

/**
 * Limit on CPU time, in multiples of a picture's limit: a video needs up to 72 classified frames and ten seconds of
 * decoding.
 */
export function lookTimes(type: string): number {
  return lookOf(type) === 'video' ? 5 : 1
}

const SMALL_BYTES = 1_048_576n

/**
 * Analysis order: 0 (first) for a small picture, 3 for a video. Measured CPU time of an analysis: picture of a
 * messenger 40 to 115 ms, JPEG of 12 MP 107 to 152, HEIC 383 to 467, animation about 300, 15 seconds of video 975.
 */
export function analysisOrder(type: string, sizeBytes: bigint): number {
  if (lookOf(type) === 'video') return 3
  if (SLOW_PICTURES.has(type)) return 2
  return sizeBytes <= SMALL_BYTES ? 0 : 1
}

const SLOW_PICTURES: ReadonlySet<string> = new Set(['image/heic', 'image/heif', 'image/gif', 'image/apng'])

// Office documents: OOXML and OpenDocument are ZIP files, the older ones compound files.
const OFFICE =
  /^application\/vnd\.(openxmlformats-officedocument|oasis\.opendocument|ms-(word|excel|powerpoint)|visio)\b/

function rowOfFamily(type: string): MediaType {
  if (type.startsWith('image/')) return { type, look: 'picture' }
  if (type.startsWith('video/')) return { type, look: 'video' }
  if (type.startsWith('audio/') && type !== 'audio/x-mpegurl') return { type, sound: true }
  if (type.startsWith('text/')) return { type, text: true }
  return OFFICE.test(type) ? { type, holds: true, text: true } : { type }
}
