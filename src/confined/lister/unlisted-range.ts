/**
 * Ranges of a medium that no reader lists: tables, gaps, and volumes that are encrypted, unknown, damaged or out of
 * scope.
 */
import type { Medium, OpenImage, VolumeRange } from '../../contracts/image.ts'
import type { ListedRange, RangeListing } from '../../contracts/image-exhibit.ts'
import type { StageResult } from '../../contracts/stage.ts'
import type { DamageLog } from '../../formats/image/content/damage-log.ts'
import { damagedBytes } from './damaged-bytes.ts'
import { isLiveFilesOnly } from './volume-content.ts'

/** The listing of a range that no reader lists: its damage, and the reason. */
export function leftUnlisted(
  image: OpenImage,
  known: DamageLog,
  range: VolumeRange,
  listed: StageResult,
): { readonly kind: 'range'; readonly listing: RangeListing } {
  const isCut = (range.beyondBytes ?? 0) > 0 && listed.result === 'done'
  const damage = damagedBytes(withDamage(image.medium, known).damageIn(range.offset, range.length))
  return {
    kind: 'range',
    listing: { range: unlisted(range, isCut ? listedOf(1) : listed), damage, samples: [] },
  }
}

/** Path step for the search of a whole unlisted volume; null: the volume is not searched. */
export function soughtAs({ content }: VolumeRange, opened: StageResult): 'unallocated' | 'unread' | null {
  if (opened.result === 'done') return content === 'empty' ? 'unallocated' : null
  const isUnread = 'reason' in opened && ['not-built', 'image-damaged'].includes(opened.reason)
  return isUnread && !isLiveFilesOnly(opened) ? 'unread' : null
}

export function withDamage(medium: Medium, known: DamageLog): Medium {
  const damageIn: Medium['damageIn'] = (offset, length) => [
    ...known.within(offset, length),
    ...medium.damageIn(offset, length),
  ]
  return {
    sizeBytes: medium.sizeBytes,
    readInto: (target, offset) => medium.readInto(target, offset),
    damageIn,
  }
}

export function unlisted(range: VolumeRange, listed: StageResult): ListedRange {
  const { soughtTo } = range
  const unsought = { code: 'lost-volumes-not-sought', record: soughtTo ?? null, detail: '' }
  return {
    range,
    fileSystem: null,
    listed,
    classes: null,
    problems: soughtTo === undefined ? [] : [unsought],
  }
}

/** Result of a listing. Every problem lost data: a record, a folder, the end of a chain. */
export function listedOf(problems: number): StageResult {
  return problems === 0
    ? { result: 'done' }
    : {
        result: 'not-done',
        reason: 'listed-in-part',
        detail: { code: 'structures-damaged', params: { problems } },
      }
}
