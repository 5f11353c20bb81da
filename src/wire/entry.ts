/**
 * One entry as a walker or lister reports it: names as byte strings, whole numbers that do not fit a double as decimal
 * text.
 */
import * as v from 'valibot'
import type { ReasonCode } from '../contracts/reason.ts'
import type { StageResult } from '../contracts/stage.ts'
import {
  BYTES,
  CODE,
  COUNT,
  countUpTo,
  DECIMAL,
  HASH,
  type Message,
  NANOSECONDS,
  RESULT,
  TEXT,
} from './checks.ts'
import { ImplausibleReply } from './implausible.ts'

export const ENTRY_KIND = v.picklist([
  'file',
  'directory',
  'symlink',
  'fifo',
  'socket',
  'block-device',
  'character-device',
  'unknown',
])

/** Of modified, changed, accessed and born. */
const TIMES = v.strictTuple([
  v.nullable(NANOSECONDS),
  v.nullable(NANOSECONDS),
  v.nullable(NANOSECONDS),
  v.nullable(NANOSECONDS),
])

const ONE_BASIS = 'stat/(?:ns|100ns|us|ms|10ms|s|2s|day)/(?:utc|offset|local-unknown)'
/** As base/time-basis.ts writes it. */
const TIME_BASIS = v.pipe(
  v.string(),
  v.maxLength(200),
  v.regex(new RegExp(`^(?:${ONE_BASIS}|(?:${ONE_BASIS}|-)(?:,(?:${ONE_BASIS}|-)){3})$`)),
)

/** Of a file mode, an owner, a group: archives keep larger ones than any system has. */
const SYSTEM_NUMBER = COUNT
const MOST_BANDS = 100

/** Fields of an entry that walker and lister share. */
export const ENTRY_ITEMS = [
  /** Evidence path. */
  BYTES,
  ENTRY_KIND,
  /** Bytes, and bytes allocated. */
  DECIMAL,
  v.nullable(DECIMAL),
  TIMES,
  v.nullable(TIME_BASIS),
  /** Device, inode, links. */
  v.nullable(DECIMAL),
  v.nullable(DECIMAL),
  v.nullable(DECIMAL),
  /** Mode, owner, group. */
  v.nullable(SYSTEM_NUMBER),
  v.nullable(SYSTEM_NUMBER),
  v.nullable(SYSTEM_NUMBER),
  /** Target of a link. */
  v.nullable(BYTES),
  /** Band. */
  countUpTo(MOST_BANDS),
  /** Null: its content is to be read. */
  v.nullable(RESULT),
] as const

const RUNS = v.array(v.strictObject({ offset: v.nullable(COUNT), length: COUNT }))
const STATED = v.exactOptional(v.array(HASH))
const SEALED = v.exactOptional(
  v.strictObject({
    backup: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    protection: countUpTo(255),
    wrappedHex: v.pipe(v.string(), v.regex(/^[0-9a-f]{80}$/)),
    storedBytes: COUNT,
  }),
)
const CODING = v.picklist([
  'lznt1',
  'xpress4k',
  'xpress8k',
  'xpress16k',
  'lzx',
  'zlib-attribute',
  'zlib-fork',
  'lzvn-attribute',
  'lzvn-fork',
  'lzfse-attribute',
  'lzfse-fork',
])

