/**
 * Records that the device itself keeps: a row of a sharing program's catalogue, a message, a download. Each is a code of this
 * closed table with its parameters; where it names digests, they are compared with the lists (finding `reference`).
 */
import type { CodedOf, CodeTable, ParamsOf } from './coded.ts'
import type { FileTime } from './entry.ts'

export const RECORDS = {
  /** eMule, aMule: a file that the program knows and offers; counters as it kept them. */
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
} as const satisfies CodeTable

export type RecordCode = keyof typeof RECORDS

export type RecordParams<C extends RecordCode> = ParamsOf<(typeof RECORDS)[C]>

/** The digests that a record may name, by the algorithm of lists. */
export const RECORD_DIGESTS = { md5: 32, sha1: 40, sha256: 64, ed2k: 32 } as const

export type RecordDigests = { readonly [A in keyof typeof RECORD_DIGESTS]?: string }

export interface DeviceRecord {
  readonly what: CodedOf<typeof RECORDS>
  /** What it says became of the content; null where it does not say. */
  readonly direction: 'shared' | 'sent' | 'received' | null
  /** How often it says so; null where it does not count. */
  readonly times: number | null
  readonly when: FileTime | null
  /** As the record names one: an account, an address. */
  readonly person: string | null
  /** Of the record in its file. */
  readonly status: 'live' | 'deleted'
  /** Lower-case hex. */
  readonly digests: RecordDigests
  /** Of the content that it names. */
  readonly sizeBytes: number | null
}
