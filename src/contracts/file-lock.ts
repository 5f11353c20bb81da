/**
 * Locked files: backups, stores, archives and documents on the exhibit that a secret of the keys file opens. One row a media
 * type. A row is what the ledger names a lock by, and which secrets a decoder is sent for it.
 */
import type { SecretKind } from './lock.ts'

const ZIP = { format: 'zip', takes: ['password'] } as const
const RAR = { format: 'rar', takes: ['password'] } as const
const OFFICE = { format: 'office', takes: ['password'] } as const
const OPEN_DOCUMENT = { format: 'open-document', takes: [] } as const
const DISK_IMAGE = { format: 'disk-image', takes: [] } as const

const FILE_LOCKS = {
  'application/x-android-backup': { format: 'android-backup', takes: ['password'] },
  'application/zip': ZIP,
  'application/java-archive': ZIP,
  'application/vnd.android.package-archive': ZIP,
  'application/epub+zip': ZIP,
  'application/x-xpinstall': ZIP,
  'application/vnd.google-earth.kmz': ZIP,
  'application/x-ios-app': ZIP,
  'model/3mf': ZIP,
  'application/x-7z-compressed': { format: 'seven-zip', takes: ['password'] },
  'application/vnd.rar': RAR,
  'application/x-rar-compressed': RAR,
  'application/pdf': { format: 'pdf', takes: ['password'] },
  'application/x-ole-encrypted': OFFICE,
  'application/x-cfb': OFFICE,
  'application/msword': OFFICE,
  'application/vnd.ms-excel': OFFICE,
  'application/vnd.ms-powerpoint': OFFICE,
  'application/vnd.visio': OFFICE,
  'application/vnd.oasis.opendocument.text': OPEN_DOCUMENT,
  'application/vnd.oasis.opendocument.spreadsheet': OPEN_DOCUMENT,
  'application/vnd.oasis.opendocument.presentation': OPEN_DOCUMENT,
  'application/x-apple-diskimage': DISK_IMAGE,
  'application/x-raw-disk-image': DISK_IMAGE,
  'application/x-ios-backup-manifest': { format: 'ios-backup', takes: ['password'] },
  'application/x-whatsapp-backup': { format: 'whatsapp-backup', takes: ['key-file', 'backup-key'] },
  'application/x-signal-backup': { format: 'signal-backup', takes: ['backup-key'] },
  'application/x-signal-database': { format: 'sqlcipher', takes: ['raw-key', 'keychain'] },
  'application/x-sqlcipher-database': { format: 'sqlcipher', takes: ['raw-key', 'keychain'] },
} as const satisfies Readonly<
  Record<string, { readonly format: string; readonly takes: readonly SecretKind[] }>
>

export interface FileLock {
  readonly format: FileLockFormat
  readonly takes: readonly SecretKind[]
}
export type FileLockFormat = (typeof FILE_LOCKS)[keyof typeof FILE_LOCKS]['format']

/** Forms that the bytes tell and no media type does; this program opens none of them. */
export const CLOSED_FORMATS = ['office-rc4', 'zip-strong', 'pdf-certificate'] as const
export type ClosedFormat = (typeof CLOSED_FORMATS)[number]

/** Null: no secret of a keys file opens contents of this type. */
export function fileLockOf(mediaType: string): FileLock | null {
  return Object.hasOwn(FILE_LOCKS, mediaType) ? FILE_LOCKS[mediaType as keyof typeof FILE_LOCKS] : null
}

/**
 * What confirms an opened lock. `authenticated`: a code under the key over every byte. `checksum`: the key is checked, and
 * the bytes have a checksum. `header`: a code under the key over every byte but for a plain header. `key`: the key alone is checked; changed bytes are not noticed.
 */
export const LOCK_CHECKS = ['authenticated', 'header', 'checksum', 'key'] as const
export type LockCheck = (typeof LOCK_CHECKS)[number]

/** Secrets tried on a locked file. */
export interface FileLockTried {
  /** Number of the secret that opened it; null: none did. */
  readonly secret: number | null
  readonly by: SecretKind | null
  readonly check: LockCheck
  /** Secrets that were tried. */
  readonly tried: readonly number[]
  /** A member, or all of it, stayed closed. */
  readonly isLeft: boolean
  /** A form that this program does not open; null: the one of the media type. */
  readonly form: ClosedFormat | null
}

/** A password of the keys file, as it was typed. */
export interface FilePassword {
  readonly number: number
  readonly text: string
}

/** Passwords for one archive or document, and what became of them. */
export interface FilePasswords {
  /** In the order of the keys file; the one that opened the last member is the first. */
  readonly passwords: readonly FilePassword[]
  opened(password: FilePassword, check: LockCheck): void
  /** No password opened a member, or the whole. @param form absent: the one of the media type */
  closed(form?: ClosedFormat): void
}
