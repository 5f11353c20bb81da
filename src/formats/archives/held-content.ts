/**
 * Reads the content of a member into memory, up to a limit. Larger content streams through: its digests and media
 * type are computed from the pieces. A large video in a backup is therefore matched like any file, and a container
 * can still be opened when its format allows streaming.
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

/** Content over the memory limit: its first bytes, and an iterator over all pieces in order. */
export interface Overflow {
  readonly kind: 'overflow'
  readonly head: Buffer
  readonly pieces: AsyncIterable<Buffer>
}

/** Result for content over the memory limit, after it was streamed. */
export interface Passed {
  readonly kind: 'passed'
  readonly digests: Digests
  readonly sizeBytes: number
  readonly identified: Identified
}

/** When the stream is truncated, returns the bytes before the error. @throws LimitReached */
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
    // Each piece is released after it was passed on.
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
  // Embedded data of this content is not searched here; the flag makes its own container expansion report that.
  const identified = mayHoldMore(ends.mediaType) ? { ...ends, hasAppended: true as const } : ends
  return { kind: 'passed', digests: digester.finish(), sizeBytes, identified }
}
