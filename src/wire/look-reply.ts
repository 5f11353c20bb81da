/** The reply of a decoder to one analysis. */
import * as v from 'valibot'
import { checked, countUpTo, type Message } from './checks.ts'
import { ImplausibleReply } from './implausible.ts'
import { PREVIEW_CELLS } from './look.ts'
import { DIGESTS, PRINTED_ATTRIBUTE, PRINTED_RESULT, printed, SCORE } from './printed.ts'
import { isThumbnailName, THUMBNAIL_TYPES } from './thumbnail-entry.ts'

const U32 = countUpTo(0xffff_ffff)
/** 32 bytes of PDQ; for a hasher the size of its card. */
const HASH = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{2}){1,1024}$/))
const QUALITY = countUpTo(100)

/** Findings that an analysis may produce. Hits are not among them: the main process alone establishes these facts. */
const FINDING = v.variant('kind', [
  SCORE,
  PRINTED_ATTRIBUTE,
  v.object({
    kind: v.literal('perceptual-hash'),
    algorithm: v.picklist(['pdq', 'vpdq', 'hasher']),
    hex: HASH,
    quality: QUALITY,
    flavour: printed(64),
    part: printed(40),
  }),
])

/** A thumbnail embedded in the picture: the fields that are needed to match it and to find it again. */
const THUMBNAIL = v.object({
  name: v.pipe(v.string(), v.check(isThumbnailName)),
  mediaType: v.picklist(THUMBNAIL_TYPES),
  digests: DIGESTS,
  sizeBytes: U32,
})

const CELLS = v.pipe(countUpTo(PREVIEW_CELLS), v.minValue(1))

/** More than any picture or sampled video gives, and more than any picture carries (heif-thumbnail.ts). */
const MOST_FINDINGS = 20_000
const MOST_THUMBNAILS = 16

const REPLY = v.object({
  result: PRINTED_RESULT,
  findings: v.pipe(v.array(FINDING), v.maxLength(MOST_FINDINGS)),
  preview: v.nullable(v.object({ width: CELLS, height: CELLS })),
  thumbnails: v.pipe(v.array(THUMBNAIL), v.maxLength(MOST_THUMBNAILS)),
})

export type LookFinding = Message<typeof FINDING>
export type LookReply = Message<typeof REPLY>

/**
 * @param hashers bytes of a hash, by the id of the hasher that was asked
 * @throws ImplausibleReply
 */
export function lookReply(header: unknown, hashers: ReadonlyMap<string, number> = new Map()): LookReply {
  const reply = checked(REPLY, header, 'a look')
  for (const found of reply.findings)
    if (found.kind === 'perceptual-hash' && found.hex.length !== 2 * (hashBytesOf(found, hashers) ?? -1))
      throw new ImplausibleReply('a hash of another size than was asked for')
  if (new Set(reply.thumbnails.map(({ name }) => name)).size !== reply.thumbnails.length)
    throw new ImplausibleReply('two thumbnails of one name')
  return reply
}

function hashBytesOf(
  { algorithm, flavour }: { readonly algorithm: string; readonly flavour: string },
  hashers: ReadonlyMap<string, number>,
): number | undefined {
  return algorithm === 'hasher' ? hashers.get(flavour) : PDQ_BYTES
}

const PDQ_BYTES = 32
