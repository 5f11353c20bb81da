/** Building blocks of the schemas of all messages, and the one function that checks a message against its schema. */
import * as v from 'valibot'
import { codedIn } from '../base/coded.ts'
import { DETAILS, type Detail } from '../contracts/detail.ts'
import { OUTCOMES_WITH_REASON, REASONS, type Reason, type ReasonCode } from '../contracts/reason.ts'
import type { StageResult } from '../contracts/stage.ts'
import { ImplausibleReply } from './implausible.ts'

/** The type of a message after its check. */
export type Message<S extends v.GenericSchema> = DeepReadonly<v.InferOutput<S>>

export type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T

/**
 * Checks a message and returns it with the type of its schema.
 * @param what noun phrase for the expected message, for the error
 * @throws ImplausibleReply
 */
export function checked<S extends v.GenericSchema>(
  schema: S,
  message: unknown,
  what: string,
): v.InferOutput<S> {
  const { success, output, issues } = v.safeParse(schema, message, { abortEarly: true })
  if (success) return output
  throw new ImplausibleReply(`${what} of another form${placeOf(issues[0])}`)
}

/** Place of the error in the message, as numbers and names of the schema. It repeats no content of the message. */
function placeOf({ path }: v.BaseIssue<unknown>): string {
  const keys = (path ?? []).map(({ key }) => String(key)).filter((key) => /^[\w-]{1,40}$/.test(key))
  return keys.length === 0 ? '' : ` (at ${keys.join('.')})`
}

// ───────────────────────────────────────────────────────────────────────────── numbers

/** A size, an offset, a count. */
export const COUNT = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

export function countUpTo(most: number) {
  return v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(most))
}

/** Decimal text of a whole number that does not fit a double: 0 to 2^64 − 1. */
export const DECIMAL = v.pipe(v.string(), v.regex(/^\d{1,20}$/))

/** Nanoseconds since 1970. FILETIME of NTFS counts 2^64 steps of 100 ns: 22 digits. */
export const NANOSECONDS = v.pipe(v.string(), v.regex(/^-?\d{1,22}$/))

// ───────────────────────────────────────────────────────────────────────────── text

/** Text as the exhibit has it. The bound exceeds every text that one of our processes sends at once. */
export const TEXT = v.pipe(v.string(), v.maxLength(1 << 20))

/** A code word of the program. */
export const CODE = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][\w.+-]{0,79}$/))

/** Bytes as characters from 0 to 255: names, and paths of any depth. */
export const BYTES = v.pipe(v.string(), v.regex(/^[\0-\xff]*$/))

export const MEDIA_TYPE_FORM = /^[a-z]+\/[A-Za-z0-9][\w.+-]{0,119}$/
export const MEDIA_TYPE = v.pipe(v.string(), v.regex(MEDIA_TYPE_FORM))

/** Lower-case hex of the exact length. */
export const HEX = {
  md4: /^[0-9a-f]{32}$/,
  md5: /^[0-9a-f]{32}$/,
  sha1: /^[0-9a-f]{40}$/,
  sha256: /^[0-9a-f]{64}$/,
  blake3: /^[0-9a-f]{64}$/,
} as const

/** A digest, in lower-case hex of its exact length. */
export function hexOf(algorithm: keyof typeof HEX) {
  return v.pipe(v.string(), v.regex(HEX[algorithm]))
}

/** An algorithm with its digest. */
export const HASH = v.variant('algorithm', [
  v.strictObject({ algorithm: v.literal('md5'), hex: hexOf('md5') }),
  v.strictObject({ algorithm: v.literal('sha1'), hex: hexOf('sha1') }),
  v.strictObject({ algorithm: v.literal('sha256'), hex: hexOf('sha256') }),
])

// ───────────────────────────────────────────────────────────────────────────── codes of the contract

const DETAIL_CHARACTERS = 4096

export const DETAIL = v.custom<Detail>(
  (detail) => isCoded(detail) && codedIn(DETAILS, detail.code, detail.params, boundedText) !== null,
)

/** A stage result whose reason is allowed with its outcome. */
export const RESULT = v.custom<StageResult>((result) => {
  if (typeof result !== 'object' || result === null || !('result' in result)) return false
  if (result.result === 'done') return Object.keys(result).length === 1
  return (
    Object.keys(result).length === 3 &&
    'reason' in result &&
    'detail' in result &&
    isReasonOf(result.result, result.reason) &&
    (result.detail === null || v.is(DETAIL, result.detail))
  )
})

/** @returns true where the reason exists and is allowed with this outcome */
export function isReasonOf(outcome: unknown, code: unknown): code is ReasonCode {
  if (typeof code !== 'string' || !Object.hasOwn(REASONS, code)) return false
  const { outcomes } = REASONS[code as ReasonCode] as Reason
  return OUTCOMES_WITH_REASON.some((one) => one === outcome && outcomes.includes(one))
}

function isCoded(value: unknown): value is { readonly code: unknown; readonly params: unknown } {
  return typeof value === 'object' && value !== null && 'code' in value && 'params' in value
}

/**
 * Returns the text unchanged; the output that shows it escapes it. @throws ImplausibleReply where it is longer than any
 * text of the program
 */
function boundedText(text: string): string {
  if (text.length > DETAIL_CHARACTERS) throw new ImplausibleReply('a detail of too much text')
  return text
}
