/**
 * Reads small files with facts about files in their folder, during a walk. No link is followed, no access time changes.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { errnoOf } from '../base/errno.ts'

const OPEN = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
const PIECE_BYTES = 8 << 20

/**
 * @param isReadOnly the mount is read-only: reading changes no access time
 * @param moved called between pieces
 * @returns the whole file; null: missing, no file, too large, or unreadable without a trace. Its own entry has the
 *   result.
 */
export function readCompanion(
  at: Buffer,
  isReadOnly: boolean,
  mostBytes: number,
  moved: () => void = () => {},
): Buffer | null {
  let fd: number | null = null
  try {
    fd = openQuietly(at, isReadOnly)
    const stats = fstatSync(fd)
    if (!stats.isFile() || stats.size > mostBytes) return null
    const bytes = Buffer.alloc(stats.size)
    let got = 0
    while (got < bytes.length) {
      const read = readSync(fd, bytes, got, Math.min(PIECE_BYTES, bytes.length - got), got)
      if (read === 0) break
      got += read
      moved()
    }
    return bytes.subarray(0, got)
  } catch (error) {
    // Rethrows an error that is no answer of a file system.
    errnoOf(error)
    return null
  } finally {
    if (fd !== null) closeSync(fd)
  }
}

function openQuietly(at: Buffer, isReadOnly: boolean): number {
  try {
    return openSync(at, OPEN | constants.O_NOATIME)
  } catch (error) {
    if (errnoOf(error) !== 'EPERM' || !isReadOnly) throw error
    return openSync(at, OPEN)
  }
}
