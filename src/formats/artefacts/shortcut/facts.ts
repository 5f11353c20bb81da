/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  {
    type: 'application/x.ms.shortcut',
    names: 'lnk',
    records: true,
    begins: ['hex 4c0000000114020000000000c000000000000046'],
  },
] as const

export const RECORDS = {
  /** A link to an opened file, made by the system. Time: last access of the target. */
  shortcut: {
    path: 'text?',
    sizeBytes: 'number?',
    drive: 'text?',
    volumeSerial: 'text?',
    volumeName: 'text?',
    machine: 'text?',
    lies: 'text?',
  },
} as const
