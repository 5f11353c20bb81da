/**
 * Detects whether a content may contain more than its media type states: data behind a picture or video, a video in a
 * picture, covers in a sound, a picture encoded in text. The check runs while the content is read for its digests.
 * Container expansion in a child process then determines the data. In doubt the check answers yes.
 */
import { isFollowed } from './behind-end.ts'
import { topBoxes } from './box-walk.ts'
import { coverNotice } from './cover-notices.ts'
import { BOXED, endOf } from './ends.ts'
import type { Walk } from './walk.ts'
import { writtenNotice } from './written.ts'

/** @returns null: no check exists for this media type */
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
