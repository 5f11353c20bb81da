/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-ms-jumplist', names: 'automaticdestinations-ms', records: true },
] as const
