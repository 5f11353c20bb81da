/** Facts of this kind that every process knows. Imports nothing. */

export const RECORDS = {
  'cloud-file': {
    program: 'text',
    name: 'text?',
    sizeBytes: 'number?',
    shared: 'flag?',
    removed: 'flag?',
  },
} as const
