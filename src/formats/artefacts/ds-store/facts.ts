/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [{ type: 'application/x-apple-ds-store', names: '', records: true }] as const

export const RECORDS = {
  /** A name that the system stored for a folder and that no current entry of the folder has. */
  'folder-item': { name: 'text' },
} as const
