/** The file system of a volume, or the reason why the volume is not listed. */
import type { FileSystem, Medium, OpenImage, VolumeRange } from '../../contracts/image.ts'
import { notDone, outOfScope, type StageResult } from '../../contracts/stage.ts'
import { NotThisFileSystem } from '../../formats/image/filesystem/common/not-this-file-system.ts'
import { BY_COPIES, FILE_SYSTEMS } from '../../formats/image/filesystem/index.ts'
import { isOpenedAsContent, liveFilesOnly } from './volume-content.ts'

/** Null: the volume is to be opened. @param range with the content of the opened volume, where a key opened it */
export function leftOut(
  range: VolumeRange,
  number: number,
  volumes: readonly number[] | null,
  passOver: readonly number[],
): StageResult | null {
  if (volumes !== null && !volumes.includes(number)) return outOfScope('scope-volume')
  if (passOver.includes(number)) return notDone('listing-crashed')
  if (ENCRYPTED.has(range.content)) return said('encrypted', range.content)
  if (range.content === 'empty') return { result: 'done' }
  if (range.content === 'not-readable') return notDone('image-damaged')
  return null
}

export function openFileSystem(
  { logical }: OpenImage,
  range: VolumeRange,
  volume: Medium,
): FileSystem | StageResult {
  if (logical !== null) return logical
  const asked = range.content === 'unknown' ? [...FILE_SYSTEMS, ...BY_COPIES] : FILE_SYSTEMS
  const format = asked.find(({ recognises }) => recognises(volume))
  if (format === undefined)
    return isOpenedAsContent(range) ? liveFilesOnly(range) : said('not-built', range.content)
  try {
    return format.open(volume)
  } catch (error) {
    if (!(error instanceof NotThisFileSystem)) throw error
    return {
      result: 'not-done',
      reason: 'image-damaged',
      detail: { code: 'file-system-says', params: { text: error.message } },
    }
  }
}

export function said(reason: 'encrypted' | 'not-built', format: string): StageResult {
  return { result: 'not-done', reason, detail: { code: 'volume-holds', params: { format } } }
}

const ENCRYPTED = new Set(['bitlocker', 'luks', 'filevault', 'possibly-encrypted', 'veracrypt'])
