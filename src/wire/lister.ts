/** Messages of the confined lister of an image: facts, entries, the result of each range, and hashes of the medium. */
import * as v from 'valibot'
import { MEANINGS } from '../contracts/hash-set.ts'
import { BYTES, CODE, COUNT, checked, countUpTo, HASH, hexOf, type Message, RESULT, TEXT } from './checks.ts'
import { ENTRY_ITEMS, ON_IMAGE, ORIGINAL_PATH } from './entry.ts'
import { LOCK } from './lock.ts'

// ───────────────────────────────────────────────────────────────────────────── facts

const STATED = v.array(v.strictObject({ name: TEXT, value: TEXT }))

const RANGE = v.strictObject({
  offset: COUNT,
  length: COUNT,
  kind: v.picklist(['table', 'gap', 'volume']),
  number: v.nullable(COUNT),
  scheme: v.picklist(['mbr', 'mbr-logical', 'gpt', 'apm', 'whole', 'lost', 'logical']),
  type: TEXT,
  name: TEXT,
  content: CODE,
  beyondBytes: v.exactOptional(COUNT),
  soughtTo: v.exactOptional(COUNT),
})

const PROBLEM = v.strictObject({ code: CODE, record: v.nullable(COUNT), detail: TEXT })

const CLASSES = v.strictObject({
  metadata: COUNT,
  allocated: COUNT,
  unallocated: COUNT,
  slack: COUNT,
  bad: COUNT,
  encrypted: v.exactOptional(COUNT),
  encryption: v.exactOptional(COUNT),
  unread: v.exactOptional(COUNT),
})

const LISTED_RANGE = v.strictObject({
  range: RANGE,
  fileSystem: v.nullable(
    v.strictObject({ kind: CODE, label: TEXT, uuid: TEXT, clusterBytes: COUNT, stated: STATED }),
  ),
  listed: RESULT,
  classes: v.nullable(CLASSES),
  problems: v.array(PROBLEM),
})

const FACTS = v.strictObject({
  image: v.strictObject({
    format: CODE,
    sizeBytes: COUNT,
    segments: v.array(v.strictObject({ name: TEXT, sizeBytes: COUNT })),
    stated: STATED,
    storedHashes: v.array(HASH),
    remarks: v.array(
      v.strictObject({ code: CODE, params: v.record(CODE, v.union([TEXT, v.pipe(v.number(), v.finite())])) }),
    ),
  }),
  /** Every range of the medium; `listed` is its result if the listing succeeds. */
  ranges: v.array(LISTED_RANGE),
  /**
   * Encrypted volumes, and the secrets that opened them. Only in a description: other listers receive the open ones.
   */
  locks: v.array(LOCK),
})

export type FactsMessage = Message<typeof FACTS>

export function factsMessage(header: unknown): FactsMessage {
  return checked(FACTS, header, 'facts of the image')
}

// ───────────────────────────────────────────────────────────────────────────── entries

const STATED_DIGEST = v.pipe(
  v.strictObject({
    kind: v.literal('attribute'),
    code: v.literal('stated-digest'),
    params: v.strictObject({ algorithm: v.picklist(['md5', 'sha1', 'sha256']), digest: v.string() }),
  }),
  v.check(({ params: { algorithm, digest } }) => v.is(hexOf(algorithm), digest)),
)

const LISTED_BEGINNING = v.strictObject({
  kind: v.literal('attribute'),
  code: v.literal('listed-beginning'),
  params: v.strictObject({
    list: TEXT,
    meaning: v.exactOptional(v.picklist(MEANINGS)),
    md5: hexOf('md5'),
    bytes: COUNT,
    agreement: v.picklist(['whole', 'first-64k']),
  }),
})

const ROWS = v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff)))

const FRAGMENT = v.strictObject({
  kind: v.literal('attribute'),
  code: v.literal('fragment'),
  params: v.strictObject({ rows: ROWS, ofRows: ROWS, scan: ROWS }),
})

const DECODES_IN_PART = v.strictObject({
  kind: v.literal('attribute'),
  code: v.literal('decodes-in-part'),
  params: v.strictObject({ rows: COUNT, ofRows: COUNT, scan: COUNT }),
})

const RECONSTRUCTED = v.strictObject({
  kind: v.literal('attribute'),
  code: v.literal('reconstructed'),
  params: v.strictObject({ by: v.picklist(['decoding', 'checksums', 'listed-digest']), fragments: COUNT }),
})

