/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-emule-cancelled', names: 'met', records: true },
  { type: 'application/x-emule-known', names: 'met bak', records: true },
  { type: 'application/x-emule-part', names: 'met bak', records: true },
] as const

export const RECORDS = {
  /** eMule, aMule: a file that the program knows and offers; counters as the program stored them. */
  'emule-known': {
    name: 'text?',
    sizeBytes: 'number?',
    sentBytes: 'number?',
    requests: 'number?',
    accepted: 'number?',
    partFile: 'text?',
  },
  /** The same programs: a download that is not complete. */
  'emule-part': {
    name: 'text?',
    sizeBytes: 'number?',
    receivedBytes: 'number?',
    partFile: 'text?',
  },
  /** The same programs: a download that was cancelled. */
  'emule-cancelled': {},
} as const
