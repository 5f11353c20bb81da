/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  {
    type: 'application/x-ares-catalogue',
    names: 'dat',
    records: true,
    begins: ['__ARESDB1.02H_', '__ARESDB1.04L_'],
  },
  { type: 'application/x-ares-partial', names: '', records: true, begins: ['___ARESTRA__'] },
] as const

export const RECORDS = {
  /** Catalogues of Ares: `history` (found or downloaded files), `local` (files in shared folders). */
  'ares-file': {
    catalogue: 'text',
    path: 'text?',
    title: 'text?',
    sizeBytes: 'number?',
    shared: 'flag?',
    lies: 'text?',
  },
  /** An incomplete download of Ares, from the state at the end of its file. Time: start of the download. */
  'ares-partial': {
    title: 'text?',
    folder: 'text?',
    url: 'text?',
    sizeBytes: 'number?',
    receivedBytes: 'number?',
    paused: 'flag?',
  },
} as const
