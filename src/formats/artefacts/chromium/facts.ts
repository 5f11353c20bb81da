/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-chromium-bookmarks+json', names: '', text: true, records: true },
  {
    type: 'application/x-chromium-cache-blocks',
    names: '',
    holds: true,
    records: true,
    begins: ['hex c3ca04c1'],
  },
] as const

export const RECORDS = {
  /** Words typed into the address bar. Time: when the same entry was last chosen. */
  'words-typed': { program: 'text', words: 'text', url: 'text?', times: 'number?' },
} as const
