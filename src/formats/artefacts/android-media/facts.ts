/** Facts of this kind that every process knows. Imports nothing. */

export const RECORDS = {
  /** The device's own list of media. `app`: the app that wrote the file, if the list states it. */
  'media-stored': {
    path: 'text',
    mediaType: 'text',
    sizeBytes: 'number?',
    app: 'text?',
    url: 'text?',
    trashed: 'flag?',
    lies: 'text?',
  },
} as const