const TEXT_RUN = v.strictObject({
  kind: v.literal('attribute'),
  code: v.literal('text-run'),
  params: v.strictObject({
    encoding: v.picklist(['ascii', 'utf-8', 'utf-16le', 'utf-16be', 'single-byte']),
    cluster: v.exactOptional(COUNT),
    ofRecord: v.exactOptional(COUNT),
  }),
})

/** Findings that a lister may report; leads and other findings come from the main process alone. */
const NAMED = v.variant('code', [
  ORIGINAL_PATH,
  STATED_DIGEST,
  LISTED_BEGINNING,
  FRAGMENT,
  DECODES_IN_PART,
  RECONSTRUCTED,
  TEXT_RUN,
])
const MOST_NAMED = 100

const ENTRY = v.strictTuple([
  ...ENTRY_ITEMS,
  v.nullable(v.pipe(v.array(NAMED), v.maxLength(MOST_NAMED))),
  ON_IMAGE,
])

const BATCH = v.strictObject({ volume: COUNT, entries: v.pipe(v.array(ENTRY), v.minLength(1)) })

export type ListedTuple = Message<typeof ENTRY>
export type BatchMessage = Message<typeof BATCH>

export function batchMessage(header: unknown): BatchMessage {
  return checked(BATCH, header, 'entries')
}

// ───────────────────────────────────────────────────────────────────────────── ranges

const DAMAGED_BYTES = v.strictObject({
  kind: v.picklist(['damaged', 'unreadable-at-acquisition']),
  of: v.nullable(v.picklist(['metadata', 'allocated', 'unallocated', 'slack', 'bad', 'encrypted'])),
  bytes: COUNT,
})

const SAMPLE = v.strictObject({
  volume: COUNT,
  seed: TEXT,
  blockBytes: COUNT,
  blocks: COUNT,
  drawn: COUNT,
  read: COUNT,
  empty: COUNT,
  matched: COUNT,
  hashSetSha256: v.nullable(hexOf('sha256')),
})

const MOST_OF_A_RANGE = 10_000

const RANGE_LISTING = v.strictObject({
  range: LISTED_RANGE,
  damage: v.pipe(v.array(DAMAGED_BYTES), v.maxLength(MOST_OF_A_RANGE)),
  samples: v.pipe(v.array(SAMPLE), v.maxLength(MOST_OF_A_RANGE)),
})

export type RangeMessage = Message<typeof RANGE_LISTING>

export function rangeMessage(header: unknown): RangeMessage {
  return checked(RANGE_LISTING, header, 'what became of a range')
}

// ───────────────────────────────────────────────────────────────────────────── the rest

const DAMAGE = v.strictObject({
  offset: COUNT,
  length: COUNT,
  kind: v.picklist(['damaged', 'unreadable-at-acquisition']),
  cause: CODE,
})

const VERIFICATION = v.strictObject({
  hashes: v.array(HASH),
  damage: v.array(DAMAGE),
  opened: v.array(v.strictObject({ volume: COUNT, sha256: hexOf('sha256') })),
})

export type VerificationMessage = Message<typeof VERIFICATION>

export function verificationMessage(header: unknown): VerificationMessage {
  return checked(VERIFICATION, header, 'hashes of the medium')
}

const MOST_EXTENTS = 4096
/** Names of files in the folder of the descriptor file. */
const EXTENTS = v.strictObject({ names: v.nullable(v.pipe(v.array(BYTES), v.maxLength(MOST_EXTENTS))) })

/** Null: the file is no descriptor of a VMDK. */
export type ExtentsMessage = Message<typeof EXTENTS>

export function extentsMessage(header: unknown): ExtentsMessage {
  return checked(EXTENTS, header, 'names of extents')
}

const REFUSAL = v.strictObject({ code: CODE, message: TEXT })

/** Why the image cannot be opened: a code, and a sentence that is not escaped. */
export type RefusalMessage = Message<typeof REFUSAL>

export function refusalMessage(header: unknown): RefusalMessage {
  return checked(REFUSAL, header, 'a refusal')
}

/** A number of a volume, or bytes that were hashed. */
export function countMessage(header: unknown, most: number): number {
  return checked(countUpTo(most), header, 'a number')
}
