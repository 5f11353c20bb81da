/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-ms-prefetch', names: 'pf', records: true, begins: ['@4 SCCA', 'MAM\x04'] },
] as const
