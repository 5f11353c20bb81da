/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-ad1-image', names: '', holds: true, records: true, begins: ['ADSEGMENTEDFILE\0'] },
  {
    type: 'application/x-ewf-logical',
    names: '',
    holds: true,
    records: true,
    begins: ['LVF\x09\x0d\x0a\xff\x00', 'LEF2\x0d\x0a\x81\x00'],
  },
] as const
