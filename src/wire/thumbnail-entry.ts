/** Names of embedded thumbnails as entries; separate from the parsers of hostile bytes that find them. */
import type { Attribute } from '../contracts/attribute.ts'

/**
 * Last step of its evidence path, after `thumbnail:`: `exif`, another segment of a JPEG, or the number of a HEIF item.
 */
export const EXIF_NAME = 'exif'

export function itemName(id: number): string {
  return `item-${id}`
}

export function segmentName(number: number): string {
  return `segment-${number}`
}

const NAME = /^(exif|item-\d{1,10}|segment-\d{1,3})$/

export function isThumbnailName(name: string): boolean {
  return NAME.test(name)
}

export const THUMBNAIL_TYPES = ['image/jpeg', 'image/heic', 'image/avif'] as const
export type ThumbnailType = (typeof THUMBNAIL_TYPES)[number]

/** Why a thumbnail that a file names was not read; or the reason of a decoder. */
export type UnreadThumbnail = 'not-in-file' | 'no-bytes' | 'too-large' | 'other-coding'

/** A thumbnail with its bytes, inside the child that found it. */
export interface Embedded {
  readonly name: string
  readonly mediaType: ThumbnailType
  readonly bytes: Buffer
  /** Made of the picture that is shown, not of another picture in the same file. */
  readonly ofPicture: boolean
}

export interface EmbeddedThumbnails {
  readonly found: readonly Embedded[]
  /** Attributes for thumbnails that the file states but that cannot be read. */
  readonly notes: readonly Attribute[]
}
