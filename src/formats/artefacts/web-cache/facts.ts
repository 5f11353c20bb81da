/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-ms-ese-database', names: '', records: true, begins: ['@4 hex efcdab89'] },
] as const
