/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-discord-messages', names: '', text: true, records: true },
] as const
