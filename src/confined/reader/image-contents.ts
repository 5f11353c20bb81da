/** Reads contents of an image in a reader process: whole and undamaged, or not at all. */

import type { ContentPlace } from '../../contracts/content-place.ts'
import type { ByteRange, Medium } from '../../contracts/image.ts'
import type { SegmentFile } from '../../contracts/image-exhibit.ts'
import type { UnlockedVolume } from '../../contracts/lock.ts'
import { contentOf } from '../../formats/image/content/content.ts'
import { ContentSealed } from '../../formats/image/content/sealed.ts'
import { finderOf, openHandedImage } from '../../formats/image/handed-image.ts'
import { ImageVolumes } from '../../formats/locked/image-volumes.ts'
import { HANDED_FD } from '../../process/heartbeat.ts'
import type { ContentSource, Sink } from '../../wire/content-source.ts'
import { NotRead } from '../../wire/not-read.ts'
import type { JobTuple } from '../../wire/reader-protocol.ts'

const KEPT_VOLUMES = 64

export class ImageContents implements ContentSource {
  /** Reading changes nothing in an image. */
  readonly atimeTouched = false
  readonly #bytes: ImageVolumes
  readonly #find: (volume: number) => ByteRange | undefined
  readonly #volumes = new Map<number, Medium>()

  /** @throws ImageRefused */
  constructor(segments: readonly SegmentFile[], unlocked: readonly UnlockedVolume[]) {
    const { image } = openHandedImage(segments, HANDED_FD)
    this.#bytes = new ImageVolumes(image.medium, unlocked)
    this.#find = finderOf(image)
  }

  readWhole(job: JobTuple, buffer: Buffer, sink: Sink): number {
    const [content, sizeBytes] = this.#open(job)
    for (let offset = 0; offset < sizeBytes; offset += buffer.length) {
      const chunk = buffer.subarray(0, Math.min(buffer.length, sizeBytes - offset))
      content.readInto(chunk, offset)
      sink(chunk, offset)
    }
    return expectUndamaged(content, sizeBytes)
  }

  readInto(job: JobTuple, place: Buffer): number {
    const [content, sizeBytes] = this.#open(job)
    content.readInto(place.subarray(0, sizeBytes), 0)
    return expectUndamaged(content, sizeBytes)
  }

  #open([, sizeBytes, , , lies]: JobTuple): readonly [Medium, number] {
    const place: ContentPlace = lies?.place ?? { kind: 'none', reason: 'not-recorded', detail: '' }
    if (lies === undefined || place.kind === 'none')
      throw new NotRead('content-not-recorded', { code: 'no-place', params: {} })
    try {
      return [contentOf(this.#volume(lies.volume), place, sizeBytes), sizeBytes]
    } catch (error) {
      if (error instanceof ContentSealed) throw new NotRead('encrypted', null)
      throw error
    }
  }

  #volume(number: number): Medium {
    const kept = this.#volumes.get(number)
    if (kept) return kept
    const range = this.#find(number)
    if (range === undefined) throw new NotRead('content-not-recorded', { code: 'no-place', params: {} })
    const volume = this.#bytes.of({ ...range, number })
    if (this.#volumes.size < KEPT_VOLUMES) this.#volumes.set(number, volume)
    return volume
  }
}

function expectUndamaged(content: Medium, sizeBytes: number): number {
  const [first, ...others] = content.damageIn(0, sizeBytes)
  if (first === undefined) return sizeBytes
  const { kind, cause, offset, length } = first
  throw new NotRead(
    kind === 'damaged' ? 'image-damaged' : 'unreadable-at-acquisition',
    { code: 'image-damage', params: { cause, offset, bytes: length, more: others.length } },
    offset,
  )
}
