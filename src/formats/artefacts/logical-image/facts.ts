/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-ad1-image', names: '', holds: true, records: true },
  { type: 'application/x-ewf-logical', names: '', holds: true, records: true },
] as const
