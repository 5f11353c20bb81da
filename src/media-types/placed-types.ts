/** Media types that the name of a content tells, where its bytes look like noise. One rule for main process and decoders. */
import { hasPages } from './encrypted-pages.ts'
import { pixelThumbnailsType } from './pixel-thumbnails.ts'
import { signalDatabaseType } from './signal-files.ts'

export const SQLCIPHER_DATABASE = 'application/x-sqlcipher-database'

/** Databases of messengers that SQLCipher encrypts whole, and whose key a dump of the phone's keystore has. */
export const SQLCIPHER_PLACES: readonly (readonly [program: string, ending: RegExp])[] = [
  ['signal', /(^|\/)org\.thoughtcrime\.securesms\/databases\/signal\.db$/],
  ['signal', /(^|\/)grdb\/signal\.sqlite$/],
  ['session', /(^|\/)network\.loki\.messenger(\.\w+)?\/databases\/(signal|session)(_v4)?\.db$/],
  ['session', /(^|\/)Session(-production)?\/sql\/db\.sqlite$/i],
]

/** The manifest of an iOS backup is encrypted whole; `Manifest.plist` beside it has the keys. */
export const IOS_MANIFEST = 'application/x-ios-backup-manifest'
export const IOS_MANIFEST_LIST = 'Manifest.plist'
const IOS_MANIFEST_NAME = /(^|\/)Manifest\.db$/

/** A backup of WhatsApp before 2021: nothing but its name tells it from noise. */
const CRYPT12 = /\.crypt12$/i
const LEAST_CRYPT12 = 200n

/** Caches of pictures of Android's gallery and media store, with no first bytes of their own. */
const PICTURE_CACHE = /(^|\/)(imgcache\.\d{1,3}|\.thumbdata[345]-[^/]*)$/

/** @param name path of an unrecognised content, one character per byte @returns null: its name tells nothing */
export function placedType(name: string, sizeBytes: bigint): string | null {
  if (CRYPT12.test(name) && sizeBytes >= LEAST_CRYPT12) return 'application/x-whatsapp-backup'
  if (PICTURE_CACHE.test(name) && sizeBytes > 0n) return 'application/x-picture-cache'
  if (IOS_MANIFEST_NAME.test(name) && sizeBytes > 0n && sizeBytes % 16n === 0n) return IOS_MANIFEST
  return (
    signalDatabaseType(name, sizeBytes) ??
    (hasPages(sizeBytes) && SQLCIPHER_PLACES.some(([, ending]) => ending.test(name))
      ? SQLCIPHER_DATABASE
      : null) ??
    pixelThumbnailsType(name, sizeBytes)
  )
}

/** Whether the name may tell a type (source/locked-places.ts). */
export function mayBePlaced(name: string): boolean {
  return CRYPT12.test(name) || IOS_MANIFEST_NAME.test(name) || PICTURE_CACHE.test(name)
}
