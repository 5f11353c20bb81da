/**
 * Artefact records of the device: a row of a sharing program's catalogue, a message, a download. Each is a code of this
 * closed table with its parameters. A code that one kind of artefact has alone stands in the folder of that kind (facts.ts). Digests in a record are compared with the lists (finding `reference`).
 */
import { KIND_RECORDS } from '../formats/facts.ts'
import type { Coded, CodedOf, CodeTable, ParamsOf } from './coded.ts'
import type { FileTime } from './entry.ts'
import type { RecordFacts } from './record-time.ts'

export const RECORDS = {
  /** A record with digests, as stored without a legal basis for text: no names, words, persons. `record`: its code. */
  'named-digest': { record: 'text', sizeBytes: 'number?' },
  /** A link in a text that was read. */
  'ed2k-link': { name: 'text?', sizeBytes: 'number?' },
  /** A picture, video or other file in a chat. */
  'message-media': {
    program: 'text',
    path: 'text?',
    name: 'text?',
    mediaType: 'text?',
    sizeBytes: 'number?',
    chat: 'text?',
    /** Path on the exhibit of the only file that matches the record's path; added by the stage, not recorded. */
    lies: 'text?',
  },
  /** A message without its attachments; only the number of characters of its text is stored. */
  message: { program: 'text', chat: 'text?', characters: 'number?' },
  /** Direction `sent`: made from this account. Time: start of the call. `seconds`: of conversation, by the program. */
  call: { program: 'text', chat: 'text?', seconds: 'number?', video: 'flag?' },
  /** Its time is that of the last message. */
  conversation: {
    program: 'text',
    name: 'text',
    persons: 'texts?',
    /** Number of further participants: a record names at most twenty. */
    others: 'number?',
    sent: 'number',
    received: 'number',
    first: 'text?',
  },
  /**
   * A list of opened files from the system or a program; `list` names the list. `fromLog`, here and below: it stands only in
   * the log of the registry hive.
   */
  'file-opened': {
    list: 'text',
    path: 'text',
    app: 'text?',
    machine: 'text?',
    lies: 'text?',
    fromLog: 'flag?',
  },
  ...KIND_RECORDS,
  /** `source`: the kind of system record. Time: the last run, or one of the last runs. */
  'program-run': { path: 'text', times: 'number?', source: 'text?', fromLog: 'flag?' },
  /** The source of a separate file in a cache. */
  cached: { program: 'text', path: 'text', url: 'text?', sizeBytes: 'number', lies: 'text?' },
  'page-visited': {
    program: 'text',
    url: 'text',
    title: 'text?',
    times: 'number?',
    typed: 'number?',
    /** On another device, from which it was copied. */
    elsewhere: 'flag?',
    fromLog: 'flag?',
  },
  /** A bookmarked page. Time: when it was bookmarked. */
  bookmark: { program: 'text', url: 'text', title: 'text?' },
  'words-searched': {
    program: 'text',
    words: 'text',
    url: 'text?',
    times: 'number?',
    fromLog: 'flag?',
  },
  download: {
    program: 'text',
    path: 'text?',
    url: 'text?',
    referrer: 'text?',
    mediaType: 'text?',
    sizeBytes: 'number?',
    state: 'text?',
    app: 'text?',
    removed: 'flag?',
    lies: 'text?',
  },
} as const satisfies CodeTable

export type RecordCode = keyof typeof RECORDS

export type RecordParams<C extends RecordCode> = ParamsOf<(typeof RECORDS)[C]>

/** The digests that a record may name, by the algorithm of lists. */
export const RECORD_DIGESTS = { md5: 32, sha1: 40, sha256: 64, ed2k: 32 } as const

export type RecordDigests = { readonly [A in keyof typeof RECORD_DIGESTS]?: string }

export interface DeviceRecord extends Omit<RecordFacts, 'digests'> {
  readonly what: CodedOf<typeof RECORDS>
  /** Transfer of the content according to the record; null if the record does not state it. */
  readonly direction: 'shared' | 'sent' | 'received' | null
  /** Number of transfers according to the record; null if the record does not count them. */
  readonly times: number | null
  readonly when: FileTime | null
  /** As the record names one: an account, an address. */
  readonly person: string | null
  /** Of the record in its file. */
  readonly status: 'live' | 'deleted'
  /** Lower-case hex. */
  readonly digests: RecordDigests
  /** Size of the content that the record names. */
  readonly sizeBytes: number | null
  /** Digests of parts of the content, to recognise a file of that size; empty: the record has no such digests. */
  readonly pieces: readonly RecordPiece[]
  /** Root of the SHA-256 tree over blocks of 16 KiB (BEP 52); lower-case hex. */
  readonly piecesRoot?: string
}

export interface RecordPiece {
  readonly offset: number
  readonly length: number
  /** Lower-case hex. */
  readonly sha1: string
}

/** An artefact record as the ledger stores it, independent of lists. */
export interface Sign extends RecordFacts, Pick<DeviceRecord, 'when' | 'person' | 'direction' | 'status'> {
  readonly what: Coded
  /** Stored only because the plan has a legal basis for text. */
  readonly isPrivate: boolean
  /** SHA-256 of the content that the record refers to; null if it identifies none. */
  readonly ofSha256: string | null
}
