/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-generator+json', names: '', text: true, records: true },
  { type: 'text/x-generator-page', names: '', text: true, records: true },
  { type: 'text/x-generator-settings', names: '', text: true, records: true },
  { type: 'text/x-generator-table', names: '', text: true, records: true },
] as const

export const RECORDS = {
  /**
   * Data of a program that generates pictures: about one generated picture, its queue or its settings. Prompts are not
   * stored.
   */
  'generator-settings': {
    program: 'text',
    /** Kind of file that contains the data. */
    form: 'text',
    path: 'text?',
    model: 'text?',
    adapters: 'texts?',
    width: 'number?',
    height: 'number?',
    state: 'text?',
    folder: 'text?',
    lies: 'text?',
  },
} as const
