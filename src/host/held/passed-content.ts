/** A content of an image that a child reads in place: the child inherits the segments, as a reader does. */
import type { PendingRead } from '../../contracts/ledger.ts'
import { notDone, type StageResult } from '../../contracts/stage.ts'
import type { HeldFile } from './held-file.ts'
import type { HeldImage } from './held-image.ts'
import { openedVolumes } from './opened-volumes.ts'

export function passedContentOf(image: HeldImage, job: PendingRead): HeldFile | StageResult {
  const { descriptors, segments, changed } = image
  if (!job.onImage) return notDone('content-not-recorded', { code: 'no-place', params: {} })
  const { volume, place } = job.onImage
  const unlocked = openedVolumes(image).filter((one) => one.volume === volume)
  const sizeBytes = Number(job.sizeBytes)
  const content = { kind: 'image', segments, volume, place, sizeBytes, unlocked } as const
  return {
    lent: { descriptors, content },
    release: async () => (changed().length > 0 ? notDone('changed-during-read') : null),
  }
}
