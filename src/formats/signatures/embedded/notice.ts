/**
 * Whether a content seems to hold more than its media type says: something behind the end of a picture or a film, a film in a picture,
 * covers in a sound, a picture that is written into text. Noticed while the content is read for its digests; what it is finds out the child that opens it. Says yes where
 * it cannot be sure.
 */
import { isFollowed } from './behind-end.ts'
import { topBoxes } from './box-walk.ts'
import { coverNotice } from './cover-notices.ts'
import { BOXED, endOf } from './ends.ts'
import type { Walk } from './walk.ts'
import { writtenNotice } from './written.ts'

/** @returns null: nothing to be noticed in this type */
export function noticeOf(mediaType: string, sizeBytes: number): Walk<boolean> | null {
  if (BOXED.has(mediaType)) return boxed(sizeBytes)
  const cover = coverNotice(mediaType, sizeBytes)
  if (cover !== null) return cover
  const written = writtenNotice(mediaType, sizeBytes)
  if (written !== null) return written
  const end = endOf(mediaType)
  return end && behind(end(0), sizeBytes)
}

function* boxed(sizeBytes: number): Walk<boolean> {
  const { at, holding, covers } = yield* topBoxes(0)
  return holding.length + covers.length > 0 || (at > 0 && (yield* isFollowed(at, sizeBytes)))
}

function* behind(end: ReturnType<NonNullable<ReturnType<typeof endOf>>>, sizeBytes: number): Walk<boolean> {
  const { at, isBroken } = yield* end
  return isBroken ? at < sizeBytes : yield* isFollowed(at, sizeBytes)
}
