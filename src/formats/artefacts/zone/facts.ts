/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'text/x-zone-identifier', names: '', text: true, records: true, begins: ['[ZoneTransfer]'] },
] as const
