/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-apple-double', names: '', records: true, begins: ['hex 0005160700020000'] },
  { type: 'application/x-apple-last-used', names: '', records: true },
  { type: 'application/x-apple-where-froms', names: '', records: true },
  { type: 'text/x-apple-quarantine', names: '', text: true, records: true },
] as const

export const RECORDS = {
  /** The system's attribute of a file with the time of its last opening. */
  'last-used': { program: 'text', lies: 'text?' },
} as const
