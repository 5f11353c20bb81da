/** Contents and digests of the volumes of an image, decrypted where a key opened them. */
import { createHash } from 'node:crypto'
import type { ContentPlace } from '../../contracts/content-place.ts'
import type { Medium, OpenImage, VolumeRange } from '../../contracts/image.ts'
import type { ImageVerification } from '../../contracts/image-exhibit.ts'
import type { UnlockedVolume } from '../../contracts/lock.ts'
import { contentOf } from '../image/content/content.ts'
import { finderOf } from '../image/handed-image.ts'
import { ImageVolumes } from './image-volumes.ts'

const READ_BYTES = 4 << 20

/** A content where it lies. Null: there is no such volume, or nothing of the content. */
export function contentIn(
  image: OpenImage,
  { volume, unlocked = [] }: { readonly volume: number; readonly unlocked?: readonly UnlockedVolume[] },
  place: ContentPlace,
  sizeBytes: number,
): Medium | null {
  const range = finderOf(image)(volume)
  if (range === undefined || place.kind === 'none') return null
  const bytes = new ImageVolumes(image.medium, unlocked)
  return contentOf(bytes.of({ ...range, number: volume }), place, sizeBytes)
}

/** SHA-256 of each volume that a key opened, decrypted. */
export function hashOpened(
  ranges: readonly VolumeRange[],
  bytes: ImageVolumes,
  moved: () => void,
): ImageVerification['opened'] {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  return ranges.flatMap((range) => {
    if (range.number === null || !bytes.isOpened(range)) return []
    const volume = bytes.of(range)
    const hash = createHash('sha256')
    for (let at = 0; at < volume.sizeBytes; at += READ_BYTES) {
      hash.update(buffer.subarray(0, volume.readInto(buffer, at)))
      moved()
    }
    return [{ volume: range.number, sha256: hash.digest('hex') }]
  })
}
