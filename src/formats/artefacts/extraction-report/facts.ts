/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-ufed-report+xml', names: 'xml', text: true, records: true },
] as const

export const RECORDS = {
  /** A file in a report of an extraction or (`by`: `logical-image`) in an image of selected files; stated digests. */
  'reported-file': { path: 'text', sizeBytes: 'number?', deleted: 'flag?', by: 'text?' },
} as const
