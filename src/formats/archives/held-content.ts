/**
 * The content of a member as far as it fits into memory. What does not fit goes by: its digests and its type are taken from
 * the pieces, so that a film in a backup is matched like any file, and it can be opened if its format needs no more.
 */
import type { Digests } from '../../contracts/content.ts'
import type { StageResult } from '../../contracts/stage.ts'
import { newDigester } from '../../hash/digest.ts'
import { HEAD_BYTES, type Identified, TAIL_BYTES } from '../../media-types/sample.ts'
import { detailOf } from '../bytes/coded-error.ts'
import { identifyFully, mayHoldMore } from '../signatures/index.ts'
import {
  type DamagedContent,
  isDamaged,
  LimitReached,
  type MemberContent,
  resultOfDamage,
} from './common/container.ts'

/** More than may be held: the beginning, and everything in order once more. */
export interface Overflow {
  readonly kind: 'overflow'
  readonly head: Buffer
  readonly pieces: AsyncIterable<Buffer>
}

/** What was too large to hold, after it went by. */
export interface Passed {
  readonly kind: 'passed'
  readonly digests: Digests
  readonly sizeBytes: number
  readonly identified: Identified
}

/** Where a stream breaks off, what came before. @throws LimitReached */
export async function heldContent(
  content: MemberContent | null,
  mostBytes: number,
): Promise<Buffer | Overflow | DamagedContent | StageResult | null> {
  if (content === null || Buffer.isBuffer(content) || isDamaged(content)) return content
  if (!(Symbol.asyncIterator in content)) return content
  const chunks: Buffer[] = []
  let bytes = 0
  const iterator = content[Symbol.asyncIterator]()
  try {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      chunks.push(next.value)
      bytes += next.value.length
      if (bytes > mostBytes) return overflow(chunks, iterator)
    }
  } catch (error) {
    if (bytes === 0 || error instanceof LimitReached) return resultOfDamage(error)
    return { kind: 'damaged', bytes: Buffer.concat(chunks), detail: detailOf(error) }
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

function overflow(chunks: Buffer[], rest: AsyncIterator<Buffer>): Overflow {
  const pieces = async function* () {
    // Each is let go once it was handed on.
    for (let piece = chunks.shift(); piece; piece = chunks.shift()) yield piece
    yield* { [Symbol.asyncIterator]: () => rest }
  }
  return { kind: 'overflow', head: headOf(chunks), pieces: pieces() }
}

function headOf(chunks: readonly Buffer[]): Buffer {
  const first: Buffer[] = []
  let bytes = 0
  for (const chunk of chunks) {
    if (bytes >= HEAD_BYTES) break
    first.push(chunk)
    bytes += chunk.length
  }
  return Buffer.concat(first).subarray(0, HEAD_BYTES)
}

/** @throws LimitReached */
export async function passBy({ head, pieces }: Overflow): Promise<Passed | StageResult> {
  const digester = newDigester()
  let sizeBytes = 0
  let tail: Buffer = Buffer.alloc(0)
  try {
    for await (const piece of pieces) {
      digester.update(piece)
      sizeBytes += piece.length
      tail = piece.length >= TAIL_BYTES ? piece : Buffer.concat([tail, piece]).subarray(-TAIL_BYTES)
    }
  } catch (error) {
    return resultOfDamage(error)
  }
  const ends = await identifyFully(head, sizeBytes, tail.subarray(-TAIL_BYTES))
  // What lies in or behind it is not looked for: its opening says so.
  const identified = mayHoldMore(ends.mediaType) ? { ...ends, hasAppended: true as const } : ends
  return { kind: 'passed', digests: digester.finish(), sizeBytes, identified }
}
