/**
 * Answers of a reader process: for each requested content, in order, digests and media type, or the reason why there
 * are none.
 */
import * as v from 'valibot'
import type { ReasonCode } from '../contracts/reason.ts'
import {
  COUNT,
  checked,
  DETAIL,
  type DeepReadonly,
  HEX,
  isReasonOf,
  MEDIA_TYPE_FORM,
  type Message,
} from './checks.ts'
import { ImplausibleReply } from './implausible.ts'

type Done = [
  word: 'done',
  sizeBytes: number,
  mediaType: string,
  /** Data follows the content's end. */
  hasAppended: boolean,
  md5: string,
  sha1: string,
  sha256: string,
  blake3: string,
]
const HEX_OF_DONE = [HEX.md5, HEX.sha1, HEX.sha256, HEX.blake3]
/** With red and blue eD2k where the plan asks for them. */
type DoneEd2k = [...Done, red: string, blue: string]
const HEX_OF_DONE_ED2K = [...HEX_OF_DONE, HEX.md4, HEX.md4]
/** The bytes were sent before the answer, or through a pipe. */
const SENT = v.strictTuple([v.literal('sent'), COUNT, v.null()])
/** Reason, bytes that were read, and detail. */
const NOT_READ = v.strictTuple([
  v.custom<ReasonCode>((code) => isReasonOf('not-done', code)),
  COUNT,
  v.nullable(DETAIL),
])

/** True once O_NOATIME was refused, because the account does not own the file. */
const ATIME_TOUCHED = v.boolean()

const ANSWERS = answers<Done>('done', (answer) => isDone(answer, HEX_OF_DONE))
const ANSWERS_ED2K = answers<DoneEd2k>('done', (answer) => isDone(answer, HEX_OF_DONE_ED2K))
const PASSED_ON = answers<Message<typeof SENT>>('sent', (answer) => v.is(SENT, answer))

export type DigestedTuple = DeepReadonly<Done | DoneEd2k>
export type NotReadTuple = Message<typeof NOT_READ>
export type AnswerTuple = DigestedTuple | NotReadTuple
export type SentTuple = Message<typeof SENT>

export interface BatchAnswer<T> {
  readonly answers: readonly T[]
  readonly atimeTouched: boolean
}

/** Digests of no byte: an empty file is the one content that everybody can hash. */
const SHA256_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/**
 * @param sizes of the requested contents, in bytes, from the inventory
 * @throws ImplausibleReply
 */
export function checkedDigests(
  header: unknown,
  sizes: readonly number[],
  ed2k: boolean,
): BatchAnswer<AnswerTuple> {
  const { answers, atimeTouched } = checked(ed2k ? ANSWERS_ED2K : ANSWERS, header, 'digests')
  requireCount(answers, sizes.length)
  for (let i = 0; i < sizes.length; i++) {
    const answer = answers[i]!
    if (!isDigested(answer)) continue
    if (answer[1] !== sizes[i]) throw new ImplausibleReply('digests of another size than was listed')
    if (sizes[i] === 0 && answer[6] !== SHA256_OF_NOTHING)
      throw new ImplausibleReply('a digest of an empty file that is none')
  }
  return { answers, atimeTouched }
}

/** Answer about one content that was sent or passed on. @throws ImplausibleReply */
export function checkedPassedOn(header: unknown, sizeBytes: number): BatchAnswer<SentTuple | NotReadTuple> {
  const { answers, atimeTouched } = checked(PASSED_ON, header, 'what became of a content')
  requireCount(answers, 1)
  const [answer] = answers
  if (answer![0] === 'sent' && answer![1] !== sizeBytes)
    throw new ImplausibleReply('a content of another size than was listed')
  return { answers, atimeTouched }
}

export function isDigested(answer: AnswerTuple): answer is DigestedTuple {
  return answer[0] === 'done'
}

/** @param hex forms of the digests, the last items of the tuple */
function isDone(answer: unknown, hex: readonly RegExp[]): boolean {
  if (!Array.isArray(answer) || answer.length !== 4 + hex.length) return false
  const [word, sizeBytes, mediaType, hasAppended] = answer as readonly unknown[]
  if (word !== 'done' || !Number.isSafeInteger(sizeBytes) || (sizeBytes as number) < 0) return false
  if (typeof mediaType !== 'string' || !MEDIA_TYPE_FORM.test(mediaType)) return false
  if (typeof hasAppended !== 'boolean') return false
  return hex.every((form, i) => typeof answer[4 + i] === 'string' && form.test(answer[4 + i]))
}

/**
 * One function for all answers of a batch, which are as many as the files of an exhibit: the schema library makes objects for each item
 * that it checks.
 * @param word of an answer with a result @param isResult form of such an answer
 */
function answers<R extends readonly unknown[]>(word: string, isResult: (answer: unknown) => boolean) {
  const isAnswer = (answer: unknown) =>
    Array.isArray(answer) && answer[0] === word ? isResult(answer) : v.is(NOT_READ, answer)
  return v.strictObject({
    answers: v.custom<(R | Message<typeof NOT_READ>)[]>(
      (given) => Array.isArray(given) && given.every(isAnswer),
    ),
    atimeTouched: ATIME_TOUCHED,
  })
}

function requireCount(answers: readonly unknown[], asked: number): void {
  if (answers.length !== asked) throw new ImplausibleReply('another number of answers than was asked for')
}
