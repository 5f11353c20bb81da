/** A content of an image that a child reads in place: the child inherits the segments, as a reader does. */
import type { PendingRead } from '../../contracts/ledger.ts'
import { notDone, type StageResult } from '../../contracts/stage.ts'
import type { HeldFile } from './held-file.ts'
import type { HeldImage } from './held-image.ts'

export function passedContentOf(
  { descriptors, segments, changed }: HeldImage,
  job: PendingRead,
): HeldFile | StageResult {
  if (!job.onImage) return notDone('content-not-recorded', { code: 'no-place', params: {} })
  const { volume, place } = job.onImage
  const content = { kind: 'image', segments, volume, place, sizeBytes: Number(job.sizeBytes) } as const
  return {
    lent: { descriptors, content },
    release: async () => (changed().length > 0 ? notDone('changed-during-read') : null),
  }
}
