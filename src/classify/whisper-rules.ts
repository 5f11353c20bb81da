/** Which token may follow, by the rules of whisper's own program: timestamps in pairs that do not go back, and no other special token. */
import type { WhisperTokens } from './whisper-tokens.ts'

/** The first stretch begins within a second. */
const LATEST_START = 50

/** @param logits of every token @param sampled tokens so far, without the beginning @returns the likeliest that may follow */
export function chooseToken(
  logits: Float32Array,
  sampled: readonly number[],
  tokens: WhisperTokens,
): { readonly token: number; readonly logProbability: number } {
  const { endOfText, firstTimestamp } = tokens
  const may = allowed(sampled, tokens)
  const weight = (id: number) =>
    may(id) && Number.isFinite(logits[id]!) ? logits[id]! : Number.NEGATIVE_INFINITY
  let total = logSum(weight, 0, logits.length)
  const ofTimes = logSum(weight, firstTimestamp, logits.length)
  const text = most(weight, 0, endOfText + 1)
  // Where all times together are likelier than any word, a time comes.
  const isTime = ofTimes > weight(text)
  if (isTime) total = ofTimes
  const token = isTime ? most(weight, firstTimestamp, logits.length) : most(weight, 0, logits.length)
  const logProbability = weight(token) - total
  // Nothing may follow, or all are no numbers.
  return Number.isFinite(logProbability) ? { token, logProbability } : { token: endOfText, logProbability: 0 }
}

function allowed(
  sampled: readonly number[],
  { endOfText, firstTimestamp }: WhisperTokens,
): (id: number) => boolean {
  if (sampled.length === 0) return (id) => id >= firstTimestamp && id <= firstTimestamp + LATEST_START
  const isTime = (id: number | undefined) => id === undefined || id >= firstTimestamp
  const last = sampled.at(-1)!
  const [lastIsTime, beforeIsTime] = [isTime(last), isTime(sampled.at(-2))]
  const times = sampled.filter((id) => id >= firstTimestamp)
  // The end of a stretch may be the beginning of the next; the end of one lies behind its beginning.
  const from = lastIsTime && !beforeIsTime ? times.at(-1)! : times.at(-1)! + 1
  return (id) => {
    if (id > endOfText && id < firstTimestamp) return false
    if (id >= firstTimestamp) return id >= from && !(lastIsTime && beforeIsTime)
    return !(lastIsTime && !beforeIsTime) || id === endOfText
  }
}

function most(weight: (id: number) => number, from: number, to: number): number {
  let best = from
  for (let id = from + 1; id < to; id++) if (weight(id) > weight(best)) best = id
  return best
}

function logSum(weight: (id: number) => number, from: number, to: number): number {
  let highest = Number.NEGATIVE_INFINITY
  for (let id = from; id < to; id++) highest = Math.max(highest, weight(id))
  if (!Number.isFinite(highest)) return highest
  let sum = 0
  for (let id = from; id < to; id++) sum += Math.exp(weight(id) - highest)
  return highest + Math.log(sum)
}
