/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-ms-event-log', names: 'evtx', records: true, begins: ['ElfFile\0', 'ElfChnk\0'] },
] as const

export const RECORDS = {
  /** An event of a Windows log. Its person is the account that it is about; `sid`: of that account. */
  'windows-event': {
    /** What happened: a closed list, with a text for each in words.json. */
    event: 'text',
    /** Of the event, and of its record in the log (EventRecordID). */
    number: 'number',
    record: 'number',
    channel: 'text',
    computer: 'text?',
    sid: 'text?',
    /** The account that asked for it. */
    by: 'text?',
    logonType: 'number?',
    address: 'text?',
    /** The machine as it named itself. */
    machine: 'text?',
    device: 'text?',
    model: 'text?',
    serial: 'text?',
    sizeBytes: 'number?',
    log: 'text?',
    /** A clock before and after, ISO 8601 in UTC. */
    before: 'text?',
    after: 'text?',
  },
} as const
