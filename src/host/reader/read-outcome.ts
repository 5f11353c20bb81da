/** Turns the answer of a reader process, or its absence, into the outcome of a read. */
import type { Digests, ReadOutcome } from '../../contracts/content.ts'
import type { Detail } from '../../contracts/detail.ts'
import type { ReasonCode } from '../../contracts/reason.ts'
import { notDone, type StageResult } from '../../contracts/stage.ts'
import { type AnswerTuple, isDigested, type NotReadTuple } from '../../wire/reader.ts'

const DONE: StageResult = { result: 'done' }

export function outcomeOf(answer: AnswerTuple): ReadOutcome {
  if (!isDigested(answer)) return outcomeOfFailure(answer)
  const [, sizeBytes, mediaType, hasAppended, md5, sha1, sha256, blake3, ed2kRed, ed2kBlue] = answer
  const digests: Digests =
    ed2kRed === undefined || ed2kBlue === undefined
      ? { md5, sha1, sha256, blake3 }
      : { md5, sha1, sha256, blake3, ed2kRed, ed2kBlue }
  const size = BigInt(sizeBytes)
  const content = { digests, sizeBytes: size, mediaType, ...(hasAppended && { hasAppended }) }
  return { result: DONE, content, bytesRead: size }
}

export function outcomeOfFailure([reason, bytesRead, detail]: NotReadTuple): ReadOutcome {
  return notRead(reason, detail, bytesRead)
}

export function crashedRead(how: string): ReadOutcome {
  return notRead('reader-crashed', { code: 'reader-ended', params: { how } })
}

export function stalledRead(ms: number): ReadOutcome {
  return notRead('read-stalled', { code: 'silent', params: { seconds: Math.round(ms / 1000) } })
}

function notRead(reason: ReasonCode, detail: Detail | null, bytesRead = 0): ReadOutcome {
  return { result: notDone(reason, detail), content: null, bytesRead: BigInt(bytesRead) }
}
