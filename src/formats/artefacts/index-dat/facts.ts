/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-ms-index-dat', names: 'dat', records: true, begins: ['Client UrlCache MMF Ver '] },
] as const
