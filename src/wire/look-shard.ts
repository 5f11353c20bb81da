/**
 * Messages between a scan and hosts that analyse contents for it: a shard asks, a bundle answers.
 *
 * A shard names no file of the exhibit: each content is a place in the image, a size, a type and a digest. Both are texts of another
 * machine: each side checks them before it acts on them.
 */
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { COUNT, checked, countUpTo, hexOf, MEDIA_TYPE, type Message, TEXT } from './checks.ts'
import { CONTENT_PLACE } from './entry.ts'
import { ImplausibleReply } from './implausible.ts'
import { PREVIEW_CELLS } from './look.ts'

export const SHARD_CONTENTS = 500
/** A look's answer is a few kilobytes; this bounds what is read at once. */
export const BUNDLE_BYTES = 64 << 20

const SHA256 = hexOf('sha256')
const ITEM = v.strictObject({
  sizeBytes: COUNT,
  mediaType: MEDIA_TYPE,
  sha256: SHA256,
  volume: COUNT,
  place: CONTENT_PLACE,
  preview: v.picklist(['never', 'leads', 'always']),
})

const SHARD = v.strictObject({
  shard: v.literal(1),
  /** Random id of the run, 32 hex digits. */
  run: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  n: COUNT,
  planDigest: SHA256,
  /** The whole plan: its digest is made again from it. */
  plan: v.record(v.string(), v.unknown()),
  /** Programs and processors of one class give equal results: host/decoder/look-class.ts. */
  class: SHA256,
  image: v.strictObject({
    path: TEXT,
    segments: v.pipe(v.array(v.strictObject({ name: TEXT, sizeBytes: COUNT })), v.minLength(1)),
    /** Where the sample is drawn. */
    seed: TEXT,
    /** host/held/image-sample.ts */
    sample: SHA256,
  }),
  items: v.pipe(v.array(ITEM), v.minLength(1), v.maxLength(SHARD_CONTENTS)),
})

/** Base64 of the cells of one preview. */
const CELLS = v.pipe(v.string(), v.maxLength(Math.ceil(PREVIEW_CELLS ** 2 / 3) * 4), v.base64())
const NO_CELLS = v.literal('')

const BUNDLE = v.strictObject({
  bundle: v.literal(1),
  /** Digest of the shard's text. */
  shard: SHA256,
  planDigest: SHA256,
  class: SHA256,
  host: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/)),
  /** In the order of the shard; contents without an answer of a child are left out. */
  answers: v.pipe(
    v.array(
      v.strictObject({
        n: countUpTo(SHARD_CONTENTS - 1),
        sha256: SHA256,
        /** Of the child; checked as a child's own is. */
        header: v.unknown(),
        cells: v.union([NO_CELLS, CELLS]),
      }),
    ),
    v.maxLength(SHARD_CONTENTS),
  ),
})

const SIGNED = v.strictObject({
  signed: v.string(),
  /** Ed25519 over `signed`, base64; null: the host has no key. */
  signature: v.nullable(v.pipe(v.string(), v.maxLength(200))),
  /** SPKI, PEM. */
  publicKey: v.nullable(v.pipe(v.string(), v.maxLength(1000))),
})

export type LookShard = Message<typeof SHARD>
export type ShardItem = Message<typeof ITEM>
export type LookBundle = Message<typeof BUNDLE>
export type SignedBundle = Message<typeof SIGNED>

/** Lower-case hex. */
export function shardDigest(text: string): string {
  return createHash('sha256').update('seized look shard 1\0').update(text).digest('hex')
}

/** @throws ImplausibleReply */
export function lookShard(text: string): LookShard {
  return checked(SHARD, jsonOf(text), 'a shard')
}

/** @throws ImplausibleReply */
export function signedBundle(text: string): SignedBundle {
  return checked(SIGNED, jsonOf(text), 'a signed bundle')
}

/** The answers of a bundle that was checked before. @throws ImplausibleReply */
export function answersIn(signed: string): LookBundle['answers'] {
  return checked(BUNDLE, jsonOf(signed), 'a bundle').answers
}

/** The answers to that shard, each at most once and with the digest that was asked. @param text of the shard @throws ImplausibleReply */
export function lookBundle(signed: string, shard: LookShard, text: string): LookBundle {
  const bundle = checked(BUNDLE, jsonOf(signed), 'a bundle')
  if (bundle.shard !== shardDigest(text)) throw new ImplausibleReply('answers to another shard')
  if (bundle.planDigest !== shard.planDigest) throw new ImplausibleReply('answers by another plan')
  if (bundle.class !== shard.class) throw new ImplausibleReply('answers of another class of processor')
  let before = -1
  for (const { n, sha256 } of bundle.answers) {
    if (n <= before) throw new ImplausibleReply('two answers about one content, or in another order')
    if (shard.items[n]?.sha256 !== sha256) throw new ImplausibleReply('an answer about another content')
    before = n
  }
  return bundle
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw new ImplausibleReply('a text that is no JSON')
    throw error
  }
}
