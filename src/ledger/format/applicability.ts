/**
 * Which stages a media type asks for. The answer is stored with each content when it is first read, so that a ledger keeps
 * its own answer when these lists grow.
 */
import type { Scope } from '../../contracts/case.ts'

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
  return mediaType.startsWith('video/') || VIDEOS.has(mediaType)
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

// Archives, disk images, mail stores and documents, opened by this version or not: what is not is `not-built`, in sight.
const CONTAINERS = new Set([
  'application/zip',
  'application/gzip',
  'application/x-bzip2',
  'application/x-xz',
  'application/x-lzip',
  'application/x-lzma',
  'application/x-lz4',
  'application/x-compress',
  'application/zstd',
  'application/x-tar',
  'application/x-cpio',
  'application/x-archive',
  'application/x-xar',
  'application/x-7z-compressed',
  'application/vnd.rar',
  'application/x-lzh-compressed',
  'application/x-arj',
  'application/x-ace-compressed',
  'application/vnd.ms-cab-compressed',
  'application/x-installshield',
  'application/x-ms-wim',
  'application/x-deb',
  'application/x-rpm',
  'application/x-iso9660-image',
  'application/x-squashfs-image',
  'application/x-apple-diskimage',
  'application/x-raw-disk-image',
  'application/x-ewf-image',
  'application/x-vhd-disk',
  'application/x-vhdx-disk',
  'application/x-vmdk-disk',
  'application/x-virtualbox-vdi',
  'application/x-qcow-disk',
  'application/x-luks-volume',
  'application/java-archive',
  'application/vnd.android.package-archive',
  'application/x-ios-app',
  'application/x-xpinstall',
  'application/x-google-chrome-extension',
  'application/vnd.google-earth.kmz',
  'application/epub+zip',
  'application/onenote',
  'application/pdf',
  'application/vnd.ms-htmlhelp',
  'application/x-ms-thumbs-db',
  'application/x-ms-thumbcache',
  'application/x-android-thumbdata',
  'application/pgp-encrypted',
  'message/rfc822',
  'application/mbox',
  'application/vnd.ms-outlook',
  'application/vnd.ms-outlook-pst',
])

// What names itself no video although it may be one.
const VIDEOS = new Set(['application/mxf', 'application/ogg', 'application/vnd.rn-realmedia'])

const TEXTS = new Set([
  'application/json',
  'application/x-ndjson',
  'application/xml',
  'application/xhtml+xml',
  'application/rss+xml',
  'application/rtf',
  'application/pdf',
  'application/epub+zip',
  'application/onenote',
  'application/x-subrip',
  'application/mbox',
  'application/vnd.ms-outlook',
  'application/x-sqlite3',
  'application/x-plist',
  'application/x-bplist',
  'application/x-ole-encrypted',
  'message/rfc822',
])

// Office documents: OOXML and OpenDocument are ZIP files, the older ones compound files.
const OFFICE =
  /^application\/(vnd\.(openxmlformats-officedocument|oasis\.opendocument|ms-(word|excel|powerpoint)|visio)\b|msword$|x-cfb$|x-ole-encrypted$|x-mspublisher$)/
