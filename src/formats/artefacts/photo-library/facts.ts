/** Facts of this kind that every process knows. Imports nothing. */

export const RECORDS = {
  /** The photo library of iOS. Time: when the photo was moved to the trash, otherwise when it was added. */
  'photo-library': {
    path: 'text',
    name: 'text?',
    app: 'text?',
    sizeBytes: 'number?',
    hidden: 'flag?',
    trashed: 'flag?',
    viewed: 'number?',
    shared: 'number?',
    lies: 'text?',
  },
} as const
