/**
 * Locked files: backups and stores on the exhibit that a secret of the keys file opens. One row a media type. A row is
 * what the ledger names a lock by, and which secrets a decoder is sent for it.
 */
import type { SecretKind } from './lock.ts'

export const FILE_LOCKS = {
  'application/x-android-backup': { format: 'android-backup', takes: ['password'] },
} as const satisfies Readonly<
  Record<string, { readonly format: string; readonly takes: readonly SecretKind[] }>
>

export interface FileLock {
  readonly format: FileLockFormat
  readonly takes: readonly SecretKind[]
}
export type FileLockFormat = (typeof FILE_LOCKS)[keyof typeof FILE_LOCKS]['format']

/** Null: no secret of a keys file opens contents of this type. */
export function fileLockOf(mediaType: string): FileLock | null {
  return Object.hasOwn(FILE_LOCKS, mediaType) ? FILE_LOCKS[mediaType as keyof typeof FILE_LOCKS] : null
}

/**
 * What confirms an opened lock. `authenticated`: a code under the key over every byte. `checksum`: the key is checked, and
 * the bytes have a checksum. `key`: the key alone is checked; changed bytes are not noticed.
 */
export const LOCK_CHECKS = ['authenticated', 'checksum', 'key'] as const
export type LockCheck = (typeof LOCK_CHECKS)[number]

/** Secrets tried on a locked file. */
export interface FileLockTried {
  /** Number of the secret that opened it; null: none did. */
  readonly secret: number | null
  readonly by: SecretKind | null
  readonly check: LockCheck
  /** Secrets that were tried. */
  readonly tried: readonly number[]
}
