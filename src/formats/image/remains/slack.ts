/** The bytes in an entry's clusters behind the end of its content. */
import type { ByteRange, FileSystem, VolumeEntry } from '../../../contracts/image.ts'

/** Ranges of the volume, in the order of the entry's runs; of live files whose runs begin at clusters. */
export function slackOf(
  entry: VolumeEntry,
  { clusterBytes, cutsRuns }: Pick<FileSystem, 'clusterBytes' | 'cutsRuns'>,
): ByteRange[] {
  if (entry.status !== 'live' || entry.kind !== 'file' || entry.place.kind !== 'runs') return []
  const ranges: ByteRange[] = []
  let at = 0
  for (const { offset, length } of entry.place.runs) {
    const inside = Math.max(0, Math.min(length, entry.sizeBytes - at))
    if (offset !== null && length > inside) ranges.push({ offset: offset + inside, length: length - inside })
    at += length
  }
  const last = entry.place.runs.at(-1)
  if (!cutsRuns || ranges.length > 0 || !last || last.offset === null) return ranges
  // A content in an inode does not begin at a cluster, and has no slack of its own.
  const end = last.offset + last.length
  const rest = (clusterBytes - (end % clusterBytes)) % clusterBytes
  return last.offset % clusterBytes === 0 && rest > 0 ? [{ offset: end, length: rest }] : ranges
}
