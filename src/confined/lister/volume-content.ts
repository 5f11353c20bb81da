/**
 * A volume with a file system without own reader, treated as one content. The archive library opens it in place, and
 * its files are members. The library finds only live files: no deleted files, no unallocated space, no slack.
 */
import { bareEntry } from '../../base/bare-entry.ts'
import { volumePath } from '../../base/evidence-path.ts'
import type { VolumeRange } from '../../contracts/image.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import type { StageResult } from '../../contracts/stage.ts'
import { priorityClassOf } from '../../media-types/priority-class.ts'

/** Tried on images: test/e2e/live-files-only.test.ts, docs/evidence/images.md. */
const OPENED_AS_CONTENT = new Set(['iso9660', 'udf', 'squashfs', 'android-backup'])
/** Name of the content. It cannot collide, because all files of the volume are members of this content. */
const NAME = '$Volume'

export function isOpenedAsContent({ content, number, length }: VolumeRange): boolean {
  return number !== null && length > 0 && OPENED_AS_CONTENT.has(content)
}

/** Never complete: only live files were searched. */
export function liveFilesOnly({ content }: VolumeRange): StageResult {
  return {
    result: 'not-done',
    reason: 'listed-in-part',
    detail: { code: 'live-files-only', params: { format: content } },
  }
}

export function isLiveFilesOnly(listed: StageResult): boolean {
  return 'detail' in listed && listed.detail?.code === 'live-files-only'
}

export function volumeContent({ offset, length }: VolumeRange, number: number): WalkedEntry {
  const size = BigInt(length)
  return {
    entry: bareEntry({
      path: volumePath(number, Buffer.from(NAME)),
      kind: 'file',
      sizeBytes: size,
      band: priorityClassOf(NAME, size),
      onImage: {
        volume: number,
        status: 'live',
        basis: null,
        record: offset,
        sequence: null,
        place: { kind: 'runs', runs: [{ offset: 0, length }], validBytes: length },
        nameTimes: null,
        notes: ['live-files-only'],
      },
    }),
    read: null,
  }
}
