/**
 * Parts of a decoder's messages. A decoder has parsed hostile bytes, so before any part reaches a ledger each text is
 * escaped and cut, each number has a range, and each reason is one of the program's.
 */
import * as v from 'valibot'
import { codedIn } from '../base/coded.ts'
import { printable } from '../base/printable.ts'
import { ATTRIBUTES, type Attribute, type AttributeCode } from '../contracts/attribute.ts'
import { DETAILS, type Detail } from '../contracts/detail.ts'
import type { StageResult } from '../contracts/stage.ts'
import { countUpTo, hexOf, isReasonOf } from './checks.ts'
import { ImplausibleReply } from './implausible.ts'

const PARAM_CHARACTERS = 300

/** Text, escaped and cut. */
export function printed(limit: number) {
  return v.pipe(
    v.string(),
    v.transform((text) => printable(text, limit)),
  )
}

export const PRINTED_DETAIL = v.pipe(
  v.object({ code: v.unknown(), params: v.unknown() }),
  v.transform(({ code, params }): Detail => {
    const detail = codedIn(DETAILS, code, params, bounded)
    if (detail === null) throw new ImplausibleReply('an unknown detail')
    return detail
  }),
)

/** Attributes that only the main process establishes, or that belong to an entry: from a decoder they are a lie. */
const NOT_OF_DECODERS: ReadonlySet<unknown> = new Set([
  'appended-archive',
  'as-written',
  'decodes-in-part',
  'deleted-row',
  'ed2k-not-made',
  'extended-attribute',
  'extended-attributes-left-out',
  'extended-attributes-unlisted',
  'close-up-of-hand',
  'face-covered',
  'face-in-doubt',
  'file-lock-closed',
  'file-lock-opened',
  'fragment',
  'illegal-and-known',
  'known-with-illegal-digests',
  'link-target',
  'listed-beginning',
  'listed-size-differs',
  'look-shared',
  'looked-at-in-place',
  'model-place',
  'no-person-found',
  'of-listed-series',
  'opened-in-place',
  'original-path',
  'possible-first-generation',
  'reconstructed',
  'stated-digest',
  'stated-digest-agrees',
  'stated-digest-differs',
  'stated-digest-listed',
  'text-run',
  'wrong-extension',
] satisfies readonly AttributeCode[])

export const PRINTED_ATTRIBUTE = v.pipe(
  v.object({ kind: v.literal('attribute'), code: v.unknown(), params: v.unknown() }),
  v.transform(({ code, params }): Attribute => {
    const attribute = NOT_OF_DECODERS.has(code) ? null : codedIn(ATTRIBUTES, code, params, bounded)
    if (attribute === null) throw new ImplausibleReply('an unknown attribute')
    return { kind: 'attribute', ...attribute }
  }),
)

export const PRINTED_RESULT = v.pipe(
  v.variant('result', [
    v.object({ result: v.literal('done') }),
    v.object({
      result: v.picklist(['done-with-warnings', 'not-applicable', 'not-done']),
      reason: v.string(),
      detail: v.nullable(PRINTED_DETAIL),
    }),
  ]),
  v.transform((said): StageResult => {
    if (said.result === 'done') return { result: 'done' }
    const { result, reason, detail } = said
    if (!isReasonOf(result, reason)) throw new ImplausibleReply('an unknown reason')
    return { result, reason, detail }
  }),
)

const PER_10K = countUpTo(10_000)

export const SCORE = v.object({
  kind: v.literal('score'),
  classifier: printed(100),
  modelSha256: printed(64),
  label: printed(100),
  scorePer10k: PER_10K,
  thresholdPer10k: v.nullable(PER_10K),
})

/** All four digests; other fields are ignored. */
export const DIGESTS = v.object({
  md5: hexOf('md5'),
  sha1: hexOf('sha1'),
  sha256: hexOf('sha256'),
  blake3: hexOf('blake3'),
})

function bounded(text: string): string {
  return printable(text, PARAM_CHARACTERS)
}
