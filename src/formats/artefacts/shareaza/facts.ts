/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [{ type: 'application/x-shareaza-library', names: 'dat', records: true }] as const

export const RECORDS = {
  /** The library of Shareaza. `shared`: whether the file or its folder was set to shared. */
  'shareaza-file': {
    name: 'text',
    folder: 'text',
    sizeBytes: 'number',
    shared: 'flag',
    hits: 'number',
    uploads: 'number',
  },
} as const
