/** The bytes in an entry's clusters behind the end of its content. */
import type { ByteRange, VolumeEntry } from '../../../contracts/image.ts'

/** Ranges of the volume, in the order of the entry's runs; of live files with runs that cover whole clusters. */
export function slackOf(entry: VolumeEntry): ByteRange[] {
  if (entry.status !== 'live' || entry.kind !== 'file' || entry.place.kind !== 'runs') return []
  const ranges: ByteRange[] = []
  let at = 0
  for (const { offset, length } of entry.place.runs) {
    const inside = Math.max(0, Math.min(length, entry.sizeBytes - at))
    if (offset !== null && length > inside) ranges.push({ offset: offset + inside, length: length - inside })
    at += length
  }
  return ranges
}
