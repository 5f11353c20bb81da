/** Attributes: neutral facts of a content or an entry, each a code of this closed table with its parameters. */
import { ADDRESS_NOTES } from './address-note.ts'
import type { CodedOf, CodeTable, ParamsOf } from './coded.ts'
import { RECORD_NOTES } from './record-note.ts'
import { TEXT_NOTES } from './text-note.ts'

/** Video only: number of frames with the attribute, of the frames that were analysed. */
const FRAMES = { frames: 'number?', ofFrames: 'number?' } as const

const TEXT = { text: 'text' } as const

export const ATTRIBUTES = {
  ...TEXT_NOTES,
  ...RECORD_NOTES,
  ...ADDRESS_NOTES,
  // Properties of a picture or video.
  dimensions: { width: 'number', height: 'number' },
  'exif-orientation': { orientation: 'number' },
  pages: { pages: 'number' },
  'picture-kind': { kind: 'text', ...FRAMES },
  'decode-warning': { said: 'text' },
  duration: { ms: 'number' },
  'video-codec': { codec: 'text' },
  'frame-rate': { per1000Seconds: 'number' },
  'frames-hashed': { hashed: 'number', kept: 'number', seconds: 'number', everyMs: 'number', how: 'text' },
  'frames-looked-at': { distinct: 'number', sampled: 'number', how: 'text', decoded: 'number' },
  'frames-over-threshold': {
    label: 'text',
    above: 'number',
    distinct: 'number',
    thresholdPer10k: 'number',
    highestPer10k: 'number',
    highestMs: 'number',
    lowestPer10k: 'number',
  },
  'frames-by-quick-models-only': { frames: 'number', distinct: 'number', slow: 'number' },
  'frame-attributes-left-out': { attributes: 'number' },
  // Speech in a sound or a video: how much of what was heard, and where.
  speech: { ms: 'number', ofMs: 'number', sharePer10k: 'number' },
  'speech-span': { startMs: 'number', endMs: 'number' },
  'speech-spans-left-out': { spans: 'number' },
  // Faces: positions and scores only. No face is described.
  faces: { faces: 'number', ...FRAMES },
  'faces-in-frames': {
    frames: 'number',
    distinct: 'number',
    likely: 'number',
    possible: 'number',
    belowBoth: 'number',
  },
  face: {
    x: 'number',
    y: 'number',
    width: 'number',
    height: 'number',
    detector: 'text',
    scorePer10k: 'number',
    ageBand: 'text?',
    apparentMinorPer10k: 'number?',
  },
  'apparent-age': { band: 'text', smallSidePixels: 'number?', ...FRAMES },
  // Origin as the file states it, unchanged.
  'camera-make': TEXT,
  'camera-model': TEXT,
  'camera-serial': TEXT,
  'lens-serial': TEXT,
  software: TEXT,
  'capture-time': TEXT,
  'capture-time-offset': TEXT,
  'image-unique-id': TEXT,
  'document-id': TEXT,
  byline: TEXT,
  'gps-position': TEXT,
  /**
   * By the dataset that `edition` names; `townCountry` in two letters (ISO 3166-1); no country at sea. `coastKilometres`: that far
   * off the coast of the country.
   */
  'gps-place': {
    country: 'text?',
    coastKilometres: 'number?',
    town: 'text',
    townCountry: 'text',
    kilometres: 'number',
    edition: 'text',
  },
  // How the file was made, as the file states it. Anybody can write such a statement, and its absence proves nothing.
  /** Absent parameters: not checked, as of earlier programs. `unread`: why the manifest could not be read. */
  'content-credentials': {
    signature: 'text?',
    statements: 'text?',
    content: 'text?',
    signer: 'text?',
    issuer: 'text?',
    program: 'text?',
    certificate: 'text?',
    /** Against the trust list of the plan; absent: there is none, or the signature does not hold. */
    trust: 'text?',
    /** Of the certificates up to the list, when the time stamp was made. */
    valid: 'text?',
    unread: 'text?',
  },
  'digital-source-type': { type: 'text', where: 'text' },
  'generator-text': { where: 'text', field: 'text' },
  'thumbnail-of': { uri: 'text', modified: 'text?' },
  'metadata-warning': TEXT,
  'possible-first-generation': {
    sign: 'text',
    make: 'text?',
    model: 'text?',
    serial: 'text?',
    software: 'text?',
    others: 'number',
    inCameraFolder: 'number',
    sameSoftware: 'number',
    listed: 'number',
  },
  'of-listed-series': {
    folder: 'flag',
    camera: 'flag',
    time: 'flag',
    place: 'flag',
    copy: 'flag',
    listed: 'number',
  },
  'close-up-of-hand': { scorePer10k: 'number' },
  'face-in-doubt': { scorePer10k: 'number' },
  'face-covered': { lessRedPer10k: 'number' },
  'no-person-found': { explicit: 'flag', minor: 'flag', scorePer10k: 'number', atFacePer10k: 'number?' },
  // Thumbnails inside it.
  'embedded-thumbnail': { width: 'number', height: 'number' },
  'embedded-thumbnail-unread': { reason: 'text', item: 'number?', coding: 'text?' },
  'embedded-thumbnails-left-out': { thumbnails: 'number' },
  'embedded-thumbnail-differs': { bits: 'number' },
  'embedded-thumbnail-agrees': { bits: 'number' },
  // Text.
  language: { language: 'text' },
  messages: { messages: 'number' },
  // The agency's own terms, by id.
  'term-in-name': { id: 'text' },
  'term-in-folder': { id: 'text' },
  'term-in-text': { id: 'text' },
  // Names, and metadata stored with a file.
  'wrong-extension': { extension: 'text', mediaType: 'text' },
  'link-target': { name: 'text' },
  /** The file is in a model folder of a program that generates pictures, and its name is a model's name. */
  'model-place': { program: 'text', kind: 'text' },
  'extended-attribute': { name: 'text', bytes: 'number?', text: 'text?' },
  'extended-attributes-left-out': { attributes: 'number' },
  'extended-attributes-unlisted': TEXT,
  // Data in unallocated space or in slack.
  'listed-beginning': {
    list: 'text',
    meaning: 'text?',
    md5: 'text',
    bytes: 'number',
    agreement: 'text',
  },
  /** A content of several pieces. `by`: `decoding`, `checksums`, `listed-digest`. */
  reconstructed: { by: 'text', fragments: 'number' },
  /** A removed picture whose clusters were assumed to follow each other: it decodes to a row, and not further. */
  'decodes-in-part': { rows: 'number', ofRows: 'number', scan: 'number' },
  /** A content that breaks off: of a picture, `rows` of `ofRows` rows decode (in its scan `scan`, where it has several). */
  fragment: { rows: 'number?', ofRows: 'number?', scan: 'number?' },
  /**
   * Text that was found by its characters. `cluster`: as the file system counts them; `ofRecord`: the record of the
   * live file in whose slack it lies.
   */
  'text-run': { encoding: 'text', cluster: 'number?', ofRecord: 'number?' },
  // The process that read this content reported something false: about this content, or the reading could not be
  // repeated (pipeline/readings.ts).
  'read-in-doubt': { sha256: 'text?', list: 'text?', meaning: 'text?' },
  // Digests that the image states, compared with the computed digests.
  'stated-digest': { algorithm: 'text', digest: 'text' },
  'stated-digest-agrees': { algorithm: 'text' },
  'stated-digest-differs': { algorithm: 'text', stated: 'text', computed: 'text' },
  /**
   * A list contains a digest that the image states, but the content is missing or differs. It counts as a reference
   * (findings/stated-reference.ts).
   */
  'stated-digest-listed': {
    algorithm: 'text',
    digest: 'text',
    path: 'text?',
    sizeBytes: 'number?',
    by: 'text?',
    list: 'text',
    listSha256: 'text?',
    edition: 'text?',
    meaning: 'text?',
    category: 'text?',
    scale: 'text?',
    categoryLabel: 'text?',
  },
  'deleted-row': {},
  'original-path': { path: 'text', by: 'text', deletedUtc: 'text?' },
  // How the content was read and matched.
  'opened-in-place': {},
  'looked-at-in-place': {},
  /**
   * Only in ledgers of earlier builds: no model analysed this picture. It reuses the analysis of the picture `sha256`, whose
   * PDQ hash differs in `bits` bits.
   */
  'look-shared': { sha256: 'text', bits: 'number' },
  'appended-archive': { offset: 'number', mediaType: 'text' },
  'listed-size-differs': { list: 'text', stated: 'number', bytes: 'number' },
  'illegal-and-known': { illegal: 'text', known: 'text' },
  'known-with-illegal-digests': { illegal: 'text', known: 'text' },
  /** An attribute of ledger formats 1 and 2 that has no parameters of its own. */
  'as-written': { name: 'text', text: 'text' },
} as const satisfies CodeTable

export type AttributeCode = keyof typeof ATTRIBUTES

export type Attribute<C extends AttributeCode = AttributeCode> = {
  readonly kind: 'attribute'
} & CodedOf<typeof ATTRIBUTES, C>

export type AttributeParams<C extends AttributeCode> = ParamsOf<(typeof ATTRIBUTES)[C]>

export function attribute<C extends AttributeCode>(code: C, params: AttributeParams<C>): Attribute {
  return { kind: 'attribute', code, params } as unknown as Attribute
}
