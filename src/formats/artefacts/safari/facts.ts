/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-safari-downloads', names: '', text: true, records: true },
] as const

export const RECORDS = {
  /** A browser's record of a removal from its history; without an address: a period was removed. */
  'history-removed': { program: 'text', url: 'text?' },
} as const
