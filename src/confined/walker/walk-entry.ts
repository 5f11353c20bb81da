/** Kind of an entry in a walk, and the results for entries that are not read. */
import { type BigIntStats, constants, readlinkSync } from 'node:fs'
import { bareEntry } from '../../base/bare-entry.ts'
import { type ByteString, bytesOf } from '../../base/byte-string.ts'
import { errnoOf } from '../../base/errno.ts'
import { filePath } from '../../base/evidence-path.ts'
import type { Entry, EntryKind } from '../../contracts/entry.ts'
import type { ReasonCode } from '../../contracts/reason.ts'
import { notApplicable, notDone, type StageResult } from '../../contracts/stage.ts'

export function readTarget(at: Buffer): { target: Buffer | null; read: StageResult } {
  try {
    return { target: readlinkSync(at, { encoding: 'buffer' }), read: SYMLINK }
  } catch (error) {
    const params = { errno: errnoOf(error) }
    return { target: null, read: notApplicable('symlink', { code: 'link-target-unreadable', params }) }
  }
}

/** Result for a path that the walk had to skip. */
export function passedOver({ crashed }: { readonly crashed?: boolean }): StageResult {
  return crashed
    ? notDone('walk-crashed', { code: 'walk-ended-here', params: {} })
    : notDone('read-stalled', { code: 'walk-silent-here', params: {} })
}

const SYMLINK: StageResult = notApplicable('symlink')
export const SPECIAL_FILE: StageResult = notApplicable('special-file')

export function lstatReason(error: unknown): ReasonCode {
  switch (errnoOf(error)) {
    case 'ENOENT':
    case 'ESTALE':
      return 'vanished'
    case 'EACCES':
    case 'EPERM':
      return 'permission-denied'
    // The kernel itself refuses to look up a directory that would be its own ancestor.
    case 'ELOOP':
      return 'directory-loop'
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOMEM':
      return 'machine-short'
    default:
      return 'io-error'
  }
}

export function kindOf(stats: BigIntStats): EntryKind {
  return KINDS[Number(stats.mode) & constants.S_IFMT] ?? 'unknown'
}

const KINDS: Readonly<Record<number, EntryKind>> = {
  [constants.S_IFREG]: 'file',
  [constants.S_IFDIR]: 'directory',
  [constants.S_IFLNK]: 'symlink',
  [constants.S_IFIFO]: 'fifo',
  [constants.S_IFSOCK]: 'socket',
  [constants.S_IFBLK]: 'block-device',
  [constants.S_IFCHR]: 'character-device',
}

/** Entry for a listed name without readable metadata. */
export function unknownEntry(path: ByteString): Entry {
  return bareEntry({ path: filePath(bytesOf(path)), kind: 'unknown', sizeBytes: 0n, band: 0 })
}
