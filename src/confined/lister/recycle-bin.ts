/**
 * Original names of deleted files: a `$I` file of a Windows recycle bin contains the original path and the deletion
 * time of its `$R` file.
 *
 * Either file may come first, so entries of a recycle bin are held back until the end of the volume, within a memory
 * limit.
 */
import type { OriginalPath } from '../../contracts/content-place.ts'
import type { Medium, VolumeEntry } from '../../contracts/image.ts'
import { contentOf } from '../../formats/image/content/content.ts'
import {
  belowIt,
  type InBin,
  inBin,
  RECYCLE_RECORD_BYTES,
  recycleRecord,
} from '../../formats/stores/recycle-record.ts'

const MOST_HELD = 50_000

export function* withThrownAwayNames(
  entries: Iterable<VolumeEntry>,
  volume: Medium,
): Generator<VolumeEntry, void, undefined> {
  const held: { readonly entry: VolumeEntry; readonly bin: InBin }[] = []
  const names = new Map<string, OriginalPath>()
  for (const entry of entries) {
    const bin = inBin(entry.path)
    if (bin?.letter === 'I' && entry.stream === null) {
      const name = nameIn(entry, volume)
      // Live files come first and take precedence over deleted ones.
      if (name !== null && !names.has(bin.key)) names.set(bin.key, name)
    }
    if (bin?.letter === 'R' && held.length < MOST_HELD) held.push({ entry, bin })
    else yield entry
  }
  for (const { entry, bin } of held) {
    const name = names.get(bin.key)
    yield name === undefined ? entry : { ...entry, originalPath: belowIt(name, bin.below) }
  }
}

function nameIn({ place, sizeBytes }: VolumeEntry, volume: Medium): OriginalPath | null {
  if (place.kind === 'none' || sizeBytes > RECYCLE_RECORD_BYTES.most) return null
  const bytes = Buffer.alloc(sizeBytes)
  contentOf(volume, place, sizeBytes).readInto(bytes, 0)
  return recycleRecord(bytes)
}
