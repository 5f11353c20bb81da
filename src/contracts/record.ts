/**
 * Artefact records of the device: a row of a sharing program's catalogue, a message, a download. Each is a code of this
 * closed table with its parameters. Digests in a record are compared with the lists (finding `reference`).
 */
import type { Coded, CodedOf, CodeTable, ParamsOf } from './coded.ts'
import type { FileTime } from './entry.ts'
import { GENERATOR_RECORDS } from './generator-record.ts'
import type { RecordFacts } from './record-time.ts'

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
  /** A file in a report of an extraction or (`by`: `logical-image`) in an image of selected files; stated digests. */
  'reported-file': { path: 'text', sizeBytes: 'number?', deleted: 'flag?', by: 'text?' },
  /** A record with digests, as stored without a legal basis for text: no names, words, persons. `record`: its code. */
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
  /** A BitTorrent download as a program stores it. */
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
  'cloud-file': {
    program: 'text',
    name: 'text?',
    sizeBytes: 'number?',
    shared: 'flag?',
    removed: 'flag?',
  },
  /** The device's own list of media. `app`: the app that wrote the file, if the list states it. */
  'media-stored': {
    path: 'text',
    mediaType: 'text',
    sizeBytes: 'number?',
    app: 'text?',
    url: 'text?',
    trashed: 'flag?',
    lies: 'text?',
  },
  /** Catalogues of Ares: `history` (found or downloaded files), `local` (files in shared folders). */
  'ares-file': {
    catalogue: 'text',
    path: 'text?',
    title: 'text?',
    sizeBytes: 'number?',
    shared: 'flag?',
    lies: 'text?',
  },
  /** An incomplete download of Ares, from the state at the end of its file. Time: start of the download. */
  'ares-partial': {
    title: 'text?',
    folder: 'text?',
    url: 'text?',
    sizeBytes: 'number?',
    receivedBytes: 'number?',
    paused: 'flag?',
  },
  /** The library of Shareaza. `shared`: whether the file or its folder was set to shared. */
  'shareaza-file': {
    name: 'text',
    folder: 'text',
    sizeBytes: 'number',
    shared: 'flag',
    hits: 'number',
    uploads: 'number',
  },
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
  /** A browser's record of a removal from its history; without an address: a period was removed. */
  'history-removed': { program: 'text', url: 'text?' },
  /** A list of opened files from the system or a program; `list` names the list. */
  'file-opened': { list: 'text', path: 'text', app: 'text?', machine: 'text?', lies: 'text?' },
  /** The system's attribute of a file with the time of its last opening. */
  'last-used': { program: 'text', lies: 'text?' },
  ...GENERATOR_RECORDS,
  /** `source`: the kind of system record. Time: the last run, or one of the last runs. */
  'program-run': { path: 'text', times: 'number?', source: 'text?' },
  /** `name`: the name of the file in the trash. */
  'file-trashed': { path: 'text', name: 'text?', lies: 'text?' },
  /** A name that the system stored for a folder and that no current entry of the folder has. */
  'folder-item': { name: 'text' },
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
  /** An entry node of Tor; `bridge`: in no public list. Dates are Tor's, which shifts them by some days at random. */
  'tor-guard': {
    kind: 'text',
    nickname: 'text?',
    fingerprint: 'text?',
    address: 'text?',
    transport: 'text?',
  },
  /** A service that was configured to be reachable in Tor or I2P. */
  'hidden-service': { network: 'text', name: 'text?', folder: 'text?', target: 'text?', key: 'text?' },
  /** Time: the first start of the router, or its last own announcement. */
  'i2p-router': { version: 'text?', names: 'number?', address: 'text?' },
  'freenet-node': { name: 'text?', folder: 'text?' },
  'tor-state': { version: 'text?', guards: 'number' },
  /** Browsers. */
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
  },
  /** Words typed into the address bar. Time: when the same entry was last chosen. */
  'words-typed': { program: 'text', words: 'text', url: 'text?', times: 'number?' },
  /** A bookmarked page. Time: when it was bookmarked. */
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
