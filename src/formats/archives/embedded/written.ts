/**
 * Extracts data that text contains in base64 or hexadecimal digits, or that a property list contains. Each is a
 * member.
 */
import { holdsOthers, lookOf } from '../../../media-types/applies.ts'
import { type ByteSource, sourceOfBuffer } from '../../bytes/byte-source.ts'
import {
  BINARY_LIST,
  isRtf,
  isUtf16,
  LONGEST_BEGINNING,
  mayHoldWritten,
  writtenBeginnings,
} from '../../signatures/embedded/written.ts'
import { identify } from '../../signatures/index.ts'
import { Budget, LimitReached, type Member } from '../common/container.ts'
import { embeddedBytes, endingOf } from './embedded.ts'
import { base64Run, hexRun, type Run } from './letters.ts'
import { listedData } from './property-list.ts'
import { rtfHeld } from './rtf.ts'
import { uuRun } from './uuencoded.ts'

const PIECE_BYTES = 1 << 20
/** Shorter data is not a picture. */
export const LEAST_BYTES = 64

/** @returns null: text of this media type is not searched for pictures */
export function written(
  mediaType: string,
): ((source: ByteSource, budget: Budget) => AsyncIterable<Member>) | null {
  if (mediaType === BINARY_LIST) return (source, budget) => named(listedData(source), budget)
  if (!mayHoldWritten(mediaType)) return null
  return (source, budget) => named(isRtf(mediaType) ? rtfHeld(source) : writtenIn(source, budget), budget)
}

export async function* named(held: Iterable<Buffer>, budget: Budget): AsyncGenerator<Member> {
  let number = 0
  for (const bytes of held) {
    budget.entry()
    yield embeddedBytes(writtenName(++number, bytes), bytes, budget)
  }
}

export function writtenName(number: number, bytes: Buffer): string {
  return `written-${number}.${endingOf(identify(bytes, bytes.length).mediaType)}`
}

/** Whether a text contains at least one picture or container in letters. */
export function isWrittenIn(text: Buffer): boolean {
  const { length } = text
  const budget = new Budget({ entries: 1, bytes: length, ratio: 1 }, length)
  return writtenIn(sourceOfBuffer(text), budget).next().done === false
}

/** @throws LimitReached when a single run is larger than the remaining budget */
export function* writtenIn(given: ByteSource, budget: Budget): Generator<Buffer, void, undefined> {
  const source = isUtf16(given.read(0, 2)) ? narrowed(given) : given
  const beginnings = writtenBeginnings()
  for (let at = 0; at < source.sizeBytes; ) {
    const text = source.read(at, PIECE_BYTES).toString('latin1')
    beginnings.lastIndex = 0
    let next = at + Math.max(1, text.length - LONGEST_BEGINNING)
    for (let found = beginnings.exec(text); found; found = beginnings.exec(text)) {
      const run = runAt(source, at + found.index, found[0], budget)
      if (isSomething(run.bytes)) yield run.bytes
      if (run.end <= at + beginnings.lastIndex) continue
      if (run.end >= at + text.length) {
        next = run.end
        break
      }
      beginnings.lastIndex = run.end - at
    }
    if (at + text.length >= source.sizeBytes && next < source.sizeBytes && next <= at + text.length) return
    at = next
  }
}

/** Of UTF-16 the low byte of each unit: what stands for bytes is ASCII. */
function narrowed(source: ByteSource): ByteSource {
  const low = source.read(0, 1)[0] === 0xff ? 0 : 1
  return {
    sizeBytes: Math.floor(source.sizeBytes / 2),
    read: (offset, length) => {
      const wide = source.read(2 * offset, 2 * length)
      const bytes = Buffer.allocUnsafe(wide.length >> 1)
      for (let at = 0; at < bytes.length; at++) bytes[at] = wide[2 * at + low]!
      return bytes
    },
  }
}

function runAt(source: ByteSource, at: number, beginning: string, budget: Budget): Run {
  const most = budget.left
  const isHex = /^(?:[fF]{2}|89504|4749)/.test(beginning)
  const from = beginning === 'base64,' ? at + beginning.length : at
  if (beginning.includes('begin ')) return limited(uuRun(source, at + beginning.length, most), most)
  const run = isHex ? hexRun(source, from, most) : base64Run(source, from, most)
  return limited(run, most)
}

function limited(run: Run, most: number): Run {
  if (run.bytes.length > most) throw new LimitReached('bytes', most)
  return run
}

function isSomething(bytes: Buffer): boolean {
  if (bytes.length < LEAST_BYTES) return false
  const { mediaType } = identify(bytes, bytes.length)
  return lookOf(mediaType) !== null || holdsOthers(mediaType)
}
