/** Splits a range of a content into consecutive pieces: data with a known signature, and the unknown data between. */

import type { ByteSource } from '../../bytes/byte-source.ts'
import { LEAST_UNKNOWN_BYTES, paddingBytes } from '../../signatures/embedded/behind-end.ts'
import { endOf } from '../../signatures/embedded/ends.ts'
import { walked } from '../../signatures/embedded/walk.ts'
import { type Beginning, nextBeginning } from './beginnings.ts'

export interface Piece {
  readonly from: number
  readonly to: number
  /** Null: no known signature at the start. */
  readonly mediaType: string | null
}

const WINDOW_BYTES = 1 << 18

/** @param isOwn bytes before the first known piece belong to the preceding content and are not reported */
export function* piecesIn(source: ByteSource, from: number, to: number, isOwn = false): Generator<Piece> {
  for (let at = from; at < to; ) {
    const next = nextBeginning(source, at, to)
    const unknown = { from: pastPadding(source, at, next?.at ?? to), to: next?.at ?? to }
    const isSomething = unknown.to - unknown.from >= LEAST_UNKNOWN_BYTES
    if (isSomething && !(isOwn && at === from)) yield { ...unknown, mediaType: null }
    if (next === null) return
    at = endIn(source, next, to)
    yield { from: next.at, to: at, mediaType: next.mediaType }
  }
}

function pastPadding(source: ByteSource, from: number, to: number): number {
  for (let at = from; at < to; ) {
    const bytes = source.read(at, Math.min(WINDOW_BYTES, to - at))
    const padding = paddingBytes(bytes)
    at += padding
    if (padding < bytes.length || bytes.length === 0) return at
  }
  return to
}

/**
 * The end follows from the structure of the piece. When the structure is truncated, the piece ends where the next one
 * starts.
 */
function endIn(source: ByteSource, { at, mediaType }: Beginning, to: number): number {
  const end = endOf(mediaType)
  if (end === null) return to
  const found = endWithin(source, end(at), to)
  if (!found.isBroken) return Math.max(at + 1, Math.min(found.at, to))
  return nextBeginning(source, Math.max(found.at, at + 1), to)?.at ?? to
}

export function endWithin(
  source: ByteSource,
  walk: ReturnType<NonNullable<ReturnType<typeof endOf>>>,
  to = source.sizeBytes,
) {
  return walked(walk, (at, least) => read(source, at, Math.max(least, WINDOW_BYTES), to))
}

function read(source: ByteSource, at: number, length: number, to: number): Buffer {
  return at < to ? source.read(at, Math.min(length, to - at)) : NOTHING
}

const NOTHING = Buffer.alloc(0)
