/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-apple-ds-store', names: '', records: true, begins: ['hex 0000000142756431'] },
] as const

export const RECORDS = {
  /** A name that the system stored for a folder and that no current entry of the folder has. */
  'folder-item': { name: 'text' },
} as const
