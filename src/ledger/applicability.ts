/**
 * Which stages a media type asks for. The answer is stored with each content when it is first read, so that a ledger keeps
 * its own answer when these lists grow.
 */
import type { Scope } from '../contracts.ts'

/** Bits of content.applicable. */
export const OPENABLE = 1
export const LOOKABLE = 2
export const READABLE = 4

export function applicableStages(mediaType: string): number {
  return (
    (isContainerType(mediaType) ? OPENABLE : 0) |
    (isPictureType(mediaType) || isVideoType(mediaType) ? LOOKABLE : 0) |
    (isTextType(mediaType) ? READABLE : 0)
  )
}

/** Holds other contents: archives, mail, documents with embedded pictures. */
export function isContainerType(mediaType: string): boolean {
  return CONTAINERS.has(mediaType) || OFFICE.test(mediaType)
}

export function isPictureType(mediaType: string): boolean {
  return mediaType.startsWith('image/')
}

export function isVideoType(mediaType: string): boolean {
  return mediaType.startsWith('video/')
}

/** Holds text that a person wrote or read: plain text, documents, mail, chat databases. */
export function isTextType(mediaType: string): boolean {
  return mediaType.startsWith('text/') || TEXTS.has(mediaType) || OFFICE.test(mediaType)
}

/** Does the scope let the unknown phase look at this type? `image/*` names a family; no entry at all means every type. */
export function inMediaScope(mediaType: string, scope: Scope): boolean {
  return (
    scope.mediaTypes.length === 0 ||
    scope.mediaTypes.some((wanted) =>
      wanted.endsWith('/*') ? mediaType.startsWith(wanted.slice(0, -1)) : mediaType === wanted,
    )
  )
}

const CONTAINERS = new Set([
  'application/zip',
  'application/gzip',
  'application/x-gzip',
  'application/x-bzip2',
  'application/x-xz',
  'application/x-lzip',
  'application/x-compress',
  'application/zstd',
  'application/x-tar',
  'application/x-7z-compressed',
  'application/x-rar-compressed',
  'application/vnd.rar',
  'application/x-lzh-compressed',
  'application/x-arj',
  'application/x-cpio',
  'application/x-unix-archive',
  'application/vnd.ms-cab-compressed',
  'application/x-iso9660-image',
  'application/java-archive',
  'application/vnd.android.package-archive',
  'application/epub+zip',
  'application/pdf',
  'message/rfc822',
  'application/mbox',
  'application/vnd.ms-outlook',
  'application/vnd.ms-outlook-pst',
])

const TEXTS = new Set([
  'application/json',
  'application/x-ndjson',
  'application/xml',
  'application/xhtml+xml',
  'application/rtf',
  'application/pdf',
  'application/epub+zip',
  'application/mbox',
  'application/vnd.ms-outlook',
  'application/x-sqlite3',
  'application/vnd.sqlite3',
  'message/rfc822',
])

// Office documents: OOXML and OpenDocument are ZIP files, the older ones compound files.
const OFFICE =
  /^application\/(vnd\.(openxmlformats-officedocument|oasis\.opendocument|ms-(word|excel|powerpoint))\b|msword$|x-cfb$)/
