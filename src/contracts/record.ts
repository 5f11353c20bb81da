/**
 * Records that the device itself keeps: a row of a sharing program's catalogue, a message, a download. Each is a code of this
 * closed table with its parameters; where it names digests, they are compared with the lists (finding `reference`).
 */
import type { Coded, CodedOf, CodeTable, ParamsOf } from './coded.ts'
import type { FileTime } from './entry.ts'
import { GENERATOR_RECORDS } from './generator-record.ts'
import type { RecordFacts } from './record-time.ts'

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
  /** A file that the report of an extraction or, by: `logical-image`, an image of chosen files names, with the digests that it states. */
  'reported-file': { path: 'text', sizeBytes: 'number?', deleted: 'flag?', by: 'text?' },
  /** Of a record that names digests, what is kept without a basis for text: no names, no words, no persons. `record`: its code. */
  'named-digest': { record: 'text', sizeBytes: 'number?' },
  /** A link in a text that was read. */
  'ed2k-link': { name: 'text?', sizeBytes: 'number?' },
  /** BitTorrent: a file that describes a download, and each file in it. */
  torrent: {
    name: 'text',
    infoHash: 'text',
    infoHash2: 'text?',
    files: 'number',
    sizeBytes: 'number',
    program: 'text?',
    comment: 'text?',
  },
  'torrent-file': { name: 'text', torrent: 'text', infoHash: 'text', sizeBytes: 'number' },
  /** What a program keeps of a download by BitTorrent. */
  'torrent-download': {
    program: 'text',
    name: 'text?',
    infoHash: 'text?',
    folder: 'text?',
    sentBytes: 'number?',
    receivedBytes: 'number?',
    seconds: 'number?',
  },
  /** A picture, video or other file in a chat. */
  'message-media': {
    program: 'text',
    path: 'text?',
    name: 'text?',
    mediaType: 'text?',
    sizeBytes: 'number?',
    chat: 'text?',
    /** Where on the exhibit the one file lies whose path ends as that of the record; the stage says it, no program. */
    lies: 'text?',
  },
  /** A message without what was attached; of its words the number of characters alone. */
  message: { program: 'text', chat: 'text?', characters: 'number?' },
  /** _Sent_: made from this account. Its time is when it was begun; seconds are of speech, as the program counts them. */
  call: { program: 'text', chat: 'text?', seconds: 'number?', video: 'flag?' },
  /** Its time is that of the last message. */
  conversation: {
    program: 'text',
    name: 'text',
    persons: 'texts?',
    /** Persons that take part and are not named here: a record names twenty. */
    others: 'number?',
    sent: 'number',
    received: 'number',
    first: 'text?',
  },
  'cloud-file': {
    program: 'text',
    name: 'text?',
    sizeBytes: 'number?',
    shared: 'flag?',
    removed: 'flag?',
  },
  /** The device's own list of media: which app wrote a file, where it says so. */
  'media-stored': {
    path: 'text',
    mediaType: 'text',
    sizeBytes: 'number?',
    app: 'text?',
    url: 'text?',
    trashed: 'flag?',
    lies: 'text?',
  },
  /** Catalogues of Ares: `history` of what was found or downloaded, `local` of what lies in shared folders. */
  'ares-file': {
    catalogue: 'text',
    path: 'text?',
    title: 'text?',
    sizeBytes: 'number?',
    shared: 'flag?',
    lies: 'text?',
  },
  /** A download of Ares that is not complete, by the state at the end of its file; its time is when it was begun. */
  'ares-partial': {
    title: 'text?',
    folder: 'text?',
    url: 'text?',
    sizeBytes: 'number?',
    receivedBytes: 'number?',
    paused: 'flag?',
  },
  /** The library of Shareaza; `shared`: whether file or folder were set so. */
  'shareaza-file': {
    name: 'text',
    folder: 'text',
    sizeBytes: 'number',
    shared: 'flag',
    hits: 'number',
    uploads: 'number',
  },
  /** The photo library of iOS; its time is when it was put into the trash, or else when it was added. */
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
  /** A browser's note that something was removed from its history; without an address: a stretch of time. */
  'history-removed': { program: 'text', url: 'text?' },
  /** A list of what was opened, as the system or a program keeps it; `list` says which. */
  'file-opened': { list: 'text', path: 'text', app: 'text?', machine: 'text?', lies: 'text?' },
  /** The system's note beside a file of when it was last opened. */
  'last-used': { program: 'text', lies: 'text?' },
  ...GENERATOR_RECORDS,
  /** `source`: which record of the system; its time is that of the last run, or of one of the last. */
  'program-run': { path: 'text', times: 'number?', source: 'text?' },
  /** `name`: that it has in the trash. */
  'file-trashed': { path: 'text', name: 'text?', lies: 'text?' },
  /** A name that the system kept of a folder, and of which no entry lies there now. */
  'folder-item': { name: 'text' },
  /** A link to what was opened, as the system leaves one; its time is when the target was last accessed. */
  shortcut: {
    path: 'text?',
    sizeBytes: 'number?',
    drive: 'text?',
    volumeSerial: 'text?',
    volumeName: 'text?',
    machine: 'text?',
    lies: 'text?',
  },
  /** A node that Tor entered its network by, as it kept it; `bridge`: one that no public list names. Days are Tor's, and off by some at random. */
  'tor-guard': {
    kind: 'text',
    nickname: 'text?',
    fingerprint: 'text?',
    address: 'text?',
    transport: 'text?',
  },
  /** A service that was set up to be reached in Tor or I2P. */
  'hidden-service': { network: 'text', name: 'text?', folder: 'text?', target: 'text?', key: 'text?' },
  /** Its time is when it was first started, or told of itself last. */
  'i2p-router': { version: 'text?', names: 'number?', address: 'text?' },
  'freenet-node': { name: 'text?', folder: 'text?' },
  'tor-state': { version: 'text?', guards: 'number' },
  /** Browsers. */
  /** What a file of its own in a cache was got from. */
  cached: { program: 'text', path: 'text', url: 'text?', sizeBytes: 'number', lies: 'text?' },
  'page-visited': {
    program: 'text',
    url: 'text',
    title: 'text?',
    times: 'number?',
    typed: 'number?',
    /** On another device, from which it was copied. */
    elsewhere: 'flag?',
  },
  /** Into the address bar; its time is when the same was chosen last. */
  'words-typed': { program: 'text', words: 'text', url: 'text?', times: 'number?' },
  /** A page that was kept to come back to; its time is when. */
  bookmark: { program: 'text', url: 'text', title: 'text?' },
  'words-searched': { program: 'text', words: 'text', url: 'text?', times: 'number?' },
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
  /** Stretches of the content that it names, to tell a file of that size by; none: it names no such stretch. */
  readonly pieces: readonly RecordPiece[]
  /** Of its blocks of 16 KiB: the root of their tree of SHA-256 (BEP 52); lower-case hex. */
  readonly piecesRoot?: string
}

export interface RecordPiece {
  readonly offset: number
  readonly length: number
  /** Lower-case hex. */
  readonly sha1: string
}

/** A record as the ledger keeps it, whether a list has to do with it or not. */
export interface Sign extends RecordFacts, Pick<DeviceRecord, 'when' | 'person' | 'direction' | 'status'> {
  readonly what: Coded
  /** Kept on the stated legal basis for text alone. */
  readonly isPrivate: boolean
  /** SHA-256 of the content that it speaks of; null where it names none. */
  readonly ofSha256: string | null
}
