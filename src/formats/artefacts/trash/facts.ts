/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'text/x-trash-info', names: 'trashinfo', text: true, records: true, begins: ['[Trash Info]'] },
] as const

export const RECORDS = {
  /** `name`: the name of the file in the trash. */
  'file-trashed': { path: 'text', name: 'text?', lies: 'text?' },
} as const