/** The runs of a content on its volume: contracts/content-place.ts. */
export const CONTENT_PLACE = v.variant('kind', [
  v.strictObject({ kind: v.literal('runs'), runs: RUNS, validBytes: COUNT, stated: STATED, sealed: SEALED }),
  v.strictObject({
    kind: v.literal('coded'),
    coding: CODING,
    unitBytes: COUNT,
    runs: RUNS,
    validBytes: COUNT,
    stated: STATED,
    sealed: SEALED,
  }),
  v.strictObject({
    kind: v.literal('deflated'),
    method: v.picklist(['stored', 'deflate']),
    runs: RUNS,
    crc32: countUpTo(0xffff_ffff),
    validBytes: COUNT,
    stated: STATED,
    sealed: SEALED,
  }),
  v.strictObject({
    kind: v.literal('chunked'),
    unitBytes: COUNT,
    chunks: COUNT,
    tableOffset: COUNT,
    validBytes: COUNT,
    stated: STATED,
    sealed: SEALED,
  }),
  v.strictObject({
    kind: v.literal('extents'),
    runs: RUNS,
    extents: v.array(
      v.strictObject({
        length: COUNT,
        runs: COUNT,
        coding: v.nullable(v.picklist(['zlib', 'lzo', 'zstd'])),
        decodedBytes: COUNT,
        from: COUNT,
      }),
    ),
    validBytes: COUNT,
    stated: STATED,
    sealed: SEALED,
  }),
  v.strictObject({ kind: v.literal('none'), reason: CODE, detail: TEXT, stated: STATED }),
])

const STATUS = v.picklist(['live', 'deleted', 'deleted-overwritten', 'orphan', 'carved'])
const BASIS = v.picklist([
  'mft',
  'inode',
  'journal',
  'directory-slack',
  'index-slack',
  'change-journal',
  'catalog',
  'catalog-slack',
  'assumed-contiguous',
  'contiguous',
  'chain',
  'shadow-copy',
  'snapshot',
  'checkpoint',
  'free-leaf',
  'signature',
  'known-beginning',
  'reconstructed',
])

/** Fields of an entry that only an image has: contracts/entry.ts, OnImage. */
export const ON_IMAGE = v.strictTuple([
  /** Volume. */
  COUNT,
  STATUS,
  v.nullable(BASIS),
  /** Record, and its sequence. */
  COUNT,
  v.nullable(COUNT),
  CONTENT_PLACE,
  v.nullable(TIMES),
  v.nullable(TIME_BASIS),
  /** Codes. */
  v.array(CODE),
])

/** A name that something else on the exhibit gives to an entry. */
export const ORIGINAL_PATH = v.strictObject({
  kind: v.literal('attribute'),
  code: v.literal('original-path'),
  params: v.strictObject({
    path: TEXT,
    by: v.picklist(['recycle-bin', 'extraction-report', 'backup-manifest']),
    deletedUtc: v.exactOptional(
      v.pipe(v.string(), v.regex(/^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)),
    ),
  }),
})

const ITEMS = v.strictTuple(ENTRY_ITEMS)
export type EntryItems = Message<typeof ITEMS>
export type OnImageTuple = Message<typeof ON_IMAGE>

/** Why a name or a content is not read that a listing found. */
const LISTING_REASONS: ReadonlySet<string> = new Set([
  'encrypted-member',
  'directory-unreadable',
  'directory-loop',
  'permission-denied',
  'io-error',
  'machine-short',
  'vanished',
  'sparse',
  'read-stalled',
  'walk-crashed',
  'cannot-open',
  'attribute-unreadable',
  'overwritten',
  'overwritten-in-part',
  'content-not-recorded',
  'image-damaged',
  'unreadable-at-acquisition',
  'not-built',
  'encrypted',
  'over-byte-limit',
] satisfies readonly ReasonCode[])

const NOT_READ_OF: Readonly<Record<string, ReasonCode>> = { directory: 'directory', symlink: 'symlink' }

/**
 * Checks that the read result fits the kind: a file is to be read, or has the reason why it cannot be.
 * @throws ImplausibleReply
 */
export function requireReading(kind: v.InferOutput<typeof ENTRY_KIND>, read: StageResult | null): void {
  if (read === null) {
    if (kind !== 'file' && kind !== 'unknown') throw new ImplausibleReply(`a ${kind} that is to be read`)
    return
  }
  if (read.result === 'not-done' && LISTING_REASONS.has(read.reason)) return
  const usual = NOT_READ_OF[kind] ?? (kind === 'file' ? null : 'special-file')
  if (read.result !== 'not-applicable' || read.reason !== usual)
    throw new ImplausibleReply('a result that no listing gives')
}
